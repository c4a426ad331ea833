// How planning grows: 100, 1,000 and 10,000 spokes around one hub, 10 subnets each, all spokes with the same /24.
// Whole process (`natplan plan` on a JSON plan file, result to a pipe): wall time and peak memory, medians of the rounds; 100,000 spokes once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 3)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

/** The default ones and what is left of 10.0.0.0/8: a million /28 are most of private space. */
const pools = ['192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10', '10.0.0.0/8']

function star(spokes) {
  const subnets = Array.from({ length: 10 }, (_, index) => `10.0.0.${index * 16}/28`)
  const names = Array.from({ length: spokes }, (_, index) => `spoke${index}`)
  const hub = { subnets: Array.from({ length: 10 }, (_, index) => `10.9.${index}.0/24`) }
  return {
    version: 1,
    pools,
    sites: { hub, ...Object.fromEntries(names.map((name) => [name, { subnets }])) },
    tunnels: names.map((name) => ({ sites: ['hub', name] })),
  }
}

try {
  console.log(
    `spokes  subnets  seconds  growth  peak MB   (medians of ${rounds}; goal at 10,000: 2 s, 400 MB, growth 13)`,
  )
  let before
  for (const spokes of [100, 1_000, 10_000, 100_000]) {
    const file = join(folder, `${spokes}.json`)
    writeFileSync(file, JSON.stringify(star(spokes)))
    const runs = Array.from({ length: spokes === 100_000 ? 1 : rounds }, () => timed([command, 'plan', file]))
    const seconds = median(runs.map((run) => run.seconds))
    const megabytes = median(runs.map((run) => run.megabytes))
    const growth = before ? (seconds / before).toFixed(1) : '-'
    const cells = [String(spokes).padStart(6), String(spokes * 10).padStart(8), seconds.toFixed(2).padStart(8)]
    console.log(`${cells.join(' ')} ${growth.padStart(7)} ${megabytes.toFixed(0).padStart(8)}`)
    before = seconds
    const [time, memory] = { 10000: ['planSpokes', 'planMemory'], 100000: ['planMost', 'planMostMemory'] }[spokes] ?? []
    if (time) told(time, seconds)
    if (memory) told(memory, megabytes)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
