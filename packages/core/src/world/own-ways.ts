import type { Address } from '../address/address.ts'
import { familyOf } from '../address/bits.ts'
import { textOf } from '../address/named-address.ts'
import type { DeviceTunnel, SteeringRule } from '../device/device.ts'
import { connectedNetworks, mainTable } from '../device/next-hop.ts'
import { everyAddress } from '../match/box.ts'
import type { LongestPrefix } from '../match/longest-prefix.ts'
import type { Packet } from '../match/packet.ts'
import { esp, udp } from '../match/protocols.ts'
import { type Passage, type Takes, takes } from '../match/takes.ts'
import { Tracked } from '../match/tracked.ts'
import { type RouteEntry, routingOf } from './routing.ts'
import type { WorldSite } from './world.ts'

/** What certainly keeps packets of a tunnel from its peer: there is no route, or it leads into the tunnel that it is to carry. */
export function routeLack(site: WorldSite, tunnel: DeviceTunnel): string | undefined {
  const { address } = tunnel.remote
  const ways = ownWays(site, tunnel)
  if (address.kind !== 'known' || ways.length === 0) return undefined
  if (ways.every((way) => way === 'none' || (way !== 'unknown' && way.to === 'nowhere' && way.doubt === undefined))) {
    return `${site.name} has no route to ${address.address}`
  }
  const into = entriesOf(ways).filter((way) => way.doubt === undefined && leadsIntoItself(way, tunnel))
  return into.length === ways.length
    ? `${site.name} routes packets for ${address.address} into the tunnel itself, by ${into[0]?.interface}`
    : undefined
}

/** What may keep packets of a tunnel from its peer: they start from the address of one uplink and leave by another interface. */
export function leavesElsewhere(site: WorldSite, tunnel: DeviceTunnel): string | undefined {
  const { local, remote } = tunnel
  if (local.address.kind !== 'known' || remote.address.kind !== 'known') return undefined
  const [own, peer] = [local.address.address, remote.address.address]
  const networks = connectedNetworks(site.device).filter(({ prefix }) => prefix.contains(own))
  const uplink = networks.find(({ address }) => address.equals(own))?.interface.name
  if (uplink === undefined || !site.sides.uplinks.includes(uplink)) return undefined
  const isGood = (way: RouteEntry, leaving: string) =>
    networks.some(({ interface: { name } }) => name === leaving) ||
    leadsIntoItself(way, tunnel) ||
    takesOver({ site, tunnel }, leaving)
  const [leaving] = entriesOf(ownWays(site, tunnel)).flatMap((way) =>
    way.interface === undefined || isGood(way, way.interface) ? [] : [way.interface],
  )
  if (leaving === undefined) return undefined
  return `packets of the tunnel for ${peer} start from ${own}, the address of ${uplink}, and ${site.name} sends them by ${leaving}`
}

/** Of two tunnels to one address, routes lead to that of the other uplink once the first one is gone. */
function takesOver(
  { site, tunnel }: { readonly site: WorldSite; readonly tunnel: DeviceTunnel },
  leaving: string,
): boolean {
  const own = connectedNetworks(site.device).filter((one) => one.interface.name === leaving)
  const peer = textOf(tunnel.remote.address)
  return site.device.tunnels.some(
    ({ local, remote }) =>
      textOf(remote.address) === peer && own.some(({ address }) => textOf(local.address) === address.toString()),
  )
}

function leadsIntoItself(entry: RouteEntry, { children }: DeviceTunnel): boolean {
  return entry.to === 'virtual' && children.some(({ through }) => through?.interface === entry.interface)
}

/** `none`: no route; `unknown`: a rule chose another way, which was not followed, or a table of which nothing is shown. */
type Way = RouteEntry | 'none' | 'unknown'

function entriesOf(ways: readonly Way[]): RouteEntry[] {
  return ways.filter((way) => typeof way === 'object')
}

/** What the gateway begins itself comes in by no interface of others (ip-rule(8), `iif lo`). */
const passage: Passage = { in: { name: 'lo', isNot: [] }, out: undefined, isEncrypting: false }

/** All ways by which a gateway may send IKE and ESP to the peer of a tunnel; none where interfaces choose tables. */
function ownWays(site: WorldSite, { local, remote }: DeviceTunnel): readonly Way[] {
  const own = local.address.kind === 'known' ? local.address.address : undefined
  if (remote.address.kind !== 'known' || !isInMain(site, own)) return []
  const peer = remote.address.address
  return [udp, esp].flatMap((protocol) => waysOf(site, { own, peer, protocol }))
}

function isInMain({ device }: WorldSite, own: Address | undefined): boolean {
  const holding = connectedNetworks(device).find(({ address }) => own !== undefined && address.equals(own))
  return holding ? holding.interface.table === mainTable : device.interfaces.every(({ table }) => table === mainTable)
}

interface Sent {
  /** `undefined`: not known. */
  readonly own: Address | undefined
  readonly peer: Address
  readonly protocol: number
}

/** The first rule that takes the packet and whose table has a route decides; those that may take it come beside what the rest says. */
function waysOf(site: WorldSite, sent: Sent): Way[] {
  const { tables } = routingOf(site)
  const ways: Way[] = []
  for (const rule of site.device.steering.filter(({ asked }) => asked === 'at-routing')) {
    const answer = asks(rule, sent)
    if (answer === 'no') continue
    const table = rule.to.kind === 'table' ? tables.get(rule.to.table) : undefined
    const way = table ? wayIn(table, sent) : 'unknown'
    if (way === 'none') continue
    ways.push(way)
    if (answer === 'yes') return ways
  }
  return [...ways, wayIn(tables.get(mainTable), sent)]
}

function wayIn(table: LongestPrefix<RouteEntry> | undefined, { peer }: Sent): Way {
  const entry = table?.at(peer.bits)
  return entry === undefined || entry.to === 'next-table' ? 'none' : entry
}

function asks({ match, doubt }: SteeringRule, sent: Sent): Takes {
  let isSourceMissing = false
  const packet = packetOf(sent, () => {
    isSourceMissing = true
  })
  const answer = takes(match, packet, passage)
  return isSourceMissing || (answer === 'yes' && doubt !== undefined) ? 'maybe' : answer
}

/** IKE (RFC 7296, section 2), or what the tunnel carries (RFC 4303). `whenAsked`: told when an address that is not known decides. */
function packetOf({ own, peer, protocol }: Sent, whenAsked: () => void): Packet {
  const source = own ? Tracked.fixed(own.bits) : Tracked.anyOf(everyAddress(familyOf(peer.bits)), peer.bits, whenAsked)
  return {
    source,
    destination: Tracked.fixed(peer.bits),
    protocol: Tracked.fixed(protocol),
    sourcePort: Tracked.fixed(ikePort),
    destinationPort: Tracked.fixed(ikePort),
    icmpType: 0,
    state: 'new',
    isDecrypted: false,
  }
}

const ikePort = 500
