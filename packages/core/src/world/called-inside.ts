import type { Prefix } from '../address/prefix.ts'
import { interfaceNamed, mainTable } from '../device/next-hop.ts'
import { RangeSet } from '../match/range-set.ts'
import { lansOf } from './lans.ts'
import { type RouteEntry, routingOf } from './routing.ts'
import type { WorldSite } from './world.ts'

/**
 * Single addresses of a site's own networks that its gateway leads elsewhere: no host has them, and some call peers so. Where a plan says what is
 * free, only that counts; a route for more than one address may as well be a slip that takes hosts away.
 */
export function calledInside(site: WorldSite): RangeSet {
  const found = known.get(site) ?? findCalled(site)
  known.set(site, found)
  return found
}

const known = new WeakMap<WorldSite, RangeSet>()

function findCalled(site: WorldSite): RangeSet {
  const { device, sides, subnets, free } = site
  const own = free ?? [...subnets, ...lansOf(site).map(({ prefix }) => prefix)]
  const table = interfaceNamed(device, sides.inside)?.table ?? mainTable
  const single = device.routes.filter(
    ({ table: its, prefix }) => its === table && isSingle(prefix) && own.some((one) => one.contains(prefix)),
  )
  const called = single.filter(({ prefix }) => {
    const entry = routingOf(site).tables.get(table)?.at(prefix.bits)
    return entry?.prefix.equals(prefix) && leadsAway(entry)
  })
  return RangeSet.ofPrefixes(called.map(({ prefix }) => prefix))
}

function isSingle({ bits, lastBits }: Prefix): boolean {
  return bits === lastBits
}

function leadsAway({ to }: RouteEntry): boolean {
  return to === 'outside' || to === 'virtual' || to === 'joined' || to === 'far'
}
