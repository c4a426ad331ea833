// What the report of 400 sites costs: a hub and 399 spokes, all spokes with the same /24. Whole processes, in turn: nothing, verifying the plan,
// the report, and all that is generated. Medians of the rounds; the ratio is of CPU time in user mode, which a busy machine changes least.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'
import { median, timed } from './timed.mjs'
import { star } from './verified.mjs'

const rounds = Number(process.argv[2] ?? 3)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))
const plan = join(folder, 'natplan.json')
const page = join(folder, 'report.html')

const rows = {
  'node -e 0': ['-e', '0'],
  'natplan verify': [command, 'verify', '-f', plan],
  'natplan report': [command, 'report', plan, '-o', page],
  'natplan generate': [command, 'generate', plan, '-o', join(folder, 'out')],
}

try {
  writeFileSync(plan, JSON.stringify(star(399, ['10.9.0.0/24'])))
  const runs = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(rows)) runs[name].push(timed(args))
  }
  const of = (name, value) => median(runs[name].map((run) => run[value]))
  console.log(
    `what               seconds      CPU    ratio  peak MB   (medians of ${rounds}; goal of the report: 3 s, 5 MB)`,
  )
  for (const name of Object.keys(rows)) {
    const cells = [of(name, 'seconds').toFixed(2), of(name, 'cpu').toFixed(2)]
    const ratio = `${(of(name, 'cpu') / Math.max(of('node -e 0', 'cpu'), 0.01)).toFixed(0)} x`
    const shown = [...cells, ratio, of(name, 'megabytes').toFixed(0)].map((cell) => cell.padStart(8))
    console.log(`${name.padEnd(17)} ${shown.join(' ')}`)
  }
  const size = statSync(page).size / 1e6
  console.log(`the report has ${size.toFixed(2)} MB`)
  told('report', of('natplan report', 'seconds'))
  told('reportSize', size)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
