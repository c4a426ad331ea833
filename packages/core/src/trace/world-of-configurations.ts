import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRanges } from '../address/special-purpose.ts'
import { abilities } from '../policy/abilities.ts'
import type { ParsedPolicy } from '../policy/parsed-policy.ts'
import {
  indexTranslations,
  outermost,
  realPrefixesBehind,
  translationOf,
  translationsFor,
} from '../verify/translations.ts'
import { isAnyAddress, peerOf } from './negotiation.ts'
import type { ConfiguredGateway, NodeGroup, StaticRoute, TracedSite, World } from './world.ts'

/** What a configuration shows of a gateway, as the parser of its platform gives it. */
export interface Configuration
  extends Pick<ConfiguredGateway, 'platform' | 'policy' | 'proposals' | 'keyDigests' | 'written'> {
  /** What the user calls it. */
  readonly site: string
  readonly addresses: readonly InterfaceNetwork[]
  /** Static routes to a next hop, an interface, or `nowhere`. */
  readonly otherRoutes: readonly { readonly prefix: Prefix; readonly via: string }[]
  readonly nodes?: readonly NodeGroup[]
}

export interface InterfaceNetwork {
  readonly interface: string
  readonly address: Address
  /** The network that is connected with it. */
  readonly prefix: Prefix
}

/** Something that no configuration says and that was concluded from what it says. */
export interface Inference {
  readonly site: string
  readonly kind: 'outside' | 'inside' | 'subnet' | 'network' | 'public-address'
  /** An interface, a prefix or an address. */
  readonly value: string
  readonly because: string
}

/** The world that configurations show by themselves, and what was concluded to make it. */
export function worldOfConfigurations(configurations: readonly Configuration[]): {
  readonly world: World
  readonly inferred: readonly Inference[]
} {
  const inferred: Inference[] = []
  const sites = configurations.map((configuration) => siteOf(configuration, inferred))
  const world = { sites: new Map(sites.map((site) => [site.name, site])) }
  return { world: withPublicAddresses(world, inferred), inferred }
}

/** A gateway as its configuration shows it, for a site of which a plan says the rest. */
export function configuredGateway(configuration: Configuration, inferred: Inference[] = []): ConfiguredGateway {
  const { platform, policy, proposals, keyDigests, written, site } = configuration
  const outside = outsideOf(configuration)
  const inside = insideOf(configuration, outside)
  const note = (kind: Inference['kind'], found: Found | undefined) => {
    if (found) inferred.push({ site, kind, value: found.name, because: found.because })
  }
  note('outside', outside)
  note('inside', inside)
  return {
    platform,
    policy,
    outside: { interface: outside?.name, addresses: ownAddresses(configuration, outside) },
    inside: { interface: inside?.name },
    staticRoutes: staticRoutesOf(configuration, outside?.name),
    proposals,
    keyDigests,
    written,
  }
}

/** Those that its tunnels start from; without any, those of its outside, so that a peer's tunnel is seen to lead to it. */
function ownAddresses({ addresses, policy }: Configuration, outside: Found | undefined): Address[] {
  const locals = policy.tunnels.map(({ local }) => local.address).filter((address) => !isAnyAddress(address))
  if (policy.tunnels.length > 0) return unique(locals)
  const own = addresses.filter(({ interface: name }) => outside === undefined || name === outside.name)
  return unique(own.map(({ address }) => address))
}

interface Found {
  readonly name: string
  readonly because: string
}

function unique(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((address) => [address.toString(), address])).values()]
}

/** The interface with the address that tunnels start from, or the one that the rules for packets on their way out name. */
function outsideOf({ addresses, policy, platform }: Configuration): Found | undefined {
  for (const { local } of policy.tunnels) {
    const found = addresses.find(({ address }) => address.equals(local.address))
    if (found) return { name: found.interface, because: `it has the address ${local.address} of the tunnels` }
  }
  if (abilities[platform].virtualInterface) return undefined
  const names = policy.nat
    .filter(({ direction, interface: name }) => direction === 'source' && name !== undefined && /^[\w.-]+$/.test(name))
    .flatMap((rule) => rule.interface ?? [])
  const name = mostFrequent(names)
  return name === undefined ? undefined : { name, because: 'source rules are for packets that leave there' }
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** The only other interface, or the one whose network holds what is behind the tunnels. */
function insideOf(configuration: Configuration, outside: Found | undefined): Found | undefined {
  if (!outside) return undefined
  const networks = insideNetworks(configuration, outside.name)
  const names = [...new Set(networks.map((network) => network.interface))]
  const [only] = names
  if (only !== undefined && names.length === 1) return { name: only, because: 'it is the only other interface' }
  const real = realSubnets(configuration)
  const holding = networks.find(({ prefix }) => real.some((subnet) => subnet.overlaps(prefix)))
  if (holding) return { name: holding.interface, because: `${holding.prefix} is behind it` }
  const clamped = configuration.policy.clamps.flatMap(({ interface: name }) => name ?? [])
  const other = clamped.filter((name) => name !== outside.name && !isVirtual(configuration, name))
  return other.length === 1 && other[0] !== undefined && names.length === 0
    ? { name: other[0], because: 'the segment size is limited there, too' }
    : undefined
}

function isVirtual({ policy }: Configuration, name: string): boolean {
  return (
    /^(lo|dum|vti|tun|vfp|wg)\d*$/.test(name) ||
    policy.interfaces.some((one) => one.name === name) ||
    policy.tunnels.some(({ selectors }) => selectors.some((selector) => selector.interface === name))
  )
}

function insideNetworks(configuration: Configuration, outside: string | undefined): InterfaceNetwork[] {
  return configuration.addresses.filter(
    ({ interface: name, prefix }) =>
      name !== outside && !isVirtual(configuration, name) && prefix.bits !== prefix.lastBits,
  )
}

/** A next hop lies in the network of an interface; where networks are not known, private ones are taken to be inside. */
function staticRoutesOf(configuration: Configuration, outside: string | undefined): StaticRoute[] {
  const { addresses, otherRoutes } = configuration
  const virtual = (name: string) => isVirtual(configuration, name)
  return otherRoutes.flatMap(({ prefix, via }): StaticRoute[] => {
    if (via === 'nowhere') return [{ prefix, to: 'nowhere' }]
    const hop = Prefix.tryParse(`${via}/${via.includes(':') ? 128 : 32}`)
    const through = hop ? addresses.find((network) => network.prefix.contains(hop))?.interface : via
    if (through !== undefined && virtual(through)) return []
    if (through !== undefined && outside !== undefined) {
      return [{ prefix, to: through === outside ? 'outside' : 'inside' }]
    }
    const isPrivate = hop !== undefined && privateSpace.contains(hop)
    return [{ prefix, to: isPrivate && prefix.length > 0 ? 'inside' : 'outside' }]
  })
}

const privateSpace = PrefixSet.of(privateRanges.map(({ prefix }) => prefix))

/** What NAT rules and selectors say about the networks behind the gateway. */
function realSubnets({ policy }: Pick<Configuration, 'policy'>): Prefix[] {
  return selectorsWithReal(policy).flatMap(({ real }) => real)
}

function selectorsWithReal(policy: ParsedPolicy) {
  const index = indexTranslations(policy.nat)
  const translated = PrefixSet.of(policy.nat.flatMap((rule) => translationOf(rule)?.translated ?? []))
  return policy.tunnels.flatMap(({ selectors }) =>
    selectors.map((selector) => ({
      selector,
      real: realPrefixesBehind(selector, translationsFor(selector, index)),
      /** The gateway makes addresses of this prefix itself, be it for another peer. */
      isMade: translated.overlaps(selector.local),
    })),
  )
}

function siteOf(configuration: Configuration, inferred: Inference[]): TracedSite {
  const { site, policy, nodes = [] } = configuration
  const gateway = configuredGateway(configuration, inferred)
  const connected = insideNetworks(configuration, gateway.outside.interface).map(({ prefix }) => prefix)
  const routed = gateway.staticRoutes.filter(({ to }) => to === 'inside').map(({ prefix }) => prefix)
  const networks = outermost([...connected, ...routed])
  const subnets: { prefix: Prefix; because: string }[] = []
  for (const { selector, real, isMade } of selectorsWithReal(policy)) {
    for (const prefix of real) subnets.push({ prefix, because: `NAT makes addresses of ${selector.local} of it` })
    if (real.length === 0 && !isMade) subnets.push(...untranslated(selector.local, networks))
  }
  const kept = outermost(subnets.map(({ prefix }) => prefix))
  for (const prefix of kept) {
    const because = subnets.find((one) => one.prefix.equals(prefix))?.because ?? ''
    inferred.push({ site, kind: 'subnet', value: String(prefix), because })
  }
  const others = PrefixSet.of(networks).subtract(PrefixSet.of(kept)).prefixes()
  for (const prefix of networks.filter((network) => !kept.some((subnet) => subnet.contains(network)))) {
    const because = connected.includes(prefix) ? 'an interface has an address in it' : 'a static route leads to it'
    inferred.push({ site, kind: 'network', value: String(prefix), because })
  }
  return { name: site, gateway, subnets: kept, otherNetworks: others, nodes }
}

/** A local prefix that no rule translates is real where a network holds it, or where no network is known. */
function untranslated(local: Prefix, networks: readonly Prefix[]): { prefix: Prefix; because: string }[] {
  if (networks.length === 0) {
    return local.length === 0 ? [] : [{ prefix: local, because: 'a selector names it, and no rule translates it' }]
  }
  return networks
    .filter((network) => network.overlaps(local))
    .map((network) => ({
      prefix: network.contains(local) ? local : network,
      because: 'a selector names it, no rule translates it, and it is behind the gateway',
    }))
}

/** A gateway with a private address that a peer reaches at another one is behind a NAT. */
function withPublicAddresses(world: World, inferred: Inference[]): World {
  const owned = new Set(
    [...world.sites.values()].flatMap(({ gateway }) => gateway.outside.addresses.map((address) => address.toString())),
  )
  const sites = [...world.sites.values()].map((site) => {
    const found = site.gateway.policy.tunnels.flatMap((tunnel) =>
      peerOf(world, site, tunnel).flatMap((end) => {
        const { address } = end.tunnel.remote
        const isBehindNat = privateSpace.contains(tunnel.local.address) && !privateSpace.contains(address)
        return isBehindNat && !isAnyAddress(address) && !owned.has(address.toString()) ? [address] : []
      }),
    )
    if (found.length === 0) return site
    const added = unique(found)
    for (const address of added) {
      const because = 'the peer sends to it, and the gateway itself has a private address'
      inferred.push({ site: site.name, kind: 'public-address', value: String(address), because })
    }
    const outside = { ...site.gateway.outside, addresses: [...site.gateway.outside.addresses, ...added] }
    return { ...site, gateway: { ...site.gateway, outside } }
  })
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}
