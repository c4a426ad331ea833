// What firewalls cost: 1,000 tunnels on one hub whose forward chain has 2,000 rules, and a chain of 5,000 rules between two gateways,
// which lets all else pass, or only these ports.
// Whole process, result to a pipe: `natplan verify` on configurations that `natplan generate` wrote, with the firewall behind.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateStar, medianOf } from './verified.mjs'

const rounds = Number(process.argv[2] ?? 3)
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

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

function row(what, goal, args) {
  const { seconds, megabytes, isProven } = medianOf(rounds, args)
  const cells = [what.padEnd(50), seconds.toFixed(2).padStart(8), `${goal} s`.padStart(5)]
  console.log(`${cells.join('  ')}  ${megabytes.toFixed(0).padStart(8)}  ${isProven ? 'proven' : 'not proven'}`)
}

try {
  console.log(`${'what'.padEnd(50)}   seconds   goal   peak MB   (medians of ${rounds})`)
  const subnets = ['10.9.0.0/24']
  const { files, hub } = generateStar(folder, 1_000, subnets)
  appendFileSync(hub, rulesForPeers(2_000))
  row('1,000 tunnels, 2,000 rules at the hub', 6, ['verify', ...files])
  for (const rest of ['accept', 'drop']) {
    const pair = generateStar(folder, 1, subnets)
    appendFileSync(pair.hub, rulesForPorts(5_000, rest))
    row(`1 tunnel, 5,000 rules for ports, the rest: ${rest}`, 10, ['verify', ...pair.files])
    rmSync(join(folder, '1'), { recursive: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
