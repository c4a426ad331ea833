import { writeSync } from 'node:fs'
import { runSteps } from './steps.ts'

// What a guest runs: its standard output is the serial port that the test reads.
const bench = { command: '/natplan/natplan.cjs', planFile: '/natplan/natplan.yaml', name: 'acceptance' }
const say = (line: string) => writeSync(1, `${line}\n`)
runSteps(bench, (result) => say(JSON.stringify(result))).then(() => {
  say('end')
  process.exit()
})
