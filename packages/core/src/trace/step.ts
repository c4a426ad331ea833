import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { DeviceRule, Doubt, RuleList, RuleSet, TunnelChild, Written } from '../device/device.ts'
import type { Ends } from '../match/packet.ts'
import type { RouteEntry } from '../world/routing.ts'
import type { NodeRoute } from '../world/world.ts'
import type { Disposition } from './disposition.ts'

export type Way = 'there' | 'back'

export type Side = 'source' | 'destination'

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

/** `proxied`: to the gateway, which answers ARP for an address of another network. */
export type RouteTarget = NodeRoute['to'] | Exclude<RouteEntry['to'], 'next-table'> | 'proxied'

/** What happens to a packet at a hop, in order. */
export type Step =
  /** `prefix`: the route that decides; `undefined` for the default route. */
  | {
      readonly kind: 'route'
      readonly to: RouteTarget
      readonly prefix: Prefix | undefined
      readonly interface?: string | undefined
      /** Where a gateway's route is written. */
      readonly at?: Written | undefined
    }
  | {
      readonly kind: 'translate'
      readonly side: Side
      readonly list: RuleList
      readonly rule: DeviceRule
      readonly from: Address
      readonly to: Address
    }
  | { readonly kind: 'exempt'; readonly side: Side; readonly list: RuleList; readonly rule: DeviceRule }
  /**
   * A filter decided. `set`: the list or the set of its rules that did; `rule`: `undefined` where it drops what no rule accepts; `sees`: the
   * packet's addresses there; `isLater`: not about the first packet of a connection, but about those behind it.
   */
  | {
      readonly kind: 'filter'
      readonly verdict: 'accept' | 'drop' | 'reject'
      readonly list: RuleList
      readonly set: RuleSet
      readonly rule: DeviceRule | undefined
      readonly sees: Ends
      readonly isLater: boolean
    }
  /** Connection tracking undoes what a rule did to the first packet. */
  | { readonly kind: 'restore'; readonly side: Side; readonly from: Address; readonly to: Address }
  /** The node gives its own address to a packet of a pod. */
  | { readonly kind: 'masquerade'; readonly from: Address; readonly to: Address }
  /** `pass`: such packets leave as they are. */
  | { readonly kind: 'encrypt' | 'decrypt' | 'pass'; readonly tunnel: string; readonly child: TunnelChild }
  | { readonly kind: 'deliver' }

/** A doubt, and the gateway whose it is. */
export interface DoubtAt {
  readonly site: string
  readonly doubt: Doubt
}

/** Packets that a filter of a gateway drops. */
export interface Drop {
  readonly site: string
  readonly list: RuleList
  /** The list or the set that decided, and the rule of it; `undefined` where it drops what no rule accepts. */
  readonly set: RuleSet
  readonly rule: DeviceRule | undefined
  readonly packets:
    | {
        readonly kind: 'inner'
        /** The children that they come out of and go into, where they do. */
        readonly from: TunnelChild | undefined
        readonly to: TunnelChild | undefined
        /** Where one of them comes from and goes to, as the list sees it. */
        readonly source: Address
        readonly destination: Address
      }
    /** What gateways send to each other; addresses where they are known. */
    | {
        readonly kind: 'outer'
        readonly protocol: number
        readonly port: number | undefined
        readonly way: 'in' | 'out'
        readonly own: Address | undefined
        readonly peer: Address | undefined
      }
}

/** How and where a way ends, and the one thing to change. */
export interface Ending {
  readonly disposition: Disposition
  readonly reason: string
  /** Empty when there is nothing to change. */
  readonly advice: string
  /** The filter that stands in the way, where one does. */
  readonly drop?: Drop
  /** Whether the packet goes towards the internet as it is, where others can read it. */
  readonly inClear: boolean
}

/** What became of a packet and its answer. */
export interface Trace extends Ending {
  readonly way: Way
  /** The site where it ends. */
  readonly site: string
  readonly hops: readonly Hop[]
  /** Why the end is not known: every line that may change it, of each gateway in the order of the way; empty when it is. */
  readonly doubts: readonly DoubtAt[]
}
