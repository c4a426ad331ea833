import { type Inference, Prefix, PrefixSet, specialPurposeRanges, type WorldSite } from '@natplan/core'
import { carriedBy, endAt, type JoinedTunnel } from './joined-tunnels.ts'

export interface ReservedSpace {
  readonly reserved: readonly { readonly prefix: Prefix; readonly text: string; readonly line?: number }[]
  readonly special: readonly Prefix[]
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
  const { otherNetworks, routedNetworks = [] } = site
  const peers = known.tunnels.flatMap((tunnel) => {
    const end = endAt(tunnel, site.name)
    return end ? carriedBy(end).map(({ child }) => child.remote) : []
  })
  const named = PrefixSet.of([...peers, ...known.pins].filter(({ length }) => length > 0))
  const routedOnly = PrefixSet.of(routedNetworks)
  const connected = PrefixSet.of(otherNetworks).subtract(routedOnly)
  const all = [...connected.prefixes(), ...routedOnly.subtract(named).prefixes()]
  const isSpecial = (prefix: Prefix) => specialPurposeRanges.some((range) => range.prefix.overlaps(prefix))
  return {
    reserved: all.filter((prefix) => !isSpecial(prefix)).map((prefix) => ({ prefix, text: reasonFor(prefix, site, known) })),
    special: all.filter(isSpecial),
  }
}

function reasonFor(prefix: Prefix, { name }: WorldSite, { inferred }: { readonly inferred: readonly Inference[] }): string {
  const networks = inferred.filter((one) => one.kind === 'network' && one.site === name)
  const exact = networks.find(({ value }) => value === String(prefix))
  if (exact) return exact.because
  const around = networks.find(({ value }) => Prefix.parse(value).contains(prefix))
  return around ? `it is part of ${around.value}: ${around.because}` : 'it is behind the gateway'
}
