import { type LoadedPlan, planOf } from '@natplan/app'
import { optimizeLater } from '../optimize-later.ts'
import { type InputOptions, loadNetwork } from './load-network.ts'

/** A plan out of a plan file and its lock. */
export interface PlanOfFile extends LoadedPlan {
  readonly lockPath: string | undefined
}

export function loadPlan(options: InputOptions): PlanOfFile {
  const loaded = loadNetwork(options)
  optimizeLater(loaded.network?.sites.size ?? 0)
  return { ...planOf(loaded), lockPath: loaded.lockPath }
}
