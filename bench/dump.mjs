// Reading a configuration of 200,000 lines: the text of a hub, which `natplan verify` reads with those of two spokes that it has tunnels with, against the same
// with a hub of a tenth. The difference is what the lines cost; the whole process counts for the goal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 5)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

/** What the import reads of a router with that many static routes, as `show configuration commands` prints them. */
function dump(lines) {
  const routes = Array.from({ length: lines - 4 }, (_, index) => {
    return `set protocols static route 10.${(index >> 15) & 127}.${(index >> 7) & 255}.${(index & 127) * 2}/31 next-hop 10.255.0.1`
  })
  return [
    "set interfaces ethernet eth0 address '10.255.0.2/24'",
    "set interfaces ethernet eth1 address '192.0.2.1/24'",
    "set protocols static route 0.0.0.0/0 next-hop '192.0.2.254'",
    "set system host-name 'hub'",
    ...routes,
    '',
  ].join('\n')
}

try {
  const rows = [20_000, 200_000].map((lines) => {
    const file = join(folder, `${lines}.txt`)
    writeFileSync(file, dump(lines))
    const runs = Array.from({ length: rounds }, () => timed([command, 'overlaps', file, '--summary'], { good: [0, 1] }))
    return {
      lines,
      seconds: median(runs.map((run) => run.seconds)),
      megabytes: median(runs.map((run) => run.megabytes)),
    }
  })
  console.log(`  lines  seconds  peak MB   (medians of ${rounds}; goal at 200,000: 0.4 s)`)
  for (const { lines, seconds, megabytes } of rows) {
    console.log(`${String(lines).padStart(7)} ${seconds.toFixed(2).padStart(8)} ${megabytes.toFixed(0).padStart(8)}`)
  }
  told('dump', rows[1].seconds)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
