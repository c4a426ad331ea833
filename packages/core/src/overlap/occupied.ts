import type { Address } from '../address/address.ts'
import { knownAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import { linkOf } from '../network/link-rules.ts'
import type { SiteName } from '../network/names.ts'
import type { Network, Outside, Site, Subnet } from '../network/network.ts'

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

/** The addresses of virtual interfaces, each once: they are for two gateways, and no host at either end has them. */
export function linksIn({ tunnels = [] }: Network): Occupied[] {
  return tunnels.flatMap((tunnel) => {
    const prefix = linkOf(tunnel)
    const [site] = tunnel.sites
    return prefix ? [{ site, kind: 'reserved', prefix, subnet: undefined, path: [...tunnel.path, 'link'] }] : []
  })
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
  const main = endsAt(name, gateway.outside, [...gateway.path, 'outside'])
  const others = [...gateway.uplinks.values()].flatMap((uplink) => endsAt(name, uplink, uplink.path))
  return [...subnets, ...reserved, ...main, ...others]
}

function endsAt(name: SiteName, end: Outside, path: Path): Occupied[] {
  const [own, called] = [knownAddress(end.address), knownAddress(end.publicAddress)]
  const outside = (kind: 'endpoint' | 'reserved', key: 'address' | 'publicAddress', address: Address | undefined) =>
    address
      ? [
          {
            site: name,
            kind,
            prefix: Prefix.of(address),
            subnet: undefined,
            path: [...path, key],
          },
        ]
      : []
  if (own && called?.equals(own)) return outside('endpoint', 'address', own)
  return [...outside('reserved', 'address', own), ...outside('endpoint', 'publicAddress', called)]
}
