import type { Address } from '../address/address.ts'
import { knownAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Network, Site, Subnet } from '../network/network.ts'

/** Address space in use somewhere, and for what. */
export interface Occupied {
  readonly site: SiteName
  /** `given`: a prefix that somebody asked about, used by nobody we know. */
  readonly kind: 'subnet' | 'reserved' | 'pods' | 'services' | 'endpoint' | 'given'
  readonly prefix: Prefix
  /** Set when the kind is `subnet`. */
  readonly subnet: Subnet | undefined
  readonly path: Path
}

/** Everything that the sites of a network use: subnets, reserved, pod and service ranges, tunnel endpoints. */
export function occupiedIn(network: Network): Occupied[] {
  return [...network.sites.values()].flatMap(occupiedAt)
}

/** Everything that one site uses. */
export function occupiedAt(site: Site): Occupied[] {
  const { name, gateway } = site
  const subnets = site.subnets.map((subnet) => ({
    site: name,
    kind: 'subnet' as const,
    prefix: subnet.prefix,
    subnet,
    path: subnet.path,
  }))
  const reserved = site.reserved.map(({ kind, prefix, path }) => ({
    site: name,
    kind,
    prefix,
    subnet: undefined,
    path,
  }))
  if (!gateway) return [...subnets, ...reserved]
  const [own, called] = [knownAddress(gateway.outside.address), knownAddress(gateway.outside.publicAddress)]
  const outside = (kind: 'endpoint' | 'reserved', key: 'address' | 'publicAddress', address: Address | undefined) =>
    address
      ? [
          {
            site: name,
            kind,
            prefix: Prefix.of(address),
            subnet: undefined,
            path: [...gateway.path, 'outside', key],
          },
        ]
      : []
  const ends =
    own && called?.equals(own)
      ? outside('endpoint', 'address', own)
      : [...outside('reserved', 'address', own), ...outside('endpoint', 'publicAddress', called)]
  return [...subnets, ...reserved, ...ends]
}
