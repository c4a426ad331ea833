import { type Finding, type Plan, planNetwork } from '@natplan/core'
import type { InputOptions } from '../commands/command.ts'
import type { Documents } from './documents.ts'
import { loadNetwork } from './load-network.ts'

/** A plan out of a plan file and its lock; `plan` is undefined when there are errors. */
export interface LoadedPlan {
  readonly plan: Plan | undefined
  readonly lockPath: string | undefined
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

export function loadPlan(options: InputOptions): LoadedPlan {
  const { network, lock, lockPath, documents, findings } = loadNetwork(options)
  if (!network || !lock) return { plan: undefined, lockPath, findings, documents }
  const planning = planNetwork(network, lock)
  return { plan: planning.plan, lockPath, findings: [...findings, ...planning.findings], documents }
}
