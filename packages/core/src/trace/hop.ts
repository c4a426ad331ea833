import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { NatRule, Selector } from '../policy/gateway-policy.ts'
import type { Disposition } from './disposition.ts'
import type { Ends } from './packet.ts'

export type Way = 'there' | 'back'

/** One place that the packet passes, with its addresses when it comes and when it goes. */
export interface Hop {
  readonly way: Way
  readonly site: string
  readonly at: 'host' | 'node' | 'gateway'
  readonly arrives: Ends
  /** `undefined` where the way ends. */
  readonly leaves: Ends | undefined
  readonly steps: readonly Step[]
}

/** What happens to a packet at a hop, in order. */
export type Step =
  /** `prefix`: the route that decides; `undefined` for the default route. */
  | { readonly kind: 'route'; readonly to: RouteTarget; readonly prefix: Prefix | undefined }
  | {
      readonly kind: 'translate'
      readonly side: Side
      readonly rule: NatRule
      readonly from: Address
      readonly to: Address
    }
  | { readonly kind: 'exempt'; readonly side: Side; readonly rule: NatRule }
  /** Connection tracking undoes what a rule did to the first packet. */
  | { readonly kind: 'restore'; readonly side: Side; readonly from: Address; readonly to: Address }
  /** The node gives its own address to a packet of a pod. */
  | { readonly kind: 'masquerade'; readonly from: Address; readonly to: Address }
  | { readonly kind: 'encrypt' | 'decrypt'; readonly tunnel: string; readonly selector: Selector }
  | { readonly kind: 'deliver' }

export type Side = 'source' | 'destination'

export type RouteTarget = 'link' | 'gateway' | 'public' | 'cluster' | 'inside' | 'outside' | 'virtual' | 'nowhere'

/** How and where a way ends, and the one thing to change. */
export interface Ending {
  readonly disposition: Disposition
  readonly reason: string
  /** Empty when there is nothing to change. */
  readonly advice: string
}

/** What became of a packet and its answer. */
export interface Trace extends Ending {
  readonly way: Way
  /** The site where it ends. */
  readonly site: string
  readonly hops: readonly Hop[]
}
