import { type Address, type Plan, type Prefix, type SiteName, type Subnet, sightsOf } from '@natplan/core'
import type { Seat } from './seats.ts'
import type { LabPath } from './topology.ts'

/**
 * The calls that must work: from every seat to every seat of a peer, and between seats that have an address in common. Nobody calls hosts that hide,
 * and those that hide behind several addresses are seen as any of them.
 */
export function pathsOf(plan: Plan, seats: readonly Seat[]): LabPath[] {
  const visible = visibleFrom(plan, new Set(seats.map(({ site }) => site)))
  const calling = seats.filter(({ subnet: { hideBehind } }) => !hideBehind || hideBehind.bits === hideBehind.lastBits)
  const called = seats.filter(({ subnet }) => !subnet.hideBehind)
  return calling.flatMap((from) =>
    called
      .filter((to) => to.site !== from.site && plan.peers.areJoined(from.site, to.site))
      .flatMap((to) => pathsBetween(from, to, visible)),
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

function pathsBetween(from: Seat, to: Seat, visible: Visible): LabPath[] {
  const path = (source: Address, destination: Address): LabPath => ({
    tunnel: from.site < to.site ? [from.site, to.site] : [to.site, from.site],
    from: from.machine,
    source: source.toString(),
    to: to.machine,
    called: moved(destination, to.subnet.prefix, visible(from.site, to.subnet)).toString(),
    destination: destination.toString(),
    seenAs: moved(source, from.subnet.prefix, visible(to.site, from.subnet)).toString(),
    isSameAddress: source.equals(destination),
  })
  const shared = from.addresses.filter((address) => to.addresses.some((other) => other.equals(address)))
  const [source, destination] = [from.addresses[0], to.addresses[0]]
  const main = source && destination && !source.equals(destination) ? [path(source, destination)] : []
  return [...main, ...shared.slice(0, 1).map((address) => path(address, address))]
}

function moved(address: Address, from: Prefix, to: Prefix): Address {
  if (to.length > from.length) return to.first
  return to.at(Number(address.bits) - Number(from.first.bits))
}
