// How long the command takes to start, whole process, against `node -e 0` in the same run.
// The figure that counts is the ratio of medians; single times differ from machine to machine.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { goals, told } from './goals.mjs'
import { median } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 25)
const root = fileURLToPath(new URL('..', import.meta.url))
const command = `${root}packages/cli/dist/natplan.cjs`
const example = `${root}examples/acceptance/natplan.yaml`
const rows = {
  'node -e 0': { args: ['-e', '0'] },
  'natplan --version': { args: [command, '--version'] },
  'natplan --help': { args: [command, '--help'], name: 'help' },
  'natplan plan': { args: [command, 'plan', example], name: 'plan' },
  'natplan vyatta': { args: [command, 'vyatta', example], name: 'vyatta' },
  'natplan verify': { args: [command, 'verify', '-f', example], name: 'verify' },
}

function milliseconds(args) {
  const start = process.hrtime.bigint()
  const { status } = spawnSync(process.execPath, args)
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
for (const { args } of Object.values(rows)) milliseconds(args)
for (let round = 0; round < rounds; round++) {
  for (const [name, { args }] of Object.entries(rows)) times[name].push(milliseconds(args))
}
const base = median(times['node -e 0'])
console.log(`${rounds} rounds in turn, medians, Node.js ${process.version}`)
for (const [name, row] of Object.entries(rows)) {
  const time = median(times[name])
  const { must, goal } = goals[row.name] ?? {}
  const limits = must ? `  must ${must}, goal ${goal}` : ''
  if (row.name) told(row.name, time / base)
  console.log(`${name.padEnd(20)} ${time.toFixed(1).padStart(7)} ms  ${(time / base).toFixed(2)} x${limits}`)
}
