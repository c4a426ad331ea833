import type { Plan } from '@natplan/core'
import { endLab } from '../../../../packages/cli/src/lab/find-labs.ts'
import { Lab, planLab } from '../../../../packages/cli/src/lab/lab.ts'
import { planOf } from '../../../support/policies.ts'
import type { StepResult } from '../steps.ts'
import { changing } from './changing.ts'
import type { Form, Step } from './form.ts'
import { hiding } from './hiding.ts'
import { hubs } from './hubs.ts'
import { pairs } from './pairs.ts'

const forms: readonly Form[] = [...pairs, ...hubs, hiding, changing]

export const formSteps: readonly string[] = forms.flatMap((form) => form.steps.map((step) => nameOf(form, step)))

function nameOf(form: Form, step: Step): string {
  return `${form.name} ${step.name}`
}

/** Runs every step of every form, and reports each as it ends. */
export async function runForms(name: string, report: (result: StepResult) => void): Promise<void> {
  for (const [index, form] of forms.entries()) {
    const own = `${name}-${index}`
    const lab = await built(own, planOf(form.written)).catch((error: unknown) => textOf(error))
    for (const step of form.steps) {
      const start = performance.now()
      const outcome = typeof lab === 'string' ? { problem: lab } : await attempt(step, lab, form)
      report({ name: nameOf(form, step), ...outcome, seconds: Math.round((performance.now() - start) / 100) / 10 })
    }
    if (typeof lab !== 'string') lab.closeProbes()
    await endLab(own)
  }
}

/** What most gateways have for all that goes to the internet. */
const masquerade =
  'table ip people { chain nat { type nat hook postrouting priority srcnat; oifname { outside, uplink0 } masquerade; }; }'

async function attempt(step: Step, lab: Lab, form: Form): Promise<Pick<StepResult, 'problem' | 'measured'>> {
  try {
    return { problem: undefined, measured: (await step.run(lab, form)) ?? undefined }
  } catch (error) {
    return { problem: `${textOf(error)}\n${await shown(lab)}` }
  }
}

async function built(name: string, plan: Plan): Promise<Lab> {
  const labPlan = planLab(plan)
  const lab = await Lab.build(name, labPlan, { outlive: false })
  for (const { machine } of lab.topology.gateways) await lab.machine(machine).run(['nft', masquerade])
  await lab.configure(labPlan)
  return lab
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const look =
  'ip -d address; ip rule; ip route show table all; ip xfrm policy; ip -s xfrm state; nft list table inet natplan; cat /proc/net/xfrm_stat'

async function shown(lab: Lab): Promise<string> {
  const texts = lab.topology.gateways.map(async ({ machine }) => {
    const { stdout, stderr } = await lab.machine(machine).attempt(['sh', '-uc', look])
    const log = lab.machine(machine).log('charon').split('\n').slice(-40).join('\n')
    return `--- ${machine}\n${stdout}${stderr}\n${log}`
  })
  return (await Promise.all(texts)).join('\n')
}
