import {
  addressBook,
  checkedResult,
  checkNames,
  type NamesForm,
  type NamesToCheck,
  namesCsv,
  namesForms,
  namesResult,
  namesText,
  siteNamed,
  zoneText,
} from '@natplan/app'
import { hasErrors, NatplanError, type Plan, parseDomain, type SiteName } from '@natplan/core'
import { openSink } from '../files/text-sink.ts'
import { givenSource } from '../input/config-arguments.ts'
import { loadPlan } from '../input/load-plan.ts'
import { readNamed } from '../input/read-text.ts'
import type { Format } from '../output/formats.ts'
import { formatResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import type { FindingOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface NamesOptions extends PlanFileOptions, FindingOptions {
  readonly site?: string | undefined
  readonly check?: readonly string[] | undefined
  readonly zone?: string | undefined
  readonly out?: string | undefined
  readonly output: Format | 'csv' | NamesForm
}

export async function runNames({ plan: positional, lock, format, ...options }: NamesOptions): Promise<Status> {
  const { plan, findings, documents } = loadPlan({ file: oneFile(positional, options.file), lock })
  const told = findings.filter(({ severity, code }) => severity === 'error' || code === 'HOST_NAME_AMBIGUOUS')
  reportFindings([{ findings: told, documents }], format)
  if (!plan || hasErrors(findings)) return status.findings
  if (options.check) return checkFiles(plan, { ...options, format })
  await write(textOf(plan, options), { out: options.out, format })
  return status.good
}

async function write(text: string, { out, format }: Pick<NamesOptions, 'out' | 'format'>): Promise<void> {
  const sink = openSink(out)
  if (format !== 'sarif') sink.write(text)
  await sink.finish()
}

async function checkFiles(plan: Plan, options: NamesOptions): Promise<Status> {
  const { check = [], site, output, format } = options
  if (isForm(output) || output === 'csv') throw new NatplanError('USAGE', `--check goes with no --output ${output}`)
  const checked = check.map((given) => checkNames(plan, toCheck(plan, given, site)))
  await write(formatResult(checkedResult(checked), output), options)
  reportFindings(
    checked.map(({ file, findings }) => ({ findings, documents: { input: { name: file, locate: () => undefined } } })),
    format,
  )
  return checked.some(({ findings }) => hasErrors(findings)) ? status.findings : status.good
}

/** `FILE` is for the site that is named, or for all. */
function toCheck(plan: Plan, given: string, site: string | undefined): NamesToCheck {
  const { site: its = site, path } = givenSource(given)
  const sites = its === undefined ? [...plan.network.sites.keys()] : [siteNamed(plan.network, its)]
  return { text: readNamed(path), sites }
}

function textOf(plan: Plan, { site: name, zone, output }: Pick<NamesOptions, 'site' | 'zone' | 'output'>): string {
  if (zone !== undefined && output !== 'bind') throw new NatplanError('USAGE', '--zone goes with --output bind')
  const site = name === undefined ? undefined : siteNamed(plan.network, name)
  if (isForm(output)) {
    const at = site ?? onlyCaller(plan, output)
    const names = { plan, site: at, entries: addressBook(plan, at) }
    return zone === undefined ? namesText(names, output) : zoneText(names, parseDomain(zone))
  }
  const sites = site ? [site] : [...plan.network.sites.keys()]
  const entries = sites.flatMap((at) => addressBook(plan, at))
  return output === 'csv' ? namesCsv(entries) : formatResult(namesResult(entries), output)
}

function isForm(output: NamesOptions['output']): output is NamesForm {
  return (namesForms as readonly string[]).includes(output)
}

/** Each site calls others by names of its own, so that one file is for one site. */
function onlyCaller(plan: Plan, output: string): SiteName {
  const sites = [...plan.network.sites.keys()].filter((at) => addressBook(plan, at).length > 0)
  const [first] = sites
  if (first && sites.length === 1) return first
  throw new NatplanError('USAGE', `--output ${output} is for one site`, {
    hint: `say which: --site ${first ?? [...plan.network.sites.keys()][0] ?? 'SITE'}`,
  })
}
