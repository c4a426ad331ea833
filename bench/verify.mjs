// How verification grows: 100, 300 and 1,000 spokes around one hub, two subnets at the hub, all spokes with the same /24.
// Whole process, result to a pipe: `natplan verify` on the plan, and on what `natplan generate` wrote. Medians of the rounds.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  const hub = { subnets: ['10.9.0.0/24', '10.9.1.0/24'], gateway: gateway('192.0.2.1') }
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

function measure(args) {
  const time = spawnSync('/usr/bin/time', ['-f', '%e %M', process.execPath, command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  if (time.error || time.status !== 0) throw new Error(`/usr/bin/time is needed (Debian package time): ${time.stderr}`)
  if (time.stdout.includes('not proven')) throw new Error('something is not proven')
  const [seconds, kilobytes] = time.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { seconds, megabytes: kilobytes / 1024 }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function row(spokes, what, args, before) {
  const runs = Array.from({ length: rounds }, () => measure(args))
  const seconds = median(runs.map((run) => run.seconds))
  const megabytes = median(runs.map((run) => run.megabytes))
  const growth = before ? (seconds / before).toFixed(1) : '-'
  const cells = [String(spokes).padStart(6), what.padEnd(15), seconds.toFixed(2).padStart(8), growth.padStart(7)]
  console.log(`${cells.join('  ')}  ${megabytes.toFixed(0).padStart(8)}`)
  return seconds
}

try {
  console.log(`spokes  what             seconds   growth   peak MB   (medians of ${rounds}; goal at 1,000: 4 s)`)
  let before = {}
  for (const spokes of [100, 300, 1_000]) {
    const plan = join(folder, `${spokes}.json`)
    const output = join(folder, `${spokes}`)
    const network = star(spokes)
    writeFileSync(plan, JSON.stringify(network))
    const generated = spawnSync(process.execPath, [command, 'generate', plan, '-o', output], { encoding: 'utf8' })
    if (generated.status !== 0) throw new Error(generated.stderr)
    const files = Object.keys(network.sites).map((site) => `${site}=${join(output, site, 'configure.txt')}`)
    before = {
      plan: row(spokes, 'plan', ['verify', '-f', plan], before.plan),
      files: row(spokes, 'configurations', ['verify', ...files], before.files),
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
