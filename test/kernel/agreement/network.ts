import type { Prefix } from '@natplan/core'
import type { WrittenFilters } from './written-filters.ts'

/** A NAT rule as people write it, in a chain of a table of its own or of others. */
export type NatRule =
  /** One to one: `from` becomes `to`, host bits kept. */
  | {
      readonly kind: 'map'
      readonly side: 'source' | 'destination'
      readonly interface: string | undefined
      readonly from: Prefix
      readonly to: Prefix
      /** The other end of the packets that are meant. */
      readonly peer: Prefix | undefined
    }
  | {
      readonly kind: 'masquerade' | 'accept'
      readonly interface: string | undefined
      readonly source: Prefix | undefined
      readonly destination: Prefix | undefined
    }
  /** Many to one, or to a few. */
  | {
      readonly kind: 'hide'
      readonly interface: string | undefined
      readonly source: Prefix | undefined
      readonly destination: Prefix | undefined
      readonly to: Prefix
    }
  /** A port of the gateway, or of whatever address, handed to one host. */
  | {
      readonly kind: 'forward'
      readonly interface: string | undefined
      /** Of these only; missing for everybody. */
      readonly source?: Prefix
      readonly protocol: 'tcp' | 'udp'
      readonly port: number | undefined
      readonly destination: Prefix | undefined
      readonly to: string
    }

/** Rules at one place of a packet's way. */
export interface NatChain {
  readonly table: string
  readonly name: string
  readonly hook: 'prerouting' | 'postrouting'
  readonly priority: number
  readonly rules: readonly NatRule[]
}

/** Drops packets for, or of, prefixes that come or go unencrypted. */
export interface Guard {
  readonly way: 'out' | 'in'
  /** `on`: at this interface only; `off`: at every other one. */
  readonly at: {
    readonly kind: 'on' | 'off'
    readonly interface: string
    /** Further interfaces that are left alone; missing for none. */
    readonly also?: readonly string[]
  }
  readonly prefixes: readonly Prefix[]
}

type TrackedState = 'new' | 'established' | 'related' | 'invalid'

/** One thing that a rule of a filter asks of a packet. */
export type Condition =
  | { readonly kind: 'state'; readonly states: readonly TrackedState[] }
  | { readonly kind: 'source' | 'destination'; readonly prefixes: readonly Prefix[]; readonly isNegated?: boolean }
  | { readonly kind: 'source set' | 'destination set'; readonly set: string }
  | { readonly kind: 'protocol'; readonly names: readonly string[] }
  /** Ports that are called. */
  | { readonly kind: 'ports'; readonly protocol: 'tcp' | 'udp'; readonly ports: readonly number[] }
  | { readonly kind: 'in' | 'out'; readonly names: readonly string[]; readonly isNegated?: boolean }
  /** Whether it came out of a tunnel, and whether it will go into one. */
  | { readonly kind: 'arrived' | 'leaving'; readonly how: 'exists' | 'missing' }
  | { readonly kind: 'translated' }

export type FilterVerdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

/** A rule of a filter, or a map of what becomes of packets by one of their fields. */
export type FilterRule =
  | { readonly kind: 'rule'; readonly conditions: readonly Condition[]; readonly verdict: FilterVerdict }
  | {
      readonly kind: 'map'
      readonly by: 'ct state' | 'ip saddr' | 'ip daddr' | 'meta l4proto' | 'iifname'
      readonly verdicts: readonly (readonly [key: string, verdict: FilterVerdict])[]
    }

export const filterHooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const

/** A list of rules where packets come by, or one that rules call. */
export interface FilterChain {
  readonly table: string
  readonly name: string
  readonly base:
    | {
        readonly hook: (typeof filterHooks)[number]
        readonly priority: number
        readonly policy: 'accept' | 'drop'
      }
    | undefined
  readonly rules: readonly FilterRule[]
}

export interface AddressSet {
  readonly table: string
  readonly name: string
  readonly prefixes: readonly Prefix[]
}

export interface Filters {
  readonly sets: readonly AddressSet[]
  readonly chains: readonly FilterChain[]
}

export interface Child {
  readonly name: string
  readonly local: readonly Prefix[]
  readonly remote: readonly Prefix[]
  readonly mode: 'tunnel' | 'pass' | 'drop'
  readonly start: 'none' | 'start' | 'trap'
  /** Of the virtual interface that the packets go through, both ways. */
  readonly interfaceId: number | undefined
}

export interface Connection {
  readonly name: string
  readonly local: string
  readonly localId: string
  /** `undefined`: a connection that only holds children without a peer. */
  readonly remote: string | undefined
  readonly remoteId: string
  readonly children: readonly Child[]
}

/** One gateway in full. */
export interface GatewayState {
  readonly site: string
  readonly machine: string
  readonly inside: readonly string[]
  /** The network of each of these. */
  readonly lans: readonly Prefix[]
  /** The one in use first. */
  readonly uplinks: readonly string[]
  /** Lines of `ip`: links and addresses. */
  readonly addresses: readonly string[]
  /** What stands behind `ip route add`. */
  readonly routes: readonly string[]
  /** What stands behind `ip rule add`. */
  readonly policies: readonly string[]
  readonly chains: readonly NatChain[]
  readonly guards: readonly Guard[]
  /** Interfaces whose packets are tracked apart, each with its zone. */
  readonly zones: readonly (readonly [device: string, zone: number])[]
  readonly filters: Filters
  /** More of them, in another language. */
  readonly written: WrittenFilters | undefined
  readonly connections: readonly Connection[]
  readonly strongswan: 'running' | 'stopped'
  readonly installRoutes: boolean
  /** An uplink whose cable is out. */
  readonly downLink: string | undefined
}

export interface HostState {
  readonly site: string
  readonly machine: string
  readonly prefix: Prefix
  /** The first is the one that it answers pings of its own network with. */
  readonly addresses: readonly string[]
  readonly gateway: string
}

/** A box in front of a gateway: the gateway has a private address, and peers send to the box. */
export interface NatBox {
  readonly site: string
  readonly inside: string
  readonly outside: string
  readonly gateway: string
}

/** Gateways, and what stands before and behind them. */
export interface Network {
  readonly name: string
  /** How its gateways differ from what the topology makes, for people. */
  readonly changes: string
  readonly gateways: readonly GatewayState[]
  readonly hosts: readonly HostState[]
  readonly natBox: NatBox | undefined
  /** By site: prefixes whose hosts its hosts call, most often those that a tunnel reaches. */
  readonly called: ReadonlyMap<string, readonly Prefix[]>
}
