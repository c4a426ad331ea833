import { abilities } from '@natplan/core'
import * as fc from 'fast-check'
import type { Written } from './policies.ts'

type Site = Written['sites'][string]
type Tunnel = NonNullable<Written['tunnels']>[number]
export type Form = Pick<Tunnel, 'mode' | 'selectors' | 'link' | 'translateAt'>

/** An end of a tunnel, as a plan has it. */
export interface End {
  readonly name: string
  readonly site: Site
}

/** The forms that a tunnel can have between two sites; `index` tells the links of tunnels apart. */
export function formsBetween(one: End, other: End, index: number): fc.Arbitrary<Form> {
  const ends = [one, other]
  const able = ends.flatMap(({ site }) => (site.gateway?.platform ? abilities[site.gateway.platform] : []))
  const hasIpv6 = ends.every(({ site }) => site.subnets.some(isOfIpv6))
  const takes = (what: 'any' | 'narrow') => able.every(({ routed }) => routed?.takes.includes(what))
  const takesAll = able.every(({ routed, ikeVersions }) => routed?.any !== 'ipv4' && ikeVersions.some(isTwo))
  const isFixed = ends.every(({ site }) => Object.values(site.gateway?.outside ?? {}).every(isNoOpenAddress))
  const takesEnds = isFixed || able.every(({ routed }) => !routed?.needsAddresses)
  const route = { mode: 'route' } as const
  const wide = [
    route,
    { ...route, link: `169.254.10.${4 * index}/30` },
    { ...route, link: `169.254.20.${2 * index}/31` },
  ]
  return fc.constantFrom<Form>(
    {},
    ...(takes('any') && takesEnds && (takesAll || !hasIpv6) ? wide : []),
    ...(takes('narrow') ? [{ ...route, selectors: 'narrow' } as const] : []),
    ...ends.flatMap(({ name }, at) => (able[at]?.translates === 'domain' && !hasIpv6 ? [{ translateAt: name }] : [])),
  )
}

function isOfIpv6(subnet: Site['subnets'][number]): boolean {
  return (typeof subnet === 'string' ? subnet : subnet.prefix).includes(':')
}

function isNoOpenAddress(value: unknown): boolean {
  return value !== 'dynamic' && typeof value !== 'object'
}

function isTwo(version: 1 | 2): boolean {
  return version === 2
}

interface Further {
  /** The ends at which a second tunnel has another uplink. */
  readonly second: 'none' | 'one end' | 'both ends'
  /** Which sites talk over the first one. */
  readonly transit: 'none' | 'two' | 'all'
}

const further: fc.Arbitrary<Further> = fc.record({
  second: fc.constantFrom('none', 'one end', 'both ends'),
  transit: fc.constantFrom('none', 'two', 'all'),
})

/** The same network with second tunnels over further uplinks, and with sites that talk over the first one. */
export function withFurther(written: fc.Arbitrary<Written>): fc.Arbitrary<Written> {
  return fc.tuple(written, further).map(([network, { second, transit }]) => {
    const tunnels = network.tunnels ?? []
    const added = second === 'none' ? [] : tunnels.flatMap((one, at) => secondOf(one, { network, second, at }))
    const used = new Set(added.flatMap(({ uplinks }) => Object.keys(uplinks ?? {})))
    const sites = Object.entries(network.sites).map(
      ([name, site], index) => [name, used.has(name) ? withUplink(site, index) : site] as const,
    )
    return {
      ...network,
      sites: Object.fromEntries(sites),
      tunnels: [...tunnels, ...added, ...transitOf(network, transit)],
    }
  })
}

function secondOf(
  tunnel: Tunnel,
  { network, second, at }: { readonly network: Written; readonly second: Further['second']; readonly at: number },
): Tunnel[] {
  const ends = tunnel.sites === 'all' ? [] : tunnel.sites
  const isFixed = ends.every((end) => Object.values(network.sites[end]?.gateway?.outside ?? {}).every(isNoOpenAddress))
  if (tunnel.mode !== 'route' || !isFixed) return []
  // Where a peer is called by its address, a second tunnel needs another one.
  const isCalledByAddress = abilities[network.sites[ends[0] ?? '']?.gateway?.platform ?? 'linux'].peersByIdentity
  const count = second === 'one end' && !isCalledByAddress ? 1 : 2
  const uplinks = Object.fromEntries(ends.slice(0, count).map((end) => [end, 'backup']))
  return [{ ...tunnel, uplinks, ...(tunnel.link === undefined ? {} : { link: `169.254.30.${4 * at}/30` }) }]
}

function withUplink(site: Site, index: number): Site {
  const { gateway } = site
  if (!gateway) return site
  const port = gateway.platform === 'vyatta-5600' ? 'dp0s9' : 'eth6'
  const backup = { interface: port, address: `198.18.${index}.10`, nextHop: `198.18.${index}.1` }
  return { ...site, gateway: { ...gateway, uplinks: { backup } } }
}

/** Of the sites that have a tunnel to the first one, those that have none to each other. A hub that translates for one does so for all. */
function transitOf({ sites, tunnels = [] }: Written, transit: Further['transit']): Tunnel[] {
  const [hub = ''] = Object.keys(sites)
  const pairs = tunnels.flatMap((one) => (one.sites === 'all' ? [] : [one.sites]))
  // A spoke that does all translation of its tunnel would have to do that of those beyond the hub, too.
  const handing = tunnels.filter((one) => one.sites !== 'all' && [undefined, hub].includes(one.translateAt))
  const legs = handing.flatMap((one) => (one.sites !== 'all' && one.sites.includes(hub) ? one.sites : []))
  const spokes = [...new Set(legs)].filter((name) => name !== hub)
  const isJoined = (one: string, other: string) => pairs.some((pair) => pair.includes(one) && pair.includes(other))
  const open = spokes.flatMap((one, at) =>
    spokes.slice(at + 1).flatMap((other) => (isJoined(one, other) ? [] : [[one, other]])),
  )
  if (transit === 'none' || open.length === 0) return []
  return transit === 'all' && handing.length === tunnels.length
    ? [{ sites: 'all', through: hub }]
    : open.slice(0, 1).map((two) => ({ sites: two, through: hub }))
}
