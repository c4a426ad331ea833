// Reading a configuration of 20,000 and of 200,000 lines, most of them static routes: `natplan verify` says what it finds in it. Whole processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'
import { routerWithRoutes } from './router.mjs'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 1)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

try {
  const rows = [20_000, 200_000].map((lines) => {
    const file = join(folder, `${lines}.txt`)
    writeFileSync(file, routerWithRoutes(lines - 4))
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
