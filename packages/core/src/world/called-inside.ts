import type { Prefix } from '../address/prefix.ts'
import { interfaceNamed, mainTable } from '../device/next-hop.ts'
import { RangeSet } from '../match/range-set.ts'
import { lansOf } from './lans.ts'
import { type RouteEntry, routingOf } from './routing.ts'
import type { WorldSite } from './world.ts'

/** Addresses of a site's own networks that its gateway leads elsewhere: no host has them, and some call peers so. */
export function calledInside(site: WorldSite): RangeSet {
  const found = known.get(site) ?? findCalled(site)
  known.set(site, found)
  return found
}

const known = new WeakMap<WorldSite, RangeSet>()

/** The longest prefix decides, so the longer ones come last. */
function findCalled(site: WorldSite): RangeSet {
  const { device, sides } = site
  const own = [...site.subnets, ...lansOf(site).map(({ prefix }) => prefix)]
  const isPart = (prefix: Prefix) => own.some((one) => one.contains(prefix) && one.length < prefix.length)
  const table = interfaceNamed(device, sides.inside)?.table ?? mainTable
  const parts = device.routes.filter((route) => route.table === table && isPart(route.prefix))
  return [...parts]
    .sort((a, b) => a.prefix.length - b.prefix.length)
    .reduce((all, { prefix }) => {
      const part = RangeSet.ofPrefixes([prefix])
      const entry = routingOf(site).tables.get(table)?.at(prefix.bits)
      return entry?.prefix.equals(prefix) && leadsAway(entry) ? all.union(part) : all.subtract(part)
    }, RangeSet.empty)
}

function leadsAway({ to }: RouteEntry): boolean {
  return to === 'outside' || to === 'virtual' || to === 'joined' || to === 'far'
}
