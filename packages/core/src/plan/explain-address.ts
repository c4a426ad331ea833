import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Reserved, Subnet } from '../network/network.ts'
import { explainPrefix, type PrefixMeaning, specialMeaningIn } from './explain-prefix.ts'
import type { Mapping, Plan } from './plan.ts'

/** What an address is, seen from one site. */
export type AddressMeaning =
  /** Of a subnet of the site itself; `knownAs` says how peers call it, where that differs. */
  | {
      readonly kind: 'own'
      readonly subnet: Subnet
      readonly knownAs: { readonly address: Address | Prefix; readonly mapping: Mapping } | undefined
    }
  /** In use at the site and reached by no tunnel. */
  | { readonly kind: 'reserved'; readonly reserved: Reserved }
  | { readonly kind: 'endpoint'; readonly of: SiteName }
  /** How the site calls a host of a peer; `real` is the address that the host itself has, or the subnet that hides behind it. */
  | {
      readonly kind: 'peer'
      readonly peer: SiteName
      readonly subnet: Subnet
      readonly real: Address | Prefix
      readonly isTranslated: boolean
    }
  /** The translated face of the site's own subnet, which only its peers use. */
  | { readonly kind: 'own-translated'; readonly mapping: Mapping; readonly real: Address | Prefix }
  /** Nothing that the plan knows at this site. */
  | { readonly kind: 'unknown' }

export interface AddressView {
  readonly site: SiteName
  readonly meanings: readonly AddressMeaning[]
}

/** What an address means at every site, by site; at a site it can mean several things only where something is wrong. */
export function explainAddress(plan: Plan, address: Address): AddressView[] {
  return explainPrefix(plan, Prefix.of(address)).map(({ site, meanings }) => ({
    site,
    meanings: meanings.length > 0 ? meanings.map((meaning) => ofOneAddress(meaning, site)) : [{ kind: 'unknown' }],
  }))
}

/** What the prefix of a single address means is what the address means. */
function ofOneAddress(meaning: PrefixMeaning, site: SiteName): AddressMeaning {
  switch (meaning.kind) {
    case 'own': {
      const { subnet, knownAs } = meaning
      return { kind: 'own', subnet, knownAs: knownAs && { address: single(knownAs.prefix), mapping: knownAs.mapping } }
    }
    case 'reserved':
      return { kind: 'reserved', reserved: meaning.reserved }
    case 'endpoint':
      return { kind: 'endpoint', of: site }
    case 'peer': {
      const { peer, subnet, real, isTranslated } = meaning
      return { kind: 'peer', peer, subnet, real: single(real), isTranslated }
    }
    case 'own-translated':
      return { kind: 'own-translated', mapping: meaning.mapping, real: single(meaning.real) }
  }
}

/** Where hosts hide, a prefix stays one. */
function single(prefix: Prefix): Address | Prefix {
  return prefix.bits === prefix.lastBits ? prefix.first : prefix
}

/** The block with a meaning of its own that holds the address (loopback, multicast, ...), as text. */
export function specialMeaningOf(address: Address): string | undefined {
  return specialMeaningIn(Prefix.of(address))
}
