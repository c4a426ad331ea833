import { type Inference, Prefix, PrefixSet, specialPurposeRanges, type WorldSite } from '@natplan/core'
import { carriedBy, endAt, type JoinedTunnel } from './joined-tunnels.ts'

interface ReservedNetwork {
  readonly prefix: Prefix
  readonly text: string
}

export interface ReservedSpace {
  readonly reserved: readonly ReservedNetwork[]
  /** What no site can have. */
  readonly special: readonly ReservedNetwork[]
}

/**
 * What else a gateway knows to be behind it. A route for a large block, such as all of 10.0.0.0/8, leaves out what tunnels and their names
 * take of it: nobody has that inside.
 */
export function reservedSpace(
  site: WorldSite,
  known: {
    readonly tunnels: readonly JoinedTunnel[]
    readonly inferred: readonly Inference[]
    readonly pins: readonly Prefix[]
  },
): ReservedSpace {
  const peers = known.tunnels.flatMap((tunnel) => {
    const end = endAt(tunnel, site.name)
    return end ? carriedBy(end).map(({ child }) => child.remote) : []
  })
  const named = [...peers, ...known.pins].filter(({ length }) => length > 0)
  const routed = PrefixSet.of(site.routedNetworks ?? [])
  const all = known.inferred
    .filter(({ kind }) => kind === 'network')
    .flatMap(({ value, because: text }): ReservedNetwork[] => {
      const prefix = Prefix.parse(value)
      if (!routed.overlaps(prefix) || !named.some((one) => one.overlaps(prefix))) return [{ prefix, text }]
      const left = PrefixSet.of([prefix]).subtract(PrefixSet.of(named)).prefixes()
      return left.map((part) => ({ prefix: part, text: `it is part of ${value}: ${text}` }))
    })
  const isSpecial = ({ prefix }: ReservedNetwork) => specialPurposeRanges.some((range) => range.prefix.overlaps(prefix))
  return { reserved: all.filter((one) => !isSpecial(one)), special: all.filter(isSpecial) }
}
