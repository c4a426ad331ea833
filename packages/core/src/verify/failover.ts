import type { DeviceRoute } from '../device/device.ts'
import { interfaceOfRoute, mainTable } from '../device/next-hop.ts'
import type { Finding } from '../finding.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { lostIn, lostText, packetsText, usedIn } from './lost-flows.ts'
import { findingAt } from './subject.ts'
import type { FollowedFlow } from './verdict.ts'

/**
 * What happens when another uplink takes over from the first one: one finding for each site whose packets then leave in clear or do
 * not arrive. `flows`: those that arrive as long as the first one is there.
 */
export function failoverFindings(world: World, flows: readonly IntendedFlow[]): Finding[] {
  return [...world.sites.values()].flatMap((site) => {
    const [first, second] = site.sides.uplinks
    if (first === undefined || second === undefined) return []
    const without = withoutUplink(site, first)
    if (!without) return []
    const changed: World = { sites: new Map([...world.sites, [site.name, without]]) }
    const own = flows.filter(({ from, isHidden, service }) => from === site && isHidden !== true && !service)
    const lost = own
      .map((flow) => ({ ...flow, from: without }))
      .flatMap((flow) => lostIn(changed, flow, { used: usedIn(changed, flow) }).map((found) => ({ flow, found })))
      .slice(0, 1_000)
    const worst = lost.find(({ found }) => found.trace.inClear) ?? lost[0]
    return worst ? [failoverFinding(site, worst, { first, second, count: lost.length })] : []
  })
}

/** The site as it is when the link of an uplink is gone; `undefined` where the table that led there has no route over another one. */
function withoutUplink(site: WorldSite, uplink: string): WorldSite | undefined {
  const { device, sides } = site
  const routes = device.routes.filter((route) => interfaceOfRoute(device, route) !== uplink)
  const isDefault = ({ prefix, to }: DeviceRoute) => prefix.length === 0 && 'interface' in to
  const led = device.routes.filter((route) => isDefault(route) && !routes.includes(route)).map(({ table }) => table)
  const tables = led.length > 0 ? led : [mainTable]
  if (!routes.some((route) => isDefault(route) && tables.includes(route.table))) return undefined
  return {
    ...site,
    device: { ...device, routes },
    sides: { ...sides, uplinks: sides.uplinks.filter((name) => name !== uplink) },
  }
}

function failoverFinding(
  site: WorldSite,
  worst: FollowedFlow,
  { first, second, count }: { readonly first: string; readonly second: string; readonly count: number },
): Finding {
  return findingAt('FAILOVER_UNSAFE', {
    site,
    about: { range: packetsText(worst.found) },
    message: `when ${first} of ${site.name} is down and ${second} takes over, ${lostText(worst, count)}`,
    hint: `let the rules and guards for the tunnels apply on ${second} as well as on ${first}`,
  })
}
