import type { Address } from '../address/address.ts'
import type { Prefix } from '../address/prefix.ts'
import { includes, type Lock, type PeerList } from '../allocation/lock.ts'
import type { SiteName } from '../network/names.ts'
import type { Network, Subnet } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'
import type { Overlap } from '../overlap/overlaps-in-forest.ts'
import type { Reason } from '../translation/decision.ts'
import type { Change } from './changes.ts'

/**
 * Real ↔ translated. `one-to-one`: same length, both directions; `many-to-one`: all hosts have the few translated addresses, and only they open
 * connections, but for the forwards of the subnet.
 */
export interface Mapping {
  readonly kind: 'one-to-one' | 'many-to-one'
  readonly site: SiteName
  readonly subnet: Subnet
  readonly real: Prefix
  readonly translated: Prefix
  /** The peers that know the subnet by its translated prefix; the others know the real one. */
  readonly translatedFor: PeerList
  readonly reason: Reason
}

/** Everything that was decided; whoever executes it has no choice left. */
export interface Plan {
  readonly network: Network
  readonly peers: Peers
  /** By site, then real prefix. */
  readonly mappings: readonly Mapping[]
  readonly overlaps: readonly Overlap[]
  /** What differs from the lock that the plan began with. */
  readonly changes: readonly Change[]
  /** The lock to keep from now on. */
  readonly lock: Lock
}

/** A subnet of a peer, as a site sees it. */
export interface Sight {
  readonly site: SiteName
  readonly peer: SiteName
  readonly subnet: Subnet
  /** The prefix under which the site knows the subnet. */
  readonly visible: Prefix
}

/** What one site sees of its peers, by peer, then real prefix. */
export function sightsOf(plan: Plan, site: SiteName): Sight[] {
  const mappings = mappingsBySubnet(plan)
  const sights: Sight[] = []
  for (const peer of plan.peers.of(site)) {
    for (const subnet of plan.network.sites.get(peer)?.subnets ?? []) {
      sights.push({ site, peer, subnet, visible: visibleBy(mappings.get(subnet), subnet, site) })
    }
  }
  return sights
}

/** Those that hosts of the site can call: nobody without an address of IPv6 calls one. Of a site without subnets that is not known. */
export function callableSights(plan: Plan, site: SiteName): Sight[] {
  const families = new Set(plan.network.sites.get(site)?.subnets.map(({ prefix }) => prefix.family))
  return sightsOf(plan, site).filter(({ visible }) => families.size === 0 || families.has(visible.family))
}

/** The prefix under which a peer knows a subnet. */
export function visibleAs(plan: Plan, subnet: Subnet, seenBy: SiteName): Prefix {
  return visibleBy(mappingsBySubnet(plan).get(subnet), subnet, seenBy)
}

function visibleBy(mapping: Mapping | undefined, subnet: Subnet, seenBy: SiteName): Prefix {
  return mapping && includes(mapping.translatedFor, seenBy) ? mapping.translated : subnet.prefix
}

const indexes = new WeakMap<Plan, ReadonlyMap<Subnet, Mapping>>()

/** The mapping of each translated subnet. */
export function mappingsBySubnet(plan: Plan): ReadonlyMap<Subnet, Mapping> {
  const known = indexes.get(plan)
  if (known) return known
  const index = new Map(plan.mappings.map((mapping) => [mapping.subnet, mapping]))
  indexes.set(plan, index)
  return index
}

/**
 * One pair of addresses to show a mapping by: a host in the middle of what people use, the first address in tiny blocks. Of a smaller
 * translated prefix any address may be the host's.
 */
export function exampleOf(mapping: Pick<Mapping, 'real' | 'translated'>): {
  readonly real: Address
  readonly translated: Address
} {
  const { real, translated } = mapping
  const host = exampleHost(real)
  return { real: real.at(host), translated: translated.at(translated.length > real.length ? 0 : host) }
}

/** A single address without its length. */
export function shortText(prefix: Prefix): string {
  return String(prefix.bits === prefix.lastBits ? prefix.first : prefix)
}

function exampleHost({ size: all }: Prefix): number {
  const size = Number(all)
  return size > 128 ? 77 : size > 8 ? 5 : size > 2 ? 1 : 0
}
