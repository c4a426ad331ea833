import { suiteOfSteps } from '../suite-of-steps.ts'
import { type FormGroup, formSteps, runForms } from './forms.ts'

/** A test for each step of each form of a group. */
export async function suiteOfForms(group: FormGroup): Promise<void> {
  await suiteOfSteps({
    title: `forms of tunnels: ${group}`,
    names: formSteps(group),
    run: (report) => runForms(group, `forms-${process.pid}`, report),
    inGuest: { file: './forms/in-guest.ts', input: group },
  })
}
