import type { NatRule, Prefix } from '@natplan/core'

/** A rule that maps one prefix, seen from or towards one other, to another of the same length, or to itself. */
export interface OneToOne {
  readonly source: Prefix
  readonly destination: Prefix
  /** Source or destination, by direction. */
  readonly from: Prefix
  readonly to: Prefix
}

/** Why a rule is not of that kind, in words, or its prefixes. */
export function oneToOneOf({ direction, source, destination, action }: NatRule): OneToOne | string {
  if ('ports' in action && action.ports !== undefined) return 'it is for some ports alone'
  if (!source || !destination) return 'source and destination must be one prefix each'
  if (source.family === 6 || destination.family === 6) return 'IPv6 is not translated'
  if (action.kind === 'masquerade' || action.kind === 'pool') return `${action.kind} is not one to one`
  const from = direction === 'source' ? source : destination
  const to = action.kind === 'map' ? action.to : from
  if (to.length !== from.length) return `${from} and ${to} differ in length`
  if (action.kind === 'map' && to.equals(from)) return `${from} is mapped to itself`
  return { source, destination, from, to }
}
