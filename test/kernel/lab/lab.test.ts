import { join } from 'node:path'
import { commandFile, root } from '../../support/command.ts'
import { runSteps, steps } from './steps.ts'
import { suiteOfSteps } from './suite-of-steps.ts'

await suiteOfSteps({
  title: 'the laboratory',
  names: steps.map(({ name }) => name),
  run: (report) => {
    const planFile = join(root, 'examples/acceptance/natplan.yaml')
    return runSteps({ command: commandFile, planFile, name: `test-${process.pid}` }, report)
  },
  inGuest: './in-guest.ts',
})
