import {
  type Behind,
  behindOf,
  type Device,
  type Inference,
  type LockEntry,
  type PeerEnd,
  type Prefix,
  parseSiteName,
  prefixOf,
  protocolName,
  RangeSet,
  rangeOf,
  realOf,
  type SiteName,
  type WorldSite,
  type WrittenSite,
} from '@natplan/core'
import type { Reason } from '../imported.ts'
import { carriedBy, endAt, endBeyond, type JoinedTunnel } from './joined-tunnels.ts'
import { peersCalled, routedInto, type ShownTransit } from './transits.ts'

type WrittenSubnet = WrittenSite['subnets'][number]
type Forwards = Exclude<WrittenSubnet, string>['forwards']

/** What the peers of one tunnel call a subnet. */
interface Called {
  readonly as: Prefix
  readonly peer: string
  readonly line: number | undefined
}

export interface FoundSubnet {
  readonly written: WrittenSubnet
  readonly prefix: Prefix
  /** Where some peers call it by its real prefix: a plan decides that itself, and keeps to a lock that says so. */
  readonly locked: LockEntry | undefined
  readonly reason: Omit<Reason, 'path' | 'file'>
}

/** All tunnels, and who talks over others. */
interface Joined {
  readonly tunnels: readonly JoinedTunnel[]
  readonly transits: readonly ShownTransit[]
}

/** The subnets of a site whose gateway shows its configuration, with what its peers call them. */
export function ownSubnets(
  site: WorldSite,
  known: Joined & { readonly inferred: readonly Inference[] },
): FoundSubnet[] {
  return site.subnets.map((prefix) => {
    const because = known.inferred.find((one) => one.kind === 'subnet' && one.value === String(prefix))?.because
    const called = known.tunnels.flatMap((tunnel) => calledIn(tunnel, { site, subnet: prefix, known }))
    return {
      prefix,
      ...writtenAs(prefix, called, { site, devices: devicesFor(site, known) }),
      reason: reasonOf(because ?? 'it is behind the gateway', called),
    }
  })
}

function reasonOf(text: string, called: readonly Called[]): FoundSubnet['reason'] {
  const line = called.find((one) => one.line !== undefined)?.line
  return line === undefined ? { text } : { text, line }
}

function writtenAs(
  prefix: Prefix,
  called: readonly Called[],
  { site, devices }: { readonly site: WorldSite; readonly devices: readonly Device[] },
): Pick<FoundSubnet, 'written' | 'locked'> {
  const pin = called.find(({ as }) => !as.equals(prefix))?.as
  const text = String(prefix)
  if (!pin) return { written: text, locked: undefined }
  if (pin.length !== prefix.length) {
    const forwards = forwardsOf(devices, { behind: pin, subnet: prefix })
    const hideBehind = pin.bits === pin.lastBits ? String(pin.first) : String(pin)
    const written = { prefix: text, hideBehind, ...(forwards.length > 0 ? { forwards } : {}) }
    return { written, locked: undefined }
  }
  const realFor = peersCalling(called, prefix)
  if (realFor.length === 0) return { written: { prefix: text, translateTo: String(pin) }, locked: undefined }
  const translatedFor = peersCalling(called, pin)
  const entry = { site: parseSiteName(site.name), real: prefix, translated: pin, translatedFor, realFor, path: [] }
  return { written: text, locked: entry }
}

function peersCalling(called: readonly Called[], name: Prefix): SiteName[] {
  return [...new Set(called.filter(({ as }) => as.equals(name)).map(({ peer }) => parseSiteName(peer)))].sort()
}

/** What a subnet is called at the other end of a tunnel, by the gateway that translates it. */
function calledIn(
  tunnel: JoinedTunnel,
  { site, subnet, known }: { readonly site: WorldSite; readonly subnet: Prefix; readonly known: Joined },
): Called[] {
  const end = endAt(tunnel, site.name)
  if (!end) return []
  const own = new Set(carriedBy(end).map(({ child }) => child))
  const beyond = endBeyond(tunnel, site.name)
  return behindOf(site.device)
    .filter(({ child }) => own.has(child))
    .flatMap((behind) => wireNames(behind, { subnet, end }))
    .flatMap(({ wire, remote, line }) => {
      const renamed = beyond && renamedThere(carriedBy(beyond), { name: wire, calling: remote })
      const peers = peersCalled(tunnel, site.name, { ...known, name: remote })
      return peers.map((peer) => ({ as: renamed ?? wire, peer, line }))
    })
}

/** What a child carries a subnet as, and towards whom. A tunnel for everything has names for each prefix that is routed into it. */
function wireNames(
  behind: Behind,
  { subnet, end }: { readonly subnet: Prefix; readonly end: PeerEnd },
): { readonly wire: Prefix; readonly remote: Prefix; readonly line: number | undefined }[] {
  const { remote, line, through } = behind.child
  const routed = remote.length === 0 && through ? routedInto(end).filter(({ family }) => family === subnet.family) : []
  if (routed.length > 0 && through && subnet.family === remote.family) {
    return routed.map((to) => ({
      wire: firstName(subnet, { to, by: through.interface, ...end.site }),
      remote: to,
      line,
    }))
  }
  const wire = onTheWire(behind, subnet)
  return wire ? [{ wire, remote, line }] : []
}

/** By the first rule that takes its packets. */
function firstName(
  subnet: Prefix,
  { device, to, by }: Pick<WorldSite, 'device'> & { readonly to: Prefix; readonly by: string },
): Prefix {
  const rules = device.lists.filter(({ kind }) => kind === 'source-nat').flatMap((list) => list.rules)
  const taking = rules.find(
    ({ match }) =>
      (match.out === undefined || match.out.names.includes(by) !== match.out.negated) &&
      match.source?.covers(rangeOf(subnet)) !== false &&
      match.destination?.meets(rangeOf(to)) !== false,
  )
  if (!taking) return subnet
  const { action, match } = taking
  if (action.kind === 'pool')
    return prefixOf(RangeSet.of([{ first: action.first.bits, last: action.last.bits }])) ?? subnet
  const whole = match.source && prefixOf(match.source)
  if (action.kind !== 'map' || !whole) return subnet
  return whole.length === action.to.length ? partOf(subnet, whole, action.to) : action.to
}

function onTheWire({ child, real, isMade }: Behind, subnet: Prefix): Prefix | undefined {
  const seen = real.find(({ prefix }) => prefix.contains(subnet))
  if (seen) return seen.prefix.length === seen.as.length ? partOf(subnet, seen.prefix, seen.as) : seen.as
  return real.length === 0 && !isMade && child.local.contains(subnet) ? subnet : undefined
}

/** The name that the gateway of the other end gives to what the tunnel carries. */
function renamedThere(
  carried: ReturnType<typeof carriedBy>,
  { name, calling }: { readonly name: Prefix; readonly calling: Prefix },
): Prefix | undefined {
  const found = carried.find(
    ({ child, wire }) => wire.contains(name) && !wire.equals(child.remote) && child.local.overlaps(calling),
  )
  if (!found) return undefined
  const { child, wire, isHidden } = found
  return isHidden ? child.remote : partOf(name, wire, child.remote)
}

/** What a part of one prefix is in another one of the same length. */
function partOf(part: Prefix, whole: Prefix, as: Prefix): Prefix {
  return realOf({ local: part }, { real: as, translated: whole })
}

/** The gateways that may translate for a site: its own, and those at the other ends of its tunnels. */
function devicesFor(site: WorldSite, { tunnels }: Joined): Device[] {
  const beyond = tunnels.flatMap((tunnel) => (endAt(tunnel, site.name) ? (endBeyond(tunnel, site.name) ?? []) : []))
  return [site.device, ...beyond.map((end) => end.site.device)]
}

/** Ports of the address of a hidden subnet that lead to single hosts. */
function forwardsOf(
  devices: readonly Device[],
  { behind, subnet }: { readonly behind: Prefix; readonly subnet: Prefix },
): NonNullable<Forwards> {
  return devices
    .flatMap(({ lists }) => lists)
    .filter(({ kind }) => kind === 'destination-nat')
    .flatMap(({ rules }) => rules)
    .flatMap(({ match, action }) => {
      const port = only(match.destinationPort?.ranges)
      const protocol = only(match.protocol?.ranges)
      const to = only(match.destination?.ranges)
      if (port === undefined || protocol === undefined || to !== behind.bits || action.kind !== 'map') return []
      const name = protocolName(Number(protocol))
      if ((name !== 'tcp' && name !== 'udp') || !isHostIn(subnet, action.to)) return []
      const toPort = action.ports?.first
      return [
        {
          port: Number(port),
          to: String(action.to.first),
          ...(toPort === undefined || toPort === Number(port) ? {} : { toPort }),
          ...(name === 'udp' ? { protocol: 'udp' as const } : {}),
        },
      ]
    })
    .filter((one, index, all) => all.findIndex((other) => isSamePort(one, other)) === index)
}

function isHostIn(subnet: Prefix, to: Prefix): boolean {
  return to.bits === to.lastBits && subnet.contains(to)
}

function isSamePort(one: NonNullable<Forwards>[number], other: NonNullable<Forwards>[number]): boolean {
  return one.port === other.port && one.protocol === other.protocol
}

function only(ranges: readonly { readonly first: number | bigint; readonly last: number | bigint }[] | undefined) {
  const [range, ...more] = ranges ?? []
  return range && more.length === 0 && range.first === range.last ? range.first : undefined
}
