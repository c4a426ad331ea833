import type { DeviceRoute } from '../device/device.ts'
import { interfaceOfRoute } from '../device/next-hop.ts'
import type { Finding } from '../finding.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { World, WorldSite } from '../world/world.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { lostIn } from './lost-flows.ts'
import { rangeText } from './shown.ts'
import { findingAt } from './subject.ts'

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
    const lost = own.flatMap((flow) => lostIn(changed, { ...flow, from: without })).slice(0, 1_000)
    const worst = lost.find(({ trace }) => trace.inClear) ?? lost[0]
    return worst ? [failoverFinding(site, worst, { first, second, count: lost.length })] : []
  })
}

/** The site as it is when the link of an uplink is gone; `undefined` where no route over another one is known. */
function withoutUplink(site: WorldSite, uplink: string): WorldSite | undefined {
  const { device, sides } = site
  const routes = device.routes.filter((route) => interfaceOfRoute(device, route) !== uplink)
  const isDefault = ({ prefix, to }: DeviceRoute) => prefix.length === 0 && 'interface' in to
  if (!routes.some(isDefault)) return undefined
  return {
    ...site,
    device: { ...device, routes },
    sides: { ...sides, uplinks: sides.uplinks.filter((name) => name !== uplink) },
  }
}

function failoverFinding(
  site: WorldSite,
  { box, trace }: FlowClass,
  { first, second, count }: { readonly first: string; readonly second: string; readonly count: number },
): Finding {
  const range = `${rangeText(box.source)} → ${rangeText(box.destination)}`
  const others = count > 1 ? ` (and ${count - 1} more)` : ''
  const what = trace.inClear ? 'leave unencrypted' : 'do not arrive'
  return findingAt('FAILOVER_UNSAFE', {
    site,
    about: { range },
    message: `when ${first} of ${site.name} is down and ${second} takes over, packets ${range}${others} ${what}: ${trace.reason}`,
    hint: `let the rules and guards for the tunnels hold on ${second} as well as on ${first}`,
  })
}
