// What firewalls cost: 1,000 tunnels on one hub whose forward chain has 2,000 rules, and a chain of 5,000 rules between two gateways,
// which lets all else pass, or only these ports.
// Whole process, result to a pipe: `natplan verify` on configurations that `natplan generate` wrote, with the firewall behind.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rounds = Number(process.argv[2] ?? 3)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

function gateway(address) {
  return { platform: 'vyos-1.4', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } }
}

function star(spokes) {
  const names = Array.from({ length: spokes }, (_, index) => `spoke${index}`)
  const hub = { subnets: ['10.9.0.0/24'], gateway: gateway('192.0.2.1') }
  const spoke = (index) => ({
    subnets: ['10.0.0.0/24'],
    gateway: gateway(`198.51.${100 + (index >> 8)}.${index & 255}`),
  })
  return {
    version: 1,
    pools: ['172.16.0.0/12'],
    sites: { hub, ...Object.fromEntries(names.map((name, index) => [name, spoke(index)])) },
    tunnels: names.map((name) => ({ sites: ['hub', name] })),
  }
}

function generate(spokes) {
  const network = star(spokes)
  const plan = join(folder, `${spokes}.json`)
  const output = join(folder, `${spokes}`)
  writeFileSync(plan, JSON.stringify(network))
  const generated = spawnSync(process.execPath, [command, 'generate', plan, '-o', output], { encoding: 'utf8' })
  if (generated.status !== 0) throw new Error(generated.stderr)
  return Object.keys(network.sites).map((site) => `${site}=${join(output, site, 'configure.txt')}`)
}

const chain = 'set firewall ipv4 forward filter'

/** Rules for peers one by one: established first, then what comes from each of them, in both directions. */
function rulesForPeers(count) {
  const rules = Array.from({ length: count }, (_, index) => {
    const number = 100 + index
    const peer = `172.${16 + (index >> 9)}.${(index >> 1) & 255}.0/24`
    const [side, other] = index % 2 === 0 ? ['source', 'destination'] : ['destination', 'source']
    return [
      `${chain} rule ${number} action accept`,
      `${chain} rule ${number} ${side} address ${peer}`,
      `${chain} rule ${number} ${other} address 10.9.0.0/24`,
    ].join('\n')
  })
  return [
    `${chain} default-action drop`,
    `${chain} rule 1 action accept`,
    `${chain} rule 1 state established`,
    ...rules,
    '',
  ].join('\n')
}

/** A port each, behind what is established; what becomes of the rest is said at the end. */
function rulesForPorts(count, rest) {
  const rules = Array.from({ length: count }, (_, index) =>
    [
      `${chain} rule ${100 + index} action accept`,
      `${chain} rule ${100 + index} protocol tcp`,
      `${chain} rule ${100 + index} destination port ${1000 + index * 2}`,
    ].join('\n'),
  )
  return [
    `${chain} default-action ${rest}`,
    `${chain} rule 1 action accept`,
    `${chain} rule 1 state established`,
    `${chain} rule 2 action drop`,
    `${chain} rule 2 source address 203.0.113.0/24`,
    ...rules,
    '',
  ].join('\n')
}

function measure(args) {
  const time = spawnSync('/usr/bin/time', ['-f', '%e %M', process.execPath, command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  if (time.error || time.status === null || !time.stdout.includes('proven'))
    throw new Error(`/usr/bin/time is needed (Debian package time): ${time.stderr}`)
  const [seconds, kilobytes] = time.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { seconds, megabytes: kilobytes / 1024, isProven: !time.stdout.includes('not proven') }
}

function row(what, goal, args) {
  const runs = Array.from({ length: rounds }, () => measure(args))
  const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
  const seconds = middle(runs.map((run) => run.seconds))
  const megabytes = middle(runs.map((run) => run.megabytes))
  const proven = runs.every(({ isProven }) => isProven) ? 'proven' : 'not proven'
  console.log(
    `${what.padEnd(44)}  ${seconds.toFixed(2).padStart(8)}  ${`${goal} s`.padStart(5)}  ${megabytes.toFixed(0).padStart(8)}  ${proven}`,
  )
}

try {
  console.log(`${'what'.padEnd(44)}   seconds   goal   peak MB   (medians of ${rounds})`)
  const hub = generate(1_000)
  appendFileSync(join(folder, '1000', 'hub', 'configure.txt'), rulesForPeers(2_000))
  row('1,000 tunnels, 2,000 rules at the hub', 6, ['verify', ...hub])
  for (const rest of ['accept', 'drop']) {
    const pair = generate(1)
    appendFileSync(join(folder, '1', 'hub', 'configure.txt'), rulesForPorts(5_000, rest))
    row(`1 tunnel, 5,000 rules for ports, the rest: ${rest}`, 10, ['verify', ...pair])
    rmSync(join(folder, '1'), { recursive: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
