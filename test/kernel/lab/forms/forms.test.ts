import { suiteOfSteps } from '../suite-of-steps.ts'
import { formSteps, runForms } from './forms.ts'

await suiteOfSteps({
  title: 'forms of tunnels',
  names: formSteps,
  run: (report) => runForms(`forms-${process.pid}`, report),
  inGuest: './forms/in-guest.ts',
})
