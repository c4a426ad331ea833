import { Prefix } from '../address/prefix.ts'
import { PrefixMap } from '../address/prefix-map.ts'
import type { Device, DeviceRoute, DeviceTunnel, Doubt, TunnelChild, Written } from '../device/device.ts'
import { connectedNetworks, interfaceNamed, mainTable, onwardOf } from '../device/next-hop.ts'
import { LongestPrefix } from '../match/longest-prefix.ts'
import { isVirtual } from './find-sides.ts'
import { hasAddressIn } from './own-address.ts'
import type { WorldSite } from './world.ts'

/** Where a gateway sends packets of one prefix. */
export interface RouteEntry extends Written {
  readonly prefix: Prefix
  /** `outside`: by an uplink; `virtual`: into the tunnels of an interface; `joined`: in again by the interface that it joins; `far`: to what is not known; `next-table`: this table does not say. */
  readonly to: 'inside' | 'outside' | 'virtual' | 'joined' | 'far' | 'nowhere' | 'unknown' | 'next-table'
  readonly interface: string | undefined
  readonly doubt?: Doubt
  /** Nobody wrote it and much else was written, so that there may be no route at all. */
  readonly assumed?: Doubt
  /** What counts when the interface is down: the route for the same prefix with the next distance. */
  readonly next?: RouteEntry
  /** The child that the IKE daemon made the route for. */
  readonly madeFor?: { readonly tunnel: DeviceTunnel; readonly child: TunnelChild }
}

/** All tables of a gateway. */
export interface Routing {
  readonly tables: ReadonlyMap<string, LongestPrefix<RouteEntry>>
  /** Asked before the main table: what the IKE daemon puts there for all tunnels that are up, and for those that hold packets before. */
  readonly installed:
    | { readonly up: LongestPrefix<RouteEntry>; readonly trapped: LongestPrefix<RouteEntry> }
    | undefined
  /** What it may have put there, each with why that is not known. */
  readonly perhaps: LongestPrefix<RouteEntry & { readonly doubt: Doubt }> | undefined
}

const known = new WeakMap<WorldSite, Routing>()

export function routingOf(site: WorldSite): Routing {
  const made = known.get(site)
  if (made) return made
  const routing = makeRouting(site)
  known.set(site, routing)
  return routing
}

function makeRouting(site: WorldSite): Routing {
  const { device } = site
  const names = new Set([
    mainTable,
    ...device.interfaces.map(({ table }) => table),
    ...device.routes.map(({ table }) => table),
  ])
  const tables = new Map([...names].map((name) => [name, writtenEntries(site, name)]))
  const main = tables.get(mainTable) ?? []
  const uplinks = new LongestPrefix(device.tunnels.length === 0 ? [] : main)
  const installed = installedEntries(site, uplinks)
  const made = installed.map(({ entry }) => entry)
  const whole = [...(device.installsRoutes === 'always' ? made : []), ...main]
  tables.set(mainTable, [...whole, ...assumedEntries(site, whole), ...defaultEntries(site)])
  const trapped = installed.filter(({ isTrapped }) => isTrapped).map(({ entry }) => entry)
  const isBefore = device.installsRoutes === 'own-address' && made.length > 0
  return {
    tables: new Map([...tables].map(([name, all]) => [name, new LongestPrefix(all, leadsAlike)])),
    installed: isBefore ? { up: new LongestPrefix(made), trapped: new LongestPrefix(trapped) } : undefined,
    perhaps: perhapsInstalled(site, uplinks),
  }
}

function leadsAlike(one: RouteEntry, other: RouteEntry): boolean {
  const isPlain = [one, other].every(({ doubt, assumed, next, madeFor }) => !doubt && !assumed && !next && !madeFor)
  return isPlain && one.to === other.to && one.interface === other.interface
}

/** Connected networks come before routes of the same prefix, and of routes the lowest distance decides. */
function writtenEntries(site: WorldSite, table: string): RouteEntry[] {
  const { device } = site
  const connected = connectedNetworks(device)
    .filter((network) => network.interface.table === table)
    .flatMap(({ address, prefix, interface: { name }, line }): RouteEntry[] => {
      const network = entryAt(site, name, { prefix, line })
      // What is for the gateway itself does not go into its tunnel.
      const own = { prefix: Prefix.of(address), to: 'inside', interface: name, line } as const
      return network.to === 'virtual' ? [own, network] : [network]
    })
  return [...connected, ...byPrefix(device.routes, table).map((routes) => entryOfRoutes(site, routes))]
}

/** The routes of a table that have one prefix, in the order of the first of them. */
function byPrefix(routes: readonly DeviceRoute[], table: string): DeviceRoute[][] {
  const known = new PrefixMap<DeviceRoute[]>()
  const groups: DeviceRoute[][] = []
  for (const route of routes) {
    if (route.table !== table) continue
    const group = known.get(route.prefix)
    if (group) group.push(route)
    else {
      const made = [route]
      known.set(route.prefix, made)
      groups.push(made)
    }
  }
  return groups
}

function entryOfRoutes(site: WorldSite, routes: readonly DeviceRoute[]): RouteEntry {
  const [only] = routes
  if (only && routes.length === 1) return entryOf(site, only)
  const lowest = Math.min(...routes.map(({ distance }) => distance))
  const [first, ...others] = routes.filter(({ distance }) => distance === lowest).map((route) => entryOf(site, route))
  if (!first) throw new Error('there is no route')
  const other = others.find((one) => one.to !== first.to || (one.to !== 'inside' && one.interface !== first.interface))
  const doubt =
    [first, ...others].find((one) => one.doubt)?.doubt ??
    (other && { ...placeOf(other), what: `one of several routes for ${first.prefix}` })
  const backups = routes.filter(({ distance }) => distance > lowest)
  return {
    ...first,
    ...(doubt ? { doubt } : {}),
    ...(backups.length > 0 ? { next: entryOfRoutes(site, backups) } : {}),
  }
}

function entryOf(site: WorldSite, route: DeviceRoute): RouteEntry {
  const { prefix, doubt } = route
  const onward = onwardOf(site.device, route)
  const place = { prefix, ...placeOf(route), ...(doubt ? { doubt } : {}) }
  switch (onward.kind) {
    case 'nowhere':
    case 'next-table':
      return { ...place, to: onward.kind, interface: undefined }
    case 'across':
      return { ...place, to: 'joined', interface: onward.interface }
    case 'interface':
      return entryAt(site, onward.interface, place)
    case 'itself':
      return {
        ...place,
        to: 'unknown',
        interface: undefined,
        doubt: doubt ?? doubtAbout(route, 'leads to the device itself'),
      }
    case 'unknown':
      return { ...place, ...unknownHop(site, route, onward.isPrivate) }
  }
}

/** A default route leads to the uplink wherever its next hop is; with no network known, public next hops do and private ones do not. */
function unknownHop(
  site: WorldSite,
  route: DeviceRoute,
  isPrivate: boolean,
): Pick<RouteEntry, 'to' | 'interface' | 'doubt'> {
  const { sides, device } = site
  if (route.prefix.length === 0) return { to: 'outside', interface: sides.uplinks[0] }
  if (connectedNetworks(device).length === 0) {
    return isPrivate ? { to: 'inside', interface: sides.inside } : { to: 'outside', interface: sides.uplinks[0] }
  }
  const doubt = route.doubt ?? doubtAbout(route, 'has a next hop in no known network')
  return { to: 'unknown', interface: undefined, doubt }
}

function doubtAbout(route: DeviceRoute, what: string): Doubt {
  return { ...placeOf(route), what: `the route for ${route.prefix} ${what}` }
}

function placeOf({ line, file }: Written): Written {
  return { line, ...(file === undefined ? {} : { file }) }
}

function entryAt(
  { device, sides }: WorldSite,
  name: string,
  place: Pick<RouteEntry, 'prefix' | 'line' | 'file' | 'doubt'>,
): RouteEntry {
  if (isVirtual(device, name)) return { ...place, to: 'virtual', interface: name }
  if (interfaceNamed(device, name)?.joins !== undefined) return { ...place, ...asNeighbours(name, place) }
  if (interfaceNamed(device, name)?.kind === 'far') return { ...place, to: 'far', interface: name }
  return { ...place, to: sides.uplinks.includes(name) ? 'outside' : 'inside', interface: name }
}

/** Only a next hop leads across a pair: as a neighbour nobody answers there, unless something does so for others (proxy ARP). */
function asNeighbours(
  name: string,
  { prefix, line, file, doubt }: Pick<RouteEntry, 'prefix' | 'line' | 'file' | 'doubt'>,
): Pick<RouteEntry, 'to' | 'interface' | 'doubt'> {
  const what = `whether anybody answers for addresses of ${prefix} at the other end of ${name}`
  return {
    to: 'unknown',
    interface: name,
    doubt: doubt ?? { ...placeOf({ line, ...(file === undefined ? {} : { file }) }), what },
  }
}

/**
 * What the daemon makes of the children of policy-based tunnels: the remote prefix by the uplink, for a child that only passes as the main
 * table says.
 */
function installedEntries(site: WorldSite, main: LongestPrefix<RouteEntry>): Installed[] {
  const { device } = site
  if (device.installsRoutes === 'never') return []
  return device.tunnels.flatMap((tunnel) =>
    tunnel.children.flatMap((child): Installed[] => {
      if (child.kind === 'drop' || child.through?.kind === 'route' || !isInstalled(device, child)) return []
      const { remote: prefix, line } = child
      if (child.kind === 'pass')
        return [{ entry: { prefix, line, to: 'next-table', interface: undefined }, isTrapped: true }]
      const entry = madeEntry({ site, tunnel, child }, main)
      return [{ entry, isTrapped: child.start === 'trap' && tunnel.remote.address.kind !== 'any' }]
    }),
  )
}

function madeEntry(
  { site, tunnel, child }: { readonly site: WorldSite; readonly tunnel: DeviceTunnel; readonly child: TunnelChild },
  main: LongestPrefix<RouteEntry>,
): RouteEntry {
  const { remote: prefix, line } = child
  return {
    prefix,
    line,
    to: 'outside',
    interface: uplinkTowards(site, tunnel, main),
    madeFor: { tunnel, child },
  }
}

/** What it would make if the device had an address of which that is not known. */
function perhapsInstalled(site: WorldSite, main: LongestPrefix<RouteEntry>): Routing['perhaps'] {
  const { device } = site
  if (device.installsRoutes !== 'own-address') return undefined
  const made = device.tunnels.flatMap((tunnel) =>
    tunnel.children.flatMap((child) => {
      const doubt = hasAddressIn(device, child.local)
      const isPlain = child.kind === 'protect' && child.through?.kind !== 'route'
      return isPlain && typeof doubt === 'object' ? [{ ...madeEntry({ site, tunnel, child }, main), doubt }] : []
    }),
  )
  return made.length > 0 ? new LongestPrefix(made) : undefined
}

/** A route that the daemon makes; `isTrapped`: it is there before the tunnel. */
interface Installed {
  readonly entry: RouteEntry
  readonly isTrapped: boolean
}

function uplinkTowards(
  { sides }: WorldSite,
  { remote: { address } }: DeviceTunnel,
  main: LongestPrefix<RouteEntry>,
): string | undefined {
  const entry = address.kind === 'known' ? main.at(address.address.bits) : undefined
  return entry?.to === 'outside' ? entry.interface : sides.uplinks[0]
}

function isInstalled(device: Device, { kind, local }: TunnelChild): boolean {
  if (device.installsRoutes === 'always') return kind === 'protect'
  return hasAddressIn(device, local) === 'yes'
}

/** What the world knows to be behind the gateway and no route of the device decides about, in whatever table, its default route aside. */
function assumedEntries(site: WorldSite, entries: readonly RouteEntry[]): RouteEntry[] {
  const deciding = new LongestPrefix(entries.filter(({ prefix, to }) => prefix.length > 0 && to !== 'outside'))
  const onUplink = new LongestPrefix(
    connectedNetworks(site.device).filter(({ interface: { name } }) => site.sides.uplinks.includes(name)),
  )
  const elsewhere = connectedNetworks(site.device).filter((network) => network.interface.table !== mainTable)
  return [...site.subnets, ...site.otherNetworks]
    .filter((prefix) => !isWhole(site.device, prefix))
    .filter((prefix) => !elsewhere.some((network) => network.prefix.contains(prefix)))
    .filter((prefix) => deciding.at(prefix.bits)?.prefix.contains(prefix) !== true)
    .map((prefix) => {
      const beside = onUplink.at(prefix.bits)
      const name = beside?.prefix.overlaps(prefix) ? beside.interface.name : site.sides.inside
      return { prefix, to: 'inside', interface: name, line: undefined }
    })
}

/** Concluded where none is written; a device that shows all its routes has no other way. */
function defaultEntries(site: WorldSite): RouteEntry[] {
  const { sides, device } = site
  return ['0.0.0.0/0', '::/0'].map((text): RouteEntry => {
    const prefix = Prefix.parse(text)
    if (isWhole(device, prefix)) return { prefix, to: 'nowhere', interface: undefined, line: undefined }
    const assumed = prefix.family === 4 && showsUplink(site) ? { assumed: missingDefault } : {}
    return { prefix, to: 'outside', interface: sides.uplinks[0], line: undefined, ...assumed }
  })
}

const missingDefault: Doubt = {
  line: undefined,
  what: 'the default route, which is not written here, could be missing',
}

/** Reports whether a text has the interface that the internet is behind, and no address that comes with a route of its own (DHCP, PPPoE). */
function showsUplink({ device, sides: { uplinks } }: WorldSite): boolean {
  const isDynamic = device.interfaces.some(({ addresses }) => addresses.some(({ kind }) => kind === 'dynamic'))
  const isShown = connectedNetworks(device).some(({ interface: { name } }) => name === uplinks[0])
  return device.file !== undefined && isShown && !isDynamic
}

function isWhole({ wholeTables = [] }: Device, { family }: Prefix): boolean {
  return wholeTables.includes(family)
}
