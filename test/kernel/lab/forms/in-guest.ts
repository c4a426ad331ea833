import { writeSync } from 'node:fs'
import { runForms } from './forms.ts'

// What a guest runs: its standard output is the serial port that the test reads.
const say = (line: string) => writeSync(1, `${line}\n`)
runForms('form', (result) => say(JSON.stringify(result))).then(() => {
  say('end')
  process.exit()
})
