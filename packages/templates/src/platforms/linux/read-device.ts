import {
  type Device,
  type DeviceRoute,
  type DeviceTunnel,
  kernelStages,
  type Range,
  rangeOf,
  type SteeringRule,
  type Unread,
} from '@natplan/core'
import { KeyRing, withKey } from '../../key-ring.ts'
import { hidden } from '../../line-tokens.ts'
import type { ReadDevice } from '../../read-device.ts'
import { linesInSecrets } from '../../secret-blocks.ts'
import { strangePolicies } from './ip/policies.ts'
import { ownAddresses } from './netfilter/own-addresses.ts'
import { readIptables } from './netfilter/read-iptables.ts'
import { readNft } from './netfilter/read-nft.ts'
import { type Filtering, ruleLists } from './netfilter/rule-lists.ts'
import { underVrfNames } from './netfilter/vrf-names.ts'
import { unread } from './numbered.ts'
import { type Parts, splitText } from './split-text.ts'
import { readStrongswan } from './strongswan/read-strongswan.ts'
import { proxyingInterfaces, readSysctls } from './sysctls.ts'

/**
 * Reads a Linux gateway out of one text, in any mix: rules of nftables and iptables, swanctl.conf or ipsec.conf, and what `ip` prints about
 * addresses, routes, rules, links and policies; files, or the commands that write them.
 */
export function readDevice(text: string): ReadDevice {
  const parts = splitText(text)
  const inSecrets = linesInSecrets(text)
  const interfaces = parts.links.interfaces()
  const strongswan = readStrongswan(parts, interfaces)
  const ring = new KeyRing(strongswan.keys, { isWhole: false })
  const found = strongswan.tunnels.map((tunnel) => withKey(tunnel, ring.keyFor(tunnel)))
  const tunnels = sortedTunnels(found.map(({ tunnel }) => tunnel))
  const own = ownAddresses(interfaces, tunnels)
  const nft = readNft(parts.nft, own)
  const iptables = readIptables(parts.iptables, { own, ipsets: parts.ipsets })
  const filtering = ruleLists([...nft.tables, ...iptables.tables])
  const routes = writtenRoutes(parts, interfaces)
  const { steering, unread: unreadRules } = steeringOf(parts, routes)
  const device: Device = {
    platform: 'linux',
    file: undefined,
    order: kernelStages,
    interfaces: interfaces.map((one) => ({ ...one, ...filtering.zones.get(one.name) })),
    routes,
    wholeTables: showsAllRoutes(parts, interfaces) ? [4] : [],
    steering,
    ...vrfDoubtsOf(parts, interfaces),
    lists: underVrfNames(filtering.lists, interfaces),
    tunnels,
    installsRoutes: strongswan.installsRoutes,
    ...(strongswan.isInstallingWritten || routes.some(({ table }) => table === daemonTable)
      ? {}
      : {
          installDoubt: {
            line: undefined,
            what: 'install_routes of strongSwan, which is not written here, could be no',
          },
        }),
    clamps: clampsOf(filtering, tunnels),
    ...proxyArpOf(parts),
    usedNumbers: filtering.numbers,
    claims: [parts.links.claims(), parts.rules.claims(), strongswan.claims, filtering.claims].flat(),
    unread: sortedUnread([
      ...parts.strange.map((line) => unread(line, line.touches)),
      ...[nft, iptables, filtering, strongswan].flatMap((part) => part.unread),
      ...parts.links.unread(),
      ...parts.routes.unread,
      ...parts.rules.unread,
      ...unreadRules,
      ...readSysctls(parts.sysctls),
      ...strangePolicies(parts.policies, tunnels),
    ]).map((one) => (inSecrets.has(one.line) ? { ...one, text: hidden } : one)),
  }
  const keys = new Map(found.flatMap(({ tunnel, key }) => (key ? [[tunnel.name, key] as const] : [])))
  return { device, keys, findings: [] }
}

/** What a text does not show may be set all the same. */
function proxyArpOf({ proxies, sysctls }: Parts): Pick<Device, 'proxyArp'> {
  const entries = [...proxies.entries, ...proxyingInterfaces(sysctls)]
  return entries.length > 0 ? { proxyArp: { entries, isWhole: false } } : {}
}

function sortedTunnels(tunnels: readonly DeviceTunnel[]): DeviceTunnel[] {
  return [...tunnels].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Each line once for each thing that it touches. */
function sortedUnread(all: readonly Unread[]): Unread[] {
  const known = new Map(all.map((one) => [`${one.line} ${one.touches} ${one.isPlaced} ${one.text}`, one]))
  return [...known.values()].sort((a, b) => a.line - b.line)
}

function writtenRoutes({ routes, links }: Parts, interfaces: Device['interfaces']): DeviceRoute[] {
  const tables = links.vrfTables()
  const connected = new Set(
    interfaces.flatMap(({ name, addresses }) =>
      addresses.flatMap((address) => (address.kind === 'known' ? [`${name} ${address.network}`] : [])),
    ),
  )
  const known = new Map<string, DeviceRoute>()
  for (const shown of routes.routes) {
    const route = { ...shown, table: tables.get(shown.table) ?? shown.table }
    const { to } = route
    // What the addresses of interfaces say already.
    if (route.table === 'main' && to.kind === 'interface' && connected.has(`${to.interface} ${route.prefix}`)) continue
    const where =
      to.kind === 'via' ? `${to.address} ${to.interface ?? ''}` : to.kind === 'interface' ? to.interface : to.kind
    known.set(`${route.table} ${route.prefix} ${route.distance} ${where}`, route)
  }
  return [...known.values()]
}

/** The kernel shows a route for each network of an interface, so a list of routes with all of them is the whole table. */
function showsAllRoutes({ routes }: Parts, interfaces: Device['interfaces']): boolean {
  const networks = interfaces
    .filter(({ kind, table }) => kind === 'physical' && table === 'main')
    .flatMap(({ name, addresses }) =>
      addresses.flatMap((one) =>
        one.kind === 'known' && one.network.family === 4 && one.network.length < 32 ? [`${name} ${one.network}`] : [],
      ),
    )
  return networks.length > 0 && networks.every((network) => routes.connected.has(network))
}

/** Where strongSwan puts the routes that it makes. */
const daemonTable = '220'

/**
 * Routes of strongSwan's own table that a text shows are read as routes that are asked before the main table. What the daemon makes
 * itself follows from the children all the same: what was shown once may not have been all of it.
 */
function steeringOf(
  { rules }: Parts,
  routes: readonly DeviceRoute[],
): { readonly steering: SteeringRule[]; readonly unread: Unread[] } {
  const tables = new Set(routes.map(({ table }) => table))
  const written = rules.rules().filter(({ to }) => !isEmptyDaemonTable(to, tables))
  const lost: Unread[] = []
  const steering = written.map((rule): SteeringRule => {
    if (rule.doubt || rule.to.kind !== 'table' || rule.to.table === 'main' || tables.has(rule.to.table)) return rule
    const what = `lookup ${rule.to.table}: its routes are not shown`
    lost.push({ line: rule.line ?? 0, text: what, touches: 'routes', isPlaced: true })
    return { ...rule, doubt: { line: rule.line, what } }
  })
  const isAsked = steering.some(({ to }) => to.kind === 'table' && to.table === daemonTable)
  const own: SteeringRule = {
    line: undefined,
    match: {},
    asked: 'at-routing',
    to: { kind: 'table', table: daemonTable },
  }
  return { steering: tables.has(daemonTable) && !isAsked ? [own, ...steering] : steering, unread: lost }
}

function isEmptyDaemonTable(to: SteeringRule['to'], tables: ReadonlySet<string>): boolean {
  return to.kind === 'table' && to.table === daemonTable && !tables.has(daemonTable)
}

/** VyOS has both in order; elsewhere somebody must have seen to it. */
function vrfDoubtsOf({ rules }: Parts, interfaces: Device['interfaces']): Pick<Device, 'vrfDoubts'> {
  if (interfaces.every(({ vrf }) => vrf === undefined)) return {}
  const { asksVrfsFirst, endsVrfs } = rules
  const pairs = {
    line: undefined,
    what: "whether VRFs are asked before the gateway's own addresses (ip rule: local behind l3mdev), without which the ends of a pair do not find each other",
  }
  const rest = {
    line: undefined,
    what: 'whether what a VRF has no route for goes on by the main table (ip rule: l3mdev unreachable ends it)',
  }
  return { vrfDoubts: { ...(asksVrfsFirst ? {} : { pairs }), ...(endsVrfs ? {} : { rest }) } }
}

/** The clamps that packets of some tunnel could meet; of several on one interface the largest counts. */
function clampsOf({ clamps, lists }: Filtering, tunnels: readonly DeviceTunnel[]): Device['clamps'] {
  const selected = tunnels.flatMap(({ children }) => children.flatMap(({ local, remote }) => [local, remote]))
  const networks = selected.length > 0 ? [...selected.map(rangeOf), ...translated(lists)] : []
  const found = new Map<string | undefined, Device['clamps'][number]>()
  for (const { match, ...clamp } of clamps) {
    const sets = [match.source, match.destination].filter((set) => set !== undefined)
    const meets = networks.length === 0 || sets.every((set) => networks.some((network) => set.meets(network)))
    const before = found.get(clamp.interface)
    if (meets && (!before || before.mss < clamp.mss)) found.set(clamp.interface, clamp)
  }
  return [...found.values()].sort((a, b) => ((a.interface ?? '') < (b.interface ?? '') ? -1 : 1))
}

/** What packets are called before NAT makes them those of a tunnel. */
function translated(lists: Device['lists']): Range[] {
  const rules = lists.flatMap((list) => (list.kind === 'filter' ? [] : list.rules))
  return rules.flatMap(({ match }) => [match.source, match.destination].flatMap((set) => set?.ranges ?? []))
}
