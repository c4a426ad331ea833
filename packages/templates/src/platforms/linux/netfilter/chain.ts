import type { PacketMatch, RuleAction } from '@natplan/core'

/** A table of nftables or iptables, in whatever language it was written. */
export interface ChainTable {
  /** `table ip nat`. */
  readonly label: string
  /** natplan's own: its comments begin with the numbers of the rules. */
  readonly isOwn: boolean
  /** The one whose packets it sees; `undefined` for both. */
  readonly family: 4 | 6 | undefined
  readonly chains: ReadonlyMap<string, Chain>
}

export interface Chain {
  readonly name: string
  readonly line: number
  /** Where packets come through it by themselves; without it only rules lead here. */
  readonly base: Base | undefined
  readonly rules: readonly ChainRule[]
}

export interface Base {
  readonly type: 'nat' | 'filter' | 'route'
  /** One of the five hooks, or another word (`ingress`). */
  readonly hook: string
  readonly priority: number
  readonly policy: 'accept' | 'drop'
  /** Where the policy is written. */
  readonly policyLine: number
  /** What of its line was not understood. */
  readonly doubt: string | undefined
}

/**
 * One way through a rule: a rule that looks its answer up in a map has several. What of it was not understood and can only narrow it is
 * `unknown` in its match.
 */
export interface ChainRule {
  readonly line: number
  /** As it was written. */
  readonly text: string
  readonly match: PacketMatch
  readonly verdict: Verdict
  readonly comment: string | undefined
  readonly effect?: Effect
}

export type Verdict =
  | { readonly kind: 'continue' | 'return' }
  | { readonly kind: 'accept' | 'drop' | 'reject' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'translate'; readonly action: RuleAction }
  /** Could be any of them. */
  | { readonly kind: 'unknown' }

/** What a rule does to a packet that goes on. */
export type Effect =
  | { readonly kind: 'clamp'; readonly mss: number }
  /** Other addresses or ports outside of NAT, or no tracking and so no NAT. */
  | { readonly kind: 'rewrite'; readonly zone?: string }
  /** Connections are tracked apart, by their first packets; `answers`: those of others are not found. */
  | { readonly kind: 'zone'; readonly zone: string; readonly answers: boolean }

export const goesOn: Verdict = { kind: 'continue' }
