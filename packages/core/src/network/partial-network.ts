import type { NamedAddress } from '../address/named-address.ts'
import type { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import type { SiteName } from './names.ts'
import type { Gateway, Network, Site, Subnet, Transit, Tunnel } from './network.ts'
import type { Unread } from './partly.ts'
import type { Platform } from './platforms.ts'

/** A prefix of a list, with its place in the plan file. */
export interface Placed {
  readonly prefix: Prefix
  readonly path: Path
}

/** A network as far as it could be read, so that one slip hides no other. What is written and could not be read is `undefined`. */
export interface PartialNetwork extends Omit<Network, 'pools' | 'avoid' | 'own' | 'sites'> {
  readonly pools: readonly Placed[]
  readonly avoid: readonly Placed[]
  readonly own: readonly Placed[]
  readonly sites: ReadonlyMap<SiteName, PartialSite>
  readonly unread: Unread
}

export interface PartialSite extends Omit<Site, 'subnets' | 'gateway'> {
  readonly subnets: readonly PartialSubnet[]
  readonly gateway: PartialGateway | undefined
}

export interface PartialSubnet extends Omit<Subnet, 'prefix'> {
  readonly prefix: Prefix | undefined
}

export interface PartialGateway extends Omit<Gateway, 'platform' | 'outside' | 'identity'> {
  readonly platform: Platform | undefined
  readonly outside: PartialOutside
  readonly identity: string | undefined
}

export interface PartialOutside {
  readonly interface: string | undefined
  readonly address: NamedAddress | undefined
  readonly publicAddress: NamedAddress | undefined
  readonly mtu: number
}

/** What can be planned with: the parts that were read as a whole and that nothing is wrong with. */
export function wholeNetwork({ pools, avoid, own, sites, tunnels, transits, moves, unread }: PartialNetwork): Network {
  const whole = [...sites.values()].map((site) => wholeSite(site, unread))
  const prefixesOf = (list: readonly Placed[]) =>
    list.filter(({ path }) => !unread.covers(path)).map(({ prefix }) => prefix)
  return {
    pools: prefixesOf(pools),
    avoid: prefixesOf(avoid),
    own: prefixesOf(own),
    sites: new Map(whole.map((site) => [site.name, site])),
    tunnels: tunnels?.filter((tunnel) => isWholeTunnel(tunnel, { sites, unread })),
    transits: transits.filter((transit) => isWholeTransit(transit, { sites, unread })),
    moves: moves.filter(({ path }) => !unread.touches(path)),
  }
}

function isWholeTunnel({ sites: ends, path }: Tunnel, { sites, unread }: Pick<PartialNetwork, 'sites' | 'unread'>) {
  return !unread.touches([...path, 'sites']) && ends.every((end) => sites.has(end))
}

function isWholeTransit(
  { sites: ends, through, path }: Transit,
  { sites, unread }: Pick<PartialNetwork, 'sites' | 'unread'>,
): boolean {
  return !unread.touches(path) && [...ends, through].every((name) => sites.has(name))
}

function wholeSite(site: PartialSite, unread: Unread): Site {
  return {
    ...site,
    subnets: site.subnets.flatMap((subnet) => wholeSubnet(subnet, unread) ?? []),
    reserved: site.reserved.filter(({ path }) => !unread.covers(path)),
    hosts: site.hosts.filter(({ path }) => !unread.touches(path)),
    gateway: site.gateway && wholeGateway(site.gateway, unread),
  }
}

/**
 * A pin, or an address to hide behind, that is wrong takes only itself away, and what contradicts it. Where something is wrong about what is free,
 * all of the subnet may be.
 */
function wholeSubnet(subnet: PartialSubnet, unread: Unread): Subnet | undefined {
  if (!hasPrefix(subnet) || unread.covers(subnet.path)) return undefined
  if (!unread.touches(subnet.path)) return subnet
  const { prefix } = subnet
  const path = [...subnet.path, 'free']
  const rest = unread.touches(path) ? { ...subnet, free: [{ prefix, path }] } : subnet
  const isWrong = (key: 'translateTo' | 'hideBehind') => unread.covers([...rest.path, key])
  if (!isWrong('translateTo') && !isWrong('hideBehind')) return rest
  return {
    ...rest,
    translateTo: isWrong('translateTo') ? undefined : rest.translateTo,
    hideBehind: isWrong('hideBehind') ? undefined : rest.hideBehind,
    translate: rest.translate === 'never' ? 'auto' : rest.translate,
  }
}

function hasPrefix(subnet: PartialSubnet): subnet is Subnet {
  return subnet.prefix !== undefined
}

function wholeGateway({ platform, outside, identity, ...rest }: PartialGateway, unread: Unread): Gateway | undefined {
  const { interface: port, address, publicAddress, mtu } = outside
  if (!platform || !port || !address || !publicAddress || !identity) return undefined
  if (unread.touches([...rest.path, 'outside'])) return undefined
  return { ...rest, platform, outside: { interface: port, address, publicAddress, mtu }, identity }
}
