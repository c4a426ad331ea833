import { type Finding, hasErrors, NatplanError } from '@natplan/core'
import { loadPlan } from '../input/load-plan.ts'
import { checkLab } from '../lab/check.ts'
import { endLab, findLabs } from '../lab/find-labs.ts'
import { Lab, type LabPlan, planLab } from '../lab/lab.ts'
import { checksToDocument, checkTable, labToDocument, machineTable } from '../lab/lab-result.ts'
import { requireLab, requireRoot } from '../lab/needs.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { say } from '../terminal/streams.ts'
import type { OutputOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface LabOptions extends PlanFileOptions, OutputOptions {
  readonly action: 'up' | 'check' | 'down'
  readonly name?: string | undefined
  readonly timeout: number
}

const defaultName = 'default'

export async function runLab(options: LabOptions): Promise<Status> {
  const { action, name = defaultName, output } = options
  if (!/^[A-Za-z0-9-]{1,32}$/.test(name)) {
    throw new NatplanError('USAGE', `${JSON.stringify(name)} cannot be the name of a lab`, {
      hint: 'letters, digits and "-"',
    })
  }
  if (!(options.timeout > 0)) throw new NatplanError('USAGE', '--timeout takes a number of seconds')
  if (action === 'up') return up(options, name)
  if (action === 'down') return down(options.name)
  if (labsOf(name).length > 0) requireRoot()
  const lab = Lab.find(name)
  if (!lab) throw new NatplanError('LAB_NOT_UP', `there is no lab ${name} here`, { hint: 'sudo natplan lab up' })
  const checks = await checkLab(lab, { timeout: options.timeout * 1000 })
  lab.closeProbes()
  printResult({ tables: () => [checkTable(checks)], document: () => checksToDocument(lab, checks) }, output)
  return checks.every(({ passed }) => passed) ? status.good : status.findings
}

/** The labs of that name that are here; without a name all. */
function labsOf(name: string | undefined) {
  return findLabs().filter((lab) => name === undefined || lab.name === name)
}

async function up({ plan: positional, file, lock, output }: LabOptions, name: string): Promise<Status> {
  const { plan, findings, documents } = loadPlan({ file: oneFile(positional, file), lock })
  const errors: readonly Finding[] = findings.filter(({ severity }) => severity === 'error')
  reportFindings([{ findings: errors, documents }])
  if (!plan || hasErrors(findings)) return status.findings
  const labPlan = planLab(plan)
  await requireLab()
  if (labsOf(name).length > 0) {
    throw new NatplanError('LAB_IMPOSSIBLE', `a lab ${name} exists already`, {
      hint: 'sudo natplan lab down, or another --name',
    })
  }
  say(...remarks(labPlan).map((line) => `natplan: ${line}`))
  const lab = await built(name, labPlan)
  printResult({ tables: () => [machineTable(lab)], document: () => labToDocument(lab) }, output)
  return status.good
}

function remarks({ topology }: LabPlan): string[] {
  const others = topology.gateways.filter(({ platform }) => platform !== 'linux')
  const names = others.map(({ site, platform }) => `${site} (${platform})`).join(', ')
  return [
    ...(others.length > 0
      ? [`every gateway of the lab is Linux; what natplan writes for other platforms is not tested: ${names}`]
      : []),
    'the keys of the lab are made up; those of the plan are not read',
    ...topology.leftOut.map((text) => `left out: ${text}`),
  ]
}

/** A lab that cannot be finished is taken away at once. */
async function built(name: string, plan: LabPlan): Promise<Lab> {
  try {
    const lab = await Lab.build(name, plan, { outlive: true })
    await lab.configure(plan)
    await lab.startAgents()
    return lab
  } catch (error) {
    await endLab(name)
    throw error
  }
}

async function down(name: string | undefined): Promise<Status> {
  const labs = labsOf(name)
  if (labs.length > 0) requireRoot()
  for (const lab of labs) {
    await endLab(lab.name)
    say(`natplan: the lab ${lab.name} is gone, with ${lab.machines.size} machines`)
  }
  if (labs.length === 0) say('natplan: there is no lab here, nor anything left of one')
  return status.good
}
