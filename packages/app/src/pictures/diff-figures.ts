import { type Plan, type SiteName, type Trace, tracePacket, type World, type WorldSite } from '@natplan/core'
import type { GatewayDiff } from '../gateways/gateway-diff.ts'
import { count, namesText } from '../text/count.ts'
import type { Traced } from '../trace/traced.ts'
import { plannedWorld } from '../verify/planned-world.ts'
import type { Figure } from './figure.ts'
import { packetFigure } from './packet-figure.ts'
import { exampleHost, shownSubnets } from './stages.ts'

/** So many ways are drawn, before and after. */
const mostWays = 4

/**
 * What becomes of a packet of the plan today, and once the plan is there: for each tunnel of the gateways that were given. Of others nothing was
 * read, so that a packet which leaves for one of them ends there as not known.
 */
export function diffFigures(plan: Plan, diffs: readonly GatewayDiff[]): readonly Figure[] {
  const devices = new Map(diffs.map(({ site, running }) => [site as string, running.shown]))
  const [today, planned] = [plannedWorld(plan, devices).world, plannedWorld(plan).world]
  if (!today || !planned) return []
  const running = {
    sites: new Map([...today.sites].flatMap((entry) => (devices.has(entry[0]) ? [asRead(entry)] : []))),
  }
  const ways = waysOf(plan, new Set(devices.keys())).flatMap((way) => {
    const [before, after] = [traced(running, way), traced(planned, way)]
    return before && after ? [{ way, before, after }] : []
  })
  const other = ways.filter(({ before, after }) => isOther(before.trace, after.trace))
  const left = other.length - mostWays
  return [
    ...other.slice(0, mostWays).flatMap(({ way: { sites }, before, after }) => [
      { ...packetFigure(withoutAdvice(before)), title: `${sites.join(' to ')}, as it runs` },
      { ...packetFigure(after), title: `${sites.join(' to ')}, as planned` },
    ]),
    ...(other.length === 0 ? [unchanged(ways.map(({ way }) => way))] : []),
    ...(left > 0 ? [furtherWays(other.slice(mostWays).map(({ way }) => way))] : []),
  ]
}

/** What nodes have of routes was not read: hosts are taken to send packets to their gateway. */
function asRead([name, site]: readonly [string, WorldSite]): readonly [string, WorldSite] {
  return [name, { ...site, nodes: [] }]
}

interface Way {
  readonly sites: readonly [SiteName, SiteName]
  readonly request: Traced['request']
}

/** From a gateway that was given, to each of its peers that can be called from there, or that was given too. */
function waysOf(plan: Plan, given: ReadonlySet<string>): Way[] {
  const pairs = new Map((plan.network.tunnels ?? []).map(({ sites }) => [[...sites].sort().join(' '), sites]))
  return [...pairs.values()].flatMap(([one, other]) => {
    const turns = [[one, other] as const, [other, one] as const].filter(([from]) => given.has(from))
    return turns.flatMap((sites) => wayOf(plan, sites) ?? []).slice(0, 1)
  })
}

function wayOf(plan: Plan, sites: readonly [SiteName, SiteName]): Way | undefined {
  const subnets = shownSubnets(plan, sites)
  if (!subnets) return undefined
  const [a, b] = subnets
  const source = exampleHost(plan, a, b.site).real
  const destination = exampleHost(plan, b, a.site).translated
  return { sites, request: { source, destination, protocol: 6, sourcePort: 40_000, destinationPort: 443 } }
}

function traced(world: World, { sites, request }: Way): Traced | undefined {
  const from = world.sites.get(sites[0])
  return from && { world, from: from.name, request, trace: tracePacket(world, from, request) }
}

/** What helps stands beside it. */
function withoutAdvice({ trace, ...rest }: Traced): Traced {
  return { ...rest, trace: { ...trace, advice: '' } }
}

/** Whether packets have other addresses somewhere, or another end. */
function isOther(before: Trace, after: Trace): boolean {
  return placesOf(before) !== placesOf(after)
}

function placesOf({ disposition, hops }: Trace): string {
  const places = hops.map(({ way, site, at, arrives, leaves }) => {
    const ends = [arrives, leaves].map((one) => one && `${one.source} ${one.destination}`)
    return [way, site, at === 'node' ? 'host' : at, ...ends]
  })
  return JSON.stringify([disposition, places])
}

function unchanged(ways: readonly Way[]): Figure {
  const text = ways.length === 0 ? 'no way between two sites to follow' : 'packets go as planned already'
  return {
    title: 'Nothing changes for packets',
    description: `${text}: ${waysText(ways)}.`,
    boxes: [box('unchanged', 'Nothing changes for packets', [text, ...(ways.length > 0 ? [waysText(ways)] : [])])],
    links: [],
  }
}

function furtherWays(ways: readonly Way[]): Figure {
  const title = `${count(ways.length, 'further way')} of packets ${ways.length === 1 ? 'changes' : 'change'}`
  return {
    title,
    description: `${title}: ${waysText(ways)}.`,
    boxes: [box('further', title, [waysText(ways)])],
    links: [],
  }
}

function box(id: string, title: string, lines: readonly string[]): Figure['boxes'][number] {
  return { id, kind: 'site', title, lines: lines.map((text) => ({ text, style: 'quiet' })) }
}

function waysText(ways: readonly Way[]): string {
  return namesText(
    ways.map(({ sites }) => sites.join(' to ')),
    5,
  )
}
