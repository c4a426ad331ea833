// Reading a configuration of 20,000 and of 200,000 lines, most of them static routes: `natplan verify` says what it finds in it. Whole processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 1)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

/** A router with that many static routes, as `show configuration commands` prints them. */
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
    const runs = Array.from({ length: rounds }, () => timed([command, 'verify', `hub=${file}`], { good: [0, 3] }))
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
