import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inputOf } from './inputs.ts'
import { textsOf } from './texts.ts'
import { problemsOf } from './try.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    only: { type: 'boolean', default: false },
  },
})
const texts = textsOf(process.cwd())
const folder = join(tmpdir(), `natplan-fuzz-${process.pid}`)
const say = (text: string) => process.stdout.write(`${text}\n`)
const first = Number(values.seed)
const end = Date.now() + Number(values.minutes) * 60_000
say(`seeds from ${first}; an input that does not end is in ${folder}`)

let slowest = 0
let wrong = 0
let seed = first
do {
  const input = inputOf(seed, texts)
  const start = performance.now()
  const problems = await problemsOf(input, folder)
  const took = performance.now() - start
  if (took > slowest) {
    slowest = took
    say(`seed ${seed} took ${Math.round(took)} ms: natplan ${input.args.join(' ')}`)
  }
  for (const problem of problems) say(`\nseed ${seed}: natplan ${input.args.join(' ')}\n${problem}`)
  if (problems.length > 0) wrong++
  seed++
} while (!values.only && Date.now() < end)
say(`${seed - first} inputs, ${wrong} wrong`)
process.exitCode = wrong > 0 ? 1 : 0
