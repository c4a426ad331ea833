import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type LoadedNetwork,
  type LockText,
  type NetworkText,
  readLockText,
  readNetworkText,
  withLock,
} from '@natplan/app'
import { NatplanError, readNetwork } from '@natplan/core'
import { refuseLinkOut } from '../files/link-out.ts'
import { nameOf, standardInput } from '../files/standard-input.ts'
import { includedBeside } from './included-files.ts'
import { readNamed, readText } from './read-text.ts'

/** Where the network comes from: a plan file, or the command line itself. */
export interface InputOptions {
  readonly file?: string | undefined
  readonly site?: readonly string[] | undefined
  readonly pool?: readonly string[] | undefined
  readonly lock?: string | undefined
  readonly save?: boolean | undefined
}

export interface Loaded extends LoadedNetwork {
  /** Where the lock is or would be; `undefined` when the network did not come from a file. */
  readonly lockPath: string | undefined
}

export const defaultPlanFile = 'natplan.yaml'

/**
 * Reads the network from `--site` options or from the plan file, and its lock. A plan file that was read already, to see what it is, is
 * given as `text`.
 */
export function loadNetwork(options: InputOptions, text?: string): Loaded {
  const fromOptions = (options.site ?? []).length > 0
  if (!fromOptions && options.pool)
    throw new NatplanError('USAGE', '--pool is only for use with --site', { hint: 'a plan file has pools' })
  if (fromOptions && options.file) throw new NatplanError('USAGE', 'a plan file and --site exclude each other')
  const plan = fromOptions ? networkFromOptions(options) : networkFromFile(options.file ?? defaultPlanFile, text)
  const lockPath = lockFileOf(options)
  const lock = loadLock(lockPath, { mustExist: options.lock !== undefined && !options.save })
  return { ...withLock(plan, lock), lockPath }
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

function networkFromFile(path: string, given?: string): NetworkText {
  refuseLinkOut(path)
  return readNetworkText({ name: nameOf(path), text: given ?? readText(path) }, includedBeside(path))
}

function networkFromOptions({ site = [], pool }: InputOptions): NetworkText {
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

/** A lock that is not there yet is an empty one; one that was named to be read must be there, or all would be renumbered. */
export function loadLock(path: string | undefined, { mustExist }: { readonly mustExist: boolean }): LockText {
  if (path === undefined || (!mustExist && !existsSync(path))) return readLockText(undefined)
  refuseLinkOut(path)
  return readLockText(readNamed(path))
}
