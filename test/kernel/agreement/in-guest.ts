import { readFileSync, writeSync } from 'node:fs'
import type { RoundOptions } from './rounds.ts'
import { runRounds } from './run-rounds.ts'

// What a guest runs: its standard output is the serial port that the test reads.
const say = (line: string) => writeSync(1, `${line}\n`)
const options = JSON.parse(readFileSync('/natplan/input', 'utf8')) as RoundOptions
runRounds('agreement', options, (result) => say(JSON.stringify(result)))
  .then(
    () => say('end'),
    (error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`),
  )
  .finally(() => process.exit())
