import {
  emptyLock,
  type Finding,
  type Lock,
  NatplanError,
  type Network,
  type NetworkReading,
  type Place,
  type Plan,
  planNetwork,
  planProblems,
  readLock,
  readNetwork,
} from '@natplan/core'
import type { Document, Documents, NamedText } from '../text/documents.ts'
import { readDocument } from '../text/read-document.ts'
import { type Include, withIncluded } from './included.ts'

/** A network and its lock as they were read; each is `undefined` when there are errors in it. */
export interface LoadedNetwork {
  readonly network: Network | undefined
  readonly lock: Lock | undefined
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** A plan out of a network and its lock; `plan` is undefined when there are errors. */
export interface LoadedPlan {
  readonly plan: Plan | undefined
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** A network as somebody wrote it. */
export interface NetworkText {
  /** `undefined` when the text could not be parsed. */
  readonly reading: NetworkReading | undefined
  readonly findings: readonly Finding[]
  readonly document: Document
}

/**
 * Reads a plan file; `include` has the files that it includes.
 * @throws NatplanError FILE_EMPTY for one that holds nothing but comments
 */
export function readNetworkText({ name, text }: NamedText, include?: Include): NetworkText {
  const { data, findings, notes, lacks, ...document } = withIncluded(readDocument(name, text, 'plan'), include)
  if (data === undefined) return { reading: undefined, findings, document }
  if (data === null) {
    throw new NatplanError('FILE_EMPTY', `${document.name} holds nothing but comments`, {
      hint: 'a plan begins with version: 1 and sites:; natplan init writes one',
    })
  }
  const reading = readNetwork(data, findings)
  const locate = (place: Place) => document.locate({ ...place, path: reading.asWritten(place.path) })
  const told = lacks ? reading.findings.filter(isSure) : reading.findings
  return { reading, findings: [...told, ...notes], document: { ...document, locate } }
}

/** A site that nobody knows, and tunnels where there are none, may stand in a file that could not be read. */
function isSure({ code, place: { path } }: Finding): boolean {
  if (code === 'TUNNEL_KEYS_UNFIT') return path[0] !== 'defaults'
  return code !== 'SITE_UNKNOWN' || path[0] === 'include'
}

export interface LockText {
  readonly value: Lock | undefined
  readonly findings: readonly Finding[]
  readonly document?: Document
}

/** Reads a lock; one that is not there yet is an empty one. */
export function readLockText(given: NamedText | undefined): LockText {
  if (!given) return { value: emptyLock, findings: [] }
  const document = readDocument(given.name, given.text, 'lock')
  if (document.findings.length > 0) return { value: undefined, findings: document.findings, document }
  return { ...readLock(document.data), document }
}

/** A network with its lock. Only what nothing is wrong with is planned; of the rest the problems are told all the same. */
export function withLock({ reading, findings, document }: NetworkText, lock: LockText): LoadedNetwork {
  const problems = reading && (!reading.value || !lock.value) ? planProblems(reading.partial, lock.value) : []
  return {
    network: reading?.value,
    lock: lock.value,
    findings: [...findings, ...lock.findings, ...problems],
    documents: { plan: document, ...(lock.document ? { lock: lock.document } : {}) },
  }
}

export function planOf({ network, lock, findings, documents }: LoadedNetwork): LoadedPlan {
  if (!network || !lock) return { plan: undefined, findings, documents }
  const planning = planNetwork(network, lock)
  return { plan: planning.plan, findings: [...findings, ...planning.findings], documents }
}
