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
export function oneToOneOf({ direction, source, destination, protocol, ports, action }: NatRule): OneToOne | string {
  if (protocol !== undefined) return `it is for ${protocol} alone`
  if (ports !== undefined || ('ports' in action && action.ports !== undefined)) return 'it is for some ports alone'
  if (source?.kind !== 'prefix' || source.negated || destination?.kind !== 'prefix' || destination.negated) {
    return 'source and destination must be one prefix each'
  }
  if (source.prefix.family === 6 || destination.prefix.family === 6) return 'IPv6 is not translated'
  if (action.kind === 'masquerade' || action.kind === 'pool') return `${action.kind} is not one to one`
  const { prefix: from } = direction === 'source' ? source : destination
  const to = action.kind === 'map' ? action.to : from
  if (to.length !== from.length) return `${from} and ${to} differ in length`
  if (action.kind === 'map' && to.equals(from)) return `${from} is mapped to itself`
  return { source: source.prefix, destination: destination.prefix, from, to }
}
