import { type DeviceInterface, Prefix, RangeSet, type TunnelChild } from '@natplan/core'
import type { AddressSet, OfInterface } from './read-groups.ts'
import { everyIpv4 } from './read-values.ts'

/**
 * What an interface has. An address that it gets while it runs is not known, but none of the networks at other interfaces and none that a
 * tunnel joins.
 */
export function addressesOfInterfaces(
  interfaces: readonly DeviceInterface[],
  children: readonly TunnelChild[],
): OfInterface {
  return (name, what) => {
    const addresses = interfaces.find((one) => one.name === name)?.addresses ?? []
    const known = addresses.flatMap((one) =>
      one.kind === 'known' ? [what === 'addresses' ? Prefix.of(one.address) : one.network] : [],
    )
    const isKnown = known.length > 0 && known.length === addresses.length
    return isKnown ? { members: RangeSet.ofPrefixes(known) } : unknownOf(name, { what, interfaces, children })
  }
}

interface Asked {
  readonly what: 'addresses' | 'networks'
  readonly interfaces: readonly DeviceInterface[]
  readonly children: readonly TunnelChild[]
}

function unknownOf(name: string, { what, interfaces, children }: Asked): AddressSet {
  const unknown = `the ${what} of ${name}`
  const elsewhere = interfaces.flatMap((one) =>
    one.name === name ? [] : one.addresses.flatMap((address) => (address.kind === 'known' ? [address.network] : [])),
  )
  const joined = children.flatMap(({ local, remote }) => [local, remote]).filter(({ length }) => length > 0)
  return { members: RangeSet.ofPrefixes([...elsewhere, ...joined]).complementIn(everyIpv4), unknown }
}
