import { type Address, type Plan, type Prefix, type SiteName, type Subnet, sightsOf } from '@natplan/core'
import type { Seat } from './seats.ts'
import type { ClosedPath, LabPath } from './topology.ts'
import { listenPort } from './watch.ts'

/**
 * The calls that must work: from every seat to every seat of a peer, between seats that have an address in common, and to every forwarded port.
 * Hosts that hide are called by nothing else.
 */
export function pathsOf(plan: Plan, seats: readonly Seat[]): LabPath[] {
  const visible = visibleFrom(plan, new Set(seats.map(({ site }) => site)))
  return joined(plan, seats).flatMap(([from, to]) =>
    to.subnet.hideBehind ? forwardedPaths(from, to, visible) : pathsBetween(from, to, visible),
  )
}

/** The calls that must arrive nowhere: to what hosts hide behind, on a port that leads to none of them. */
export function closedPathsOf(plan: Plan, seats: readonly Seat[]): ClosedPath[] {
  const paths = joined(plan, seats).flatMap(([from, to]) => {
    const { hideBehind } = to.subnet
    if (!hideBehind) return []
    const called = String(hideBehind.first)
    return protocols
      .filter((protocol) => !isForwarded(seats, { site: to.site, called, protocol }))
      .map((protocol): ClosedPath => ({ ...endsOf(from, to), called, protocol }))
  })
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()]
}

const protocols = ['icmp', 'tcp', 'udp'] as const

/** Whether the port on which hosts listen leads to one of them. */
function isForwarded(
  seats: readonly Seat[],
  { site, called, protocol }: Pick<ClosedPath, 'called' | 'protocol'> & Pick<Seat, 'site'>,
): boolean {
  const behind = seats.filter((seat) => seat.site === site && String(seat.subnet.hideBehind?.first) === called)
  return behind.some(({ subnet }) =>
    subnet.forwards.some((forward) => forward.protocol === protocol && forward.port === listenPort),
  )
}

/** Every two seats of sites that have a tunnel, in both orders. */
function joined(plan: Plan, seats: readonly Seat[]): (readonly [Seat, Seat])[] {
  return seats.flatMap((from) =>
    seats
      .filter((to) => to.site !== from.site && plan.peers.areJoined(from.site, to.site))
      .map((to) => [from, to] as const),
  )
}

type Visible = (site: SiteName, subnet: Subnet) => Prefix

/** The prefix under which a site knows a subnet of a peer. */
function visibleFrom(plan: Plan, sites: ReadonlySet<SiteName>): Visible {
  const seen = new Map(
    [...sites].map((site) => [site, new Map(sightsOf(plan, site).map((one) => [one.subnet, one.visible]))]),
  )
  return (site, subnet) => seen.get(site)?.get(subnet) ?? subnet.prefix
}

function endsOf(from: Seat, to: Seat): Pick<LabPath, 'tunnel' | 'from' | 'source'> {
  return {
    tunnel: from.site < to.site ? [from.site, to.site] : [to.site, from.site],
    from: from.machine,
    source: String(from.addresses[0]),
  }
}

function forwardedPaths(from: Seat, to: Seat, visible: Visible): LabPath[] {
  const [source] = from.addresses
  const { hideBehind } = to.subnet
  if (!source || !hideBehind) return []
  return to.forwards.map(({ protocol, port, to: destination }) => ({
    ...endsOf(from, to),
    to: to.machine,
    called: String(hideBehind.first),
    destination: String(destination),
    seenAs: nameOf(source, from.subnet, visible(to.site, from.subnet)),
    isSameAddress: false,
    service: { protocol, port },
  }))
}

function pathsBetween(from: Seat, to: Seat, visible: Visible): LabPath[] {
  const path = (source: Address, destination: Address): LabPath => ({
    ...endsOf(from, to),
    source: source.toString(),
    to: to.machine,
    called: nameOf(destination, to.subnet, visible(from.site, to.subnet)),
    destination: destination.toString(),
    seenAs: nameOf(source, from.subnet, visible(to.site, from.subnet)),
    isSameAddress: source.equals(destination),
  })
  const shared = from.addresses.filter((address) => to.addresses.some((other) => other.equals(address)))
  const [source, destination] = [from.addresses[0], to.addresses[0]]
  const main = source && destination && !source.equals(destination) ? [path(source, destination)] : []
  return [...main, ...shared.slice(0, 1).map((address) => path(address, address))]
}

/** What a host is called; one that hides behind several addresses may be any of them. */
function nameOf(address: Address, { prefix, hideBehind }: Subnet, visible: Prefix): string {
  if (hideBehind) return String(visible.bits === visible.lastBits ? visible.first : visible)
  return String(visible.at(Number(address.bits) - Number(prefix.first.bits)))
}
