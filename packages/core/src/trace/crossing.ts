import type { Selector } from '../policy/gateway-policy.ts'
import type { ParsedTunnel } from '../policy/parsed-policy.ts'

/** A selector of a tunnel, as one gateway has it. */
export interface Crossing {
  readonly tunnel: ParsedTunnel
  readonly selector: Selector
}
