import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  emptyLock,
  type Finding,
  type Lock,
  NatplanError,
  type Network,
  type NetworkReading,
  type Place,
  planProblems,
  readLock,
  readNetwork,
} from '@natplan/core'
import type { InputOptions } from '../commands/command.ts'
import type { Document, Documents } from './documents.ts'
import { refuseLinkOut } from './link-out.ts'
import { readDocument } from './read-document.ts'
import { nameOf, readText } from './read-text.ts'
import { standardInput } from './standard-input.ts'

/** What was read; `network` is undefined when there are errors in it. */
export interface Loaded {
  readonly network: Network | undefined
  readonly lock: Lock | undefined
  /** Where the lock is or would be; `undefined` when the network did not come from a file. */
  readonly lockPath: string | undefined
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

export const defaultPlanFile = 'natplan.yaml'

/**
 * Reads the network from `--site` options or from the plan file, and its lock. A plan file that was read already, to see what it is, is
 * given as `text`.
 */
export function loadNetwork(options: InputOptions, text?: string): Loaded {
  const fromOptions = (options.site ?? []).length > 0
  if (!fromOptions && options.pool)
    throw new NatplanError('USAGE', '--pool goes with --site', { hint: 'a plan file has pools' })
  if (fromOptions && options.file) throw new NatplanError('USAGE', 'a plan file and --site exclude each other')
  const plan = fromOptions ? networkFromOptions(options) : networkFromFile(options.file ?? defaultPlanFile, text)
  const lockPath = lockFileOf(options)
  const lock = loadLock(lockPath, { mustExist: options.lock !== undefined && !options.save })
  return {
    network: plan.reading?.value,
    lock: lock.value,
    lockPath,
    findings: [...plan.findings, ...lock.findings, ...problemsOfPlanning(plan.reading, lock.value)],
    documents: { plan: plan.document, ...(lock.document ? { lock: lock.document } : {}) },
  }
}

/** The lock that goes with a plan; `undefined` when the network does not come from a file. */
export function lockFileOf({ lock, site = [], file = defaultPlanFile }: InputOptions): string | undefined {
  return lock ?? (site.length > 0 ? undefined : lockPathFor(file))
}

/** `natplan.yaml` → `natplan.lock.yaml` beside it; standard input has no lock. */
function lockPathFor(planFile: string): string | undefined {
  if (planFile === standardInput) return undefined
  const name = planFile.replace(/^.*[/\\]/, '').replace(/\.(ya?ml|json)$/i, '')
  return join(dirname(planFile), `${name}.lock.yaml`)
}

/** The command plans only what nothing is wrong with; of the rest the problems are told all the same. */
function problemsOfPlanning(reading: NetworkReading | undefined, lock: Lock | undefined): Finding[] {
  return reading && (!reading.value || !lock) ? planProblems(reading.partial, lock) : []
}

interface Part {
  /** `undefined` when the text could not be parsed. */
  readonly reading: NetworkReading | undefined
  readonly findings: readonly Finding[]
  readonly document: Document
}

function networkFromFile(path: string, given?: string): Part {
  refuseLinkOut(path)
  const text = given ?? readText(path)
  const { data, findings, ...document } = readDocument(nameOf(path), text, 'plan')
  if (data === undefined) return { reading: undefined, findings, document }
  if (data === null) {
    throw new NatplanError('FILE_EMPTY', `${document.name} holds nothing but comments`, {
      hint: 'a plan begins with version: 1 and sites:; natplan init writes one',
    })
  }
  const reading = readNetwork(data, findings)
  const locate = (place: Place) => document.locate({ ...place, path: reading.asWritten(place.path) })
  return { reading, findings: reading.findings, document: { ...document, locate } }
}

function networkFromOptions({ site = [], pool }: InputOptions): Part {
  const sites = site.map(siteFromOption)
  const repeated = sites.find(([name], index) => sites.findIndex(([other]) => other === name) !== index)
  if (repeated)
    throw new NatplanError('USAGE', `--site ${repeated[0]} is given twice`, { hint: 'separate prefixes with commas' })
  const pools = pool?.flatMap((text) => text.split(','))
  const reading = readNetwork({ version: 1, sites: Object.fromEntries(sites), ...(pools ? { pools } : {}) })
  return { reading, findings: reading.findings, document: { name: 'command line', locate: () => undefined } }
}

function siteFromOption(text: string): [string, { subnets: string[] }] {
  const at = text.indexOf('=')
  if (at <= 0) {
    throw new NatplanError('USAGE', `--site ${text} is not of the form NAME=PREFIX[,PREFIX...]`, {
      hint: 'for example --site cloud=10.0.1.0/27',
    })
  }
  return [text.slice(0, at), { subnets: text.slice(at + 1).split(',') }]
}

interface LoadedLock {
  readonly value: Lock | undefined
  readonly findings: readonly Finding[]
  readonly document?: Document
}

/** A lock that is not there yet is an empty one; one that was named to be read must be there, or all would be renumbered. */
export function loadLock(path: string | undefined, { mustExist }: { readonly mustExist: boolean }): LoadedLock {
  if (path === undefined || (!mustExist && !existsSync(path))) return { value: emptyLock, findings: [] }
  refuseLinkOut(path)
  const document = readDocument(path, readText(path), 'lock')
  if (document.findings.length > 0) return { value: undefined, findings: document.findings, document }
  return { ...readLock(document.data), document }
}
