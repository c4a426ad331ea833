import type { RuleSet } from '@natplan/core'

/** How the words of a set are taken, which depends on where it stands. */
export interface SetKind {
  /** What accepting does: ends the chain, or only the set, so that what is behind its call is asked too (RETURN of iptables). */
  readonly accept: 'accept' | 'return'
  /** What becomes of the rest where the set does not say. */
  readonly unset: RuleSet['fallback']
  /** What `return` does, and falling off the end. */
  readonly end: 'accept' | 'return'
  /** Rules without an action choose a way for packets. */
  readonly steers?: true
}

/** Chains of VyOS 1.4 and later that packets meet by themselves; nothing comes back out of one. */
export const baseKind: SetKind = { accept: 'accept', unset: 'accept', end: 'accept' }

/** Named sets of VyOS 1.4 and later. */
export const namedKind: SetKind = { accept: 'accept', unset: 'drop', end: 'return' }

/** Named sets of the generation before. */
export const olderKind: SetKind = { accept: 'return', unset: 'drop', end: 'return' }

/** Sets of the 5600: what none of several takes passes, or is dropped, or goes on to what comes behind. */
export const waningKind: SetKind = { accept: 'accept', unset: 'return', end: 'return' }
export const droppingKind: SetKind = { ...waningKind, unset: 'drop' }
export const passingKind: SetKind = { ...waningKind, unset: 'accept' }

/** Policy routes, and EdgeOS's `modify`. */
export const steeringKind: SetKind = { accept: 'return', unset: 'return', end: 'return', steers: true }
