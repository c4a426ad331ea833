import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { specialPurposeOf } from '../address/special-purpose.ts'
import { includes } from '../allocation/lock.ts'
import type { SiteName } from '../network/names.ts'
import type { Reserved, Site, Subnet } from '../network/network.ts'
import { type Mapping, mappingsBySubnet, type Plan, sightsOf } from './plan.ts'

/** What an address is, seen from one site. */
export type AddressMeaning =
  /** Of a subnet of the site itself; `knownAs` says how peers call it, where that differs. */
  | {
      readonly kind: 'own'
      readonly subnet: Subnet
      readonly knownAs: { readonly address: Address; readonly mapping: Mapping } | undefined
    }
  /** In use at the site and reached by no tunnel. */
  | { readonly kind: 'reserved'; readonly reserved: Reserved }
  | { readonly kind: 'endpoint'; readonly of: SiteName }
  /** How the site calls a host of a peer; `real` is the address that the host itself has. */
  | {
      readonly kind: 'peer'
      readonly peer: SiteName
      readonly subnet: Subnet
      readonly real: Address
      readonly isTranslated: boolean
    }
  /** The translated face of the site's own subnet, which only its peers use. */
  | { readonly kind: 'own-translated'; readonly mapping: Mapping; readonly real: Address }
  /** Nothing that the plan knows at this site. */
  | { readonly kind: 'unknown' }

export interface AddressView {
  readonly site: SiteName
  readonly meanings: readonly AddressMeaning[]
}

/** What an address means at every site, by site; at a site it can mean several things only where something is wrong. */
export function explainAddress(plan: Plan, address: Address): AddressView[] {
  return [...plan.network.sites.values()].map((site) => {
    const meanings = [...atHome(plan, site, address), ...atPeers(plan, site, address)]
    return { site: site.name, meanings: meanings.length > 0 ? meanings : [{ kind: 'unknown' }] }
  })
}

/** The block with a meaning of its own that holds the address (loopback, multicast, ...), as text. */
export function specialMeaningOf(address: Address): string | undefined {
  const special = specialPurposeOf(Prefix.of(address))
  return special && `${special.prefix} is ${special.name} space (${special.source})`
}

function atHome(plan: Plan, site: Site, address: Address): AddressMeaning[] {
  const mappings = mappingsBySubnet(plan)
  const meanings: AddressMeaning[] = []
  for (const subnet of site.subnets) {
    const mapping = mappings.get(subnet)
    if (subnet.prefix.contains(address)) {
      const knownAs = mapping && { address: moved(address, mapping.real, mapping.translated), mapping }
      meanings.push({ kind: 'own', subnet, knownAs })
    }
    if (mapping?.translated.contains(address)) {
      meanings.push({ kind: 'own-translated', mapping, real: moved(address, mapping.translated, mapping.real) })
    }
  }
  for (const reserved of site.reserved) {
    if (reserved.prefix.contains(address)) meanings.push({ kind: 'reserved', reserved })
  }
  if (site.gateway?.outside.address.equals(address)) meanings.push({ kind: 'endpoint', of: site.name })
  return meanings
}

function atPeers(plan: Plan, site: Site, address: Address): AddressMeaning[] {
  const mappings = mappingsBySubnet(plan)
  return sightsOf(plan, site.name)
    .filter(({ visible }) => visible.contains(address))
    .map(({ peer, subnet, visible }) => {
      const mapping = mappings.get(subnet)
      const isTranslated = mapping !== undefined && includes(mapping.translatedFor, site.name)
      const real = isTranslated ? moved(address, visible, subnet.prefix) : address
      return { kind: 'peer', peer, subnet, real, isTranslated }
    })
}

/** The address with the same host bits in another prefix of the same length. */
function moved(address: Address, from: Prefix, to: Prefix): Address {
  return to.at(typeof address.bits === 'number' ? address.bits - Number(from.bits) : address.bits - BigInt(from.bits))
}
