import { acceptsOf, type PacketRequest, type Trace, type World } from '@natplan/core'
import { type MissingRules, rulesFor } from '../verify/missing-rules.ts'

/** A packet's way there, its answer's way back, and how it ends. */
export interface Traced {
  readonly world: World
  readonly from: string
  readonly request: Required<PacketRequest>
  readonly trace: Trace
}

/** What would let the packet pass the filter that drops it. */
export function missingFor({ trace: { drop }, world }: Traced): MissingRules[] {
  return drop ? rulesFor(acceptsOf(drop, world), world) : []
}
