import {
  type LoadedNetwork,
  type LoadedPlan,
  planToDocument,
  readLockText,
  readNetworkText,
  withLock,
} from '@natplan/app'
import { derivePolicies, type Planning, planNetwork, writeLock } from '@natplan/core'
import { fileNames } from './given.ts'
import { type Told, toldOf } from './told.ts'

/** A plan file and its lock, planned. */
export interface Planned {
  readonly loaded: LoadedNetwork
  readonly planning: Planning
  /** The plan with all that was found up to it. */
  readonly withPlan: LoadedPlan
}

/** @throws NatplanError FILE_EMPTY */
export function plannedOf(plan: string, lock: string | undefined): Planned {
  const lockText = lock === undefined ? undefined : { name: fileNames.lock, text: lock }
  const loaded = withLock(readNetworkText({ name: fileNames.plan, text: plan }), readLockText(lockText))
  const { network, lock: read, documents } = loaded
  const planning = network && read ? planNetwork(network, read) : { plan: undefined, overlaps: [], findings: [] }
  const findings = [...loaded.findings, ...planning.findings]
  return { loaded, planning, withPlan: { plan: planning.plan, findings, documents } }
}

export function findingsOf({ withPlan: { findings, documents } }: Planned): Told[] {
  return toldOf(findings, documents)
}

/** What `natplan plan --output json` prints. */
export function documentOf(planned: Planned): ReturnType<typeof planToDocument> {
  return planToDocument(planned.planning, findingsOf(planned))
}

/** The lock that `natplan plan --save` writes. */
export function lockOf({ planning: { plan } }: Planned): string | undefined {
  return plan && writeLock(derivePolicies(plan).lock)
}
