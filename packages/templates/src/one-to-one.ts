import { type NatAction, type NatRule, Prefix } from '@natplan/core'

/** A rule that translates one prefix, seen from or towards one other. */
export interface OneToOne {
  readonly source: Prefix
  readonly destination: Prefix
  /** Source or destination, by direction. */
  readonly from: Prefix
  /** Of the same length, or the prefix itself, unless all hosts share few addresses. */
  readonly to: Prefix
  /** Hosts get any address of `to`, so that only they open connections. */
  readonly isShared: boolean
}

/** Why a rule is not of that kind, in words, or its prefixes. */
export function oneToOneOf({ direction, source, destination, action, service }: NatRule): OneToOne | string {
  if (!service && 'ports' in action && action.ports !== undefined) return 'it changes ports'
  if (!source || !destination) return 'source and destination must be one prefix each'
  if (source.family === 6 || destination.family === 6) return 'IPv6 is not translated'
  const from = direction === 'source' ? source : destination
  const to = targetOf(action, from)
  if (typeof to === 'string') return to
  const isShared = direction === 'source' && to.length > from.length
  if (to.length !== from.length && !isShared) return `${from} and ${to} differ in length`
  if (action.kind === 'map' && to.equals(from)) return `${from} is mapped to itself`
  return { source, destination, from, to, isShared }
}

function targetOf(action: NatAction, from: Prefix): Prefix | string {
  switch (action.kind) {
    case 'map':
      return action.to
    case 'exempt':
      return from
    case 'masquerade':
      return 'masquerade is not one to one'
    case 'pool':
      return poolPrefix(action) ?? `${action.first}-${action.last} is not one prefix`
  }
}

function poolPrefix({ first, last }: Extract<NatAction, { kind: 'pool' }>): Prefix | undefined {
  const lengths = Array.from({ length: 33 }, (_, length) => length)
  return lengths
    .map((length) => Prefix.fromBits(first.bits, length))
    .find((prefix) => prefix.first.equals(first) && prefix.last.equals(last))
}
