import { readFileSync, writeSync } from 'node:fs'
import { type FormGroup, runForms } from './forms.ts'

// What a guest runs: its standard output is the serial port that the test reads.
const say = (line: string) => writeSync(1, `${line}\n`)
const group = readFileSync('/natplan/input', 'utf8') as FormGroup
runForms(group, 'form', (result) => say(JSON.stringify(result))).then(() => {
  say('end')
  process.exit()
})
