// Runs all that measures a goal, one after the other, and prints the table of goals with the machine that it was measured on:
// node bench/all.mjs [NAME...], where a name is one of the files here. Missing in the table is what was not
// measured: by a machine without Go, g++, Chromium or root, or by any file yet.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goals } from './goals.mjs'

const known = ['start-up', 'plan-scale', 'verify', 'report', 'page', 'dump', 'bulk', 'agent-cost']
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: known are ${known.join(', ')}`)

const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))
const file = join(folder, 'rows')
try {
  for (const name of asked.length > 0 ? asked : known) {
    console.log(`\n== ${name}`)
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url))], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NATPLAN_BENCH_ROWS: file },
    })
    if (status !== 0) console.log(`${name} ended with status ${status}: its rows are missing`)
  }
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const values = new Map(lines.map((line) => JSON.parse(line)).map(({ name, value }) => [name, value]))
  print(values)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function print(values) {
  const [processor] = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  console.log(
    `\n${cpus().length} x ${processor?.model.trim()}, ${memory} GiB, Node.js ${process.version}, load ${loadavg()[0].toFixed(1)}`,
  )
  console.log(`${'work'.padEnd(60)}${'measured'.padStart(10)}${'must'.padStart(8)}${'goal'.padStart(8)}`)
  for (const [name, { work, unit, must, goal, isMoreBetter = false }] of Object.entries(goals)) {
    const value = values.get(name)
    const reaches = (bound) => (isMoreBetter ? value >= bound : value <= bound)
    const outcome = value === undefined ? '' : reaches(goal) ? 'goal' : reaches(must) ? 'must' : 'not yet'
    const shown = value === undefined ? 'missing' : `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`
    console.log(
      `${work.padEnd(60)}${shown.padStart(10)}${String(must).padStart(8)}${String(goal).padStart(8)}  ${outcome}`,
    )
  }
}
