// Reading configurations of 20,000 and of 200,000 lines, in whole processes: static routes as a device that `natplan verify` then says something of,
// and by the library alone; rules and groups by the library.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { told } from './goals.mjs'
import { groupsAndRules, routerWithRoutes } from './router.mjs'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 1)
const here = fileURLToPath(new URL('.', import.meta.url))
const command = join(here, '../packages/cli/dist/natplan.cjs')
const reader = join(here, 'dist', 'read-text.cjs')
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

const work = {
  'verify of routes': {
    text: (lines) => routerWithRoutes(lines - 4),
    args: (file) => [command, 'verify', `hub=${file}`],
  },
  'routes read': { text: (lines) => routerWithRoutes(lines - 4), args: (file) => [reader, 'vyos-1.4', file] },
  'rules and groups read': { text: groupsAndRules, args: (file) => [reader, 'vyos-1.4', file] },
}

try {
  mkdirSync(join(here, 'dist'), { recursive: true })
  await build({
    entryPoints: [join(here, 'read-text.ts')],
    outfile: reader,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  })
  console.log(`work                      lines  seconds  peak MB   (medians of ${rounds}; goal at 200,000: 0.4 s)`)
  const seconds = {}
  for (const [name, { text, args }] of Object.entries(work)) {
    for (const lines of [20_000, 200_000]) {
      const file = join(folder, `${lines}.txt`)
      writeFileSync(file, text(lines))
      const runs = Array.from({ length: rounds }, () => timed(args(file), { good: [0, 3] }))
      const megabytes = median(runs.map((run) => run.megabytes))
      seconds[name] = median(runs.map((run) => run.seconds))
      const cells = [name.padEnd(22), String(lines).padStart(8), seconds[name].toFixed(2).padStart(8)]
      console.log(`${cells.join(' ')} ${megabytes.toFixed(0).padStart(8)}`)
    }
  }
  told('dump', seconds['verify of routes'])
  told('dumpRead', Math.max(seconds['routes read'], seconds['rules and groups read']))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
