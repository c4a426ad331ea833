import type { Cut, GatewayPolicy } from '@natplan/core'
import type { Difference } from '@natplan/templates'
import type { RunningConfig } from '../configs/read-running.ts'

/** How one running gateway differs from the plan. */
export interface GatewayDiff extends Pick<GatewayPolicy, 'site' | 'platform'> {
  readonly running: RunningConfig
  readonly difference: Difference
  /** Which flows the change breaks. */
  readonly cuts: readonly Cut[]
}
