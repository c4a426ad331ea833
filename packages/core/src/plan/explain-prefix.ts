import { knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { specialPurposeOf } from '../address/special-purpose.ts'
import type { SiteName } from '../network/names.ts'
import type { Reserved, Site, Subnet } from '../network/network.ts'
import { outsidesOf } from '../network/outsides.ts'
import { turned } from './other-face.ts'
import { type Mapping, mappingsBySubnet, type Plan, sightsOf } from './plan.ts'

type PartMeaning =
  /** Of a subnet of the site itself; `knownAs` says how peers call it, where that differs. */
  | {
      readonly kind: 'own'
      readonly subnet: Subnet
      readonly knownAs: { readonly prefix: Prefix; readonly mapping: Mapping } | undefined
    }
  /** In use at the site and reached by no tunnel. */
  | { readonly kind: 'reserved'; readonly reserved: Reserved }
  | { readonly kind: 'endpoint' }
  /** How the site calls hosts of a peer; `real` is the prefix that they have themselves. */
  | {
      readonly kind: 'peer'
      readonly peer: SiteName
      readonly subnet: Subnet
      readonly real: Prefix
      readonly isTranslated: boolean
    }
  /** The translated face of the site's own subnet, which only its peers use. */
  | { readonly kind: 'own-translated'; readonly mapping: Mapping; readonly real: Prefix }

/** What a part of a prefix is, seen from one site: the prefix itself, or what lies inside it. */
export type PrefixMeaning = PartMeaning & { readonly part: Prefix }

export interface PrefixView {
  readonly site: SiteName
  /** Sorted by part; none when the plan knows nothing in the prefix at this site. */
  readonly meanings: readonly PrefixMeaning[]
}

/** What a prefix and the parts of it mean at every site, by site. */
export function explainPrefix(plan: Plan, prefix: Prefix): PrefixView[] {
  return [...plan.network.sites.values()].map((site) => {
    const meanings = [...atHome(plan, site, prefix), ...atPeers(plan, site, prefix)]
    return { site: site.name, meanings: meanings.sort((a, b) => Prefix.compare(a.part, b.part)) }
  })
}

/** The block with a meaning of its own that shares addresses with a prefix, as text. */
export function specialMeaningIn(prefix: Prefix): string | undefined {
  const special = specialPurposeOf(prefix)
  return special && `${special.prefix} is ${special.name} space (${special.source})`
}

function atHome(plan: Plan, site: Site, prefix: Prefix): PrefixMeaning[] {
  const mappings = mappingsBySubnet(plan)
  const meanings: PrefixMeaning[] = []
  for (const subnet of site.subnets) {
    const mapping = mappings.get(subnet)
    const part = common(prefix, subnet.prefix)
    if (part) {
      const knownAs = mapping && { prefix: turned(part, mapping.real, mapping.translated), mapping }
      meanings.push({ kind: 'own', part, subnet, knownAs })
    }
    const translated = mapping && common(prefix, mapping.translated)
    if (mapping && translated) {
      const real = turned(translated, mapping.translated, mapping.real)
      meanings.push({ kind: 'own-translated', part: translated, mapping, real })
    }
  }
  for (const reserved of site.reserved) {
    const part = common(prefix, reserved.prefix)
    if (part) meanings.push({ kind: 'reserved', part, reserved })
  }
  const ends = site.gateway ? knownOf(outsidesOf(site.gateway).map(({ address }) => address)).map(Prefix.of) : []
  for (const part of ends) if (prefix.contains(part)) meanings.push({ kind: 'endpoint', part })
  return meanings
}

function atPeers(plan: Plan, site: Site, prefix: Prefix): PrefixMeaning[] {
  return sightsOf(plan, site.name).flatMap(({ peer, subnet, visible }): PrefixMeaning[] => {
    const part = common(prefix, visible)
    if (!part) return []
    const isTranslated = !visible.equals(subnet.prefix)
    const real = isTranslated ? turned(part, visible, subnet.prefix) : part
    return [{ kind: 'peer', part, peer, subnet, real, isTranslated }]
  })
}

/** What two prefixes share: the smaller one, or nothing. */
function common(one: Prefix, other: Prefix): Prefix | undefined {
  if (other.contains(one)) return one
  return one.contains(other) ? other : undefined
}
