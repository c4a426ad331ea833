import {
  type Network,
  type Overlap,
  type Peers,
  type Plan,
  type Prefix,
  peersIn,
  type Site,
  type SiteName,
  type Subnet,
  shortText,
  textOf,
  visibleAs,
} from '@natplan/core'
import { count, grouped } from '../text/count.ts'
import { collisionsOf } from './collisions.ts'
import { type Figure, type FigureBox, type FigureLine, type FigureLink, spokenLine } from './figure.ts'
import { type GroupLink, groupLinks } from './plan-links.ts'
import { clipped, shortList } from './short-list.ts'
import { type Folding, type SiteGroup, siteGroups } from './site-groups.ts'

/** A network with what its plan decided; a plan that has errors decided nothing. */
export interface PlannedNetwork {
  readonly network: Network
  readonly overlaps: readonly Overlap[]
  readonly plan: Plan | undefined
}

/** By which name a peer knows a subnet, with what is to say about that. */
type CalledBy = (subnet: Subnet, seenBy: SiteName) => FigureLine | undefined

/** Sites, gateways, clusters and tunnels, and on each tunnel what each side is called at the other one. */
export function planFigure(planned: PlannedNetwork, folding: Folding): Figure {
  const called = calledIn(planned)
  const peers = peersIn(planned.network)
  const groups = siteGroups(planned.network, peers, folding)
  const collides = collisionsOf(planned.overlaps, peers)
  const boxes = groups.map((group) => boxOf(group, { collides, network: planned.network }))
  const links = groupLinks(planned.network, peers, groups).map((link) => linkOf(link, planned.network, called))
  const over =
    groups.length <= (folding.around === undefined ? mostOver : mostOverAround)
      ? transitLinks(planned.network, groups, called)
      : []
  const title = titleOf(planned.network, peers, folding)
  return { title, description: describe(title, boxes, [...links, ...over]), boxes, links: [...links, ...over] }
}

/** With more boxes than this, who talks over a third site stands in the box of that one alone. */
const mostOver = 6

/** The same of the picture of one site with its peers. */
const mostOverAround = 14

const mostSubnets = 6
const mostNames = 3
const longestName = 28

interface BoxContext {
  readonly collides: (subnet: Subnet) => string | undefined
  readonly network: Network
}

function boxOf(group: SiteGroup, context: BoxContext): FigureBox {
  const [site, ...others] = group.sites
  if (others.length > 0) return groupBox(group, context)
  const lines = [
    ...shortList(
      site.subnets.map((subnet) => subnetLine(subnet, context)),
      mostSubnets,
    ),
    ...clusterLines(site),
    ...shortList(
      site.reserved.filter(({ kind }) => kind === 'reserved').map(({ prefix }) => addressLine(prefix, 'reserved')),
      mostNames,
    ),
    ...gatewayLines(site),
    ...handedOnLines(site.name, context.network),
  ]
  return { id: group.id, kind: 'site', title: site.name, lines }
}

function subnetLine(subnet: Subnet, { collides }: BoxContext): FigureLine {
  const collision = collides(subnet)
  const name = subnet.name === undefined ? [] : [clipped(subnet.name, longestName)]
  const notes = [...name, ...(collision === undefined ? [] : [collision])]
  return {
    text: String(subnet.prefix),
    style: 'address',
    ...(notes.length > 0 ? { note: notes.join(', ') } : {}),
    ...(collision === undefined ? {} : { mark: 'collides' }),
  }
}

function addressLine(prefix: Prefix, note: string): FigureLine {
  return { text: String(prefix), style: 'address', note }
}

function clusterLines({ kubernetes, reserved }: Site): FigureLine[] {
  if (!kubernetes) return []
  const ranges = reserved.filter(({ kind }) => kind !== 'reserved')
  return [
    { text: 'Kubernetes nodes', style: 'quiet', note: 'get routes to the peers' },
    ...shortList(
      ranges.map(({ prefix, kind }) => addressLine(prefix, kind)),
      mostNames,
    ),
  ]
}

function gatewayLines({ gateway }: Site): FigureLine[] {
  if (!gateway) return []
  const { platform, outside, uplinks } = gateway
  return [
    { text: textOf(outside.publicAddress), style: 'address', note: `gateway, ${platform}` },
    ...[...uplinks].map(
      ([name, uplink]): FigureLine => ({
        text: textOf(uplink.publicAddress),
        style: 'address',
        note: `uplink ${name}`,
      }),
    ),
  ]
}

function handedOnLines(hub: SiteName, { transits }: Network): FigureLine[] {
  const pairs = transits.filter(({ through }) => through === hub)
  if (pairs.length === 0) return []
  const named =
    pairs.length > 1 ? count(pairs.length, 'pair of sites', 'pairs of sites') : pairs[0]?.sites.join(' and ')
  return [{ text: `forwards between ${named}`, style: 'quiet' }]
}

function groupBox({ id, sites, isMesh }: SiteGroup, { collides }: BoxContext): FigureBox {
  const [first] = sites
  const last = sites.at(-1) ?? first
  const subnets = sites.flatMap((site) => site.subnets)
  const prefixes = [...new Set(subnets.map(({ prefix }) => String(prefix)))]
  const colliding = subnets.filter((subnet) => collides(subnet) !== undefined).length
  const lines: FigureLine[] = [
    ...shortList(
      prefixes.map((text) => ({ text, style: 'address' })),
      mostNames,
    ),
    { text: count(subnets.length, 'subnet'), style: 'quiet' },
    ...(colliding > 0
      ? [{ text: `${grouped(colliding)} of them collide`, style: 'quiet', mark: 'collides' } as const]
      : []),
    ...(first.gateway ? [{ text: `gateways, ${first.gateway.platform}`, style: 'quiet' } as const] : []),
    ...(isMesh ? [{ text: 'each connected with each other', style: 'quiet' } as const] : []),
  ]
  return { id, kind: 'group', title: `${count(sites.length, 'site')}: ${first.name} … ${last.name}`, lines }
}

/** Prefixes that one side of a link is called by, before the rest is counted. */
const mostCalled = 4

function linkOf({ one, other, pairs, tunnels }: GroupLink, network: Network, called: CalledBy): FigureLink {
  const directions = [
    pairs.map(([near, far]) => ({ near, far })),
    pairs.map(([near, far]) => ({ near: far, far: near })),
  ]
  const lines = directions.flatMap((ends) => calledLines(ends, network, called))
  return {
    from: one.id,
    to: other.id,
    kind: 'tunnel',
    arrow: 'none',
    lines: [...formLines(tunnels, pairs.length), ...lines],
  }
}

function calledLines(
  ends: readonly { readonly near: SiteName; readonly far: SiteName }[],
  network: Network,
  called: CalledBy,
): FigureLine[] {
  const lines = ends.flatMap(({ near, far }) =>
    (network.sites.get(near)?.subnets ?? []).flatMap((subnet) => called(subnet, far) ?? []),
  )
  const distinct = new Map(lines.map((line) => [`${line.text} ${line.note}`, line]))
  return shortList([...distinct.values()], mostCalled)
}

/** What is special about the tunnels. */
function formLines(tunnels: readonly FigureTunnel[], pairs: number): FigureLine[] {
  if (tunnels.length === 0) return []
  const words = [
    ...(pairs > 1 ? [count(tunnels.length, 'tunnel')] : []),
    ...shareWords(tunnels, ({ form }) => form.mode === 'route', 'virtual interfaces'),
    ...translatorWords(tunnels, pairs),
    ...(pairs === 1 && tunnels.length > 1 ? [`${tunnels.length} tunnels, ${tunnels.length - 1} in reserve`] : []),
  ]
  return words.length === 0 ? [] : [{ text: words.join(', '), style: 'quiet' }]
}

/** What holds for all of them, for some, or for none. */
function shareWords(tunnels: readonly FigureTunnel[], holds: (one: FigureTunnel) => boolean, words: string): string[] {
  const number = tunnels.filter(holds).length
  if (number === 0) return []
  return [number === tunnels.length ? words : `${words} in ${grouped(number)} of them`]
}

function translatorWords(tunnels: readonly FigureTunnel[], pairs: number): string[] {
  const [first] = tunnels
  if (pairs === 1 && first?.translateAt !== undefined) return [`${first.translateAt} translates for both`]
  return shareWords(tunnels, ({ translateAt }) => translateAt !== undefined, 'one side translates for both')
}

type FigureTunnel = GroupLink['tunnels'][number]

function transitLinks(network: Network, groups: readonly SiteGroup[], called: CalledBy): FigureLink[] {
  const idOf = new Map(groups.flatMap(({ id, sites }) => (sites.length === 1 ? [[sites[0].name, id] as const] : [])))
  return network.transits.flatMap(({ sites: [one, other], through }): FigureLink[] => {
    const [from, to] = [idOf.get(one), idOf.get(other)]
    if (from === undefined || to === undefined) return []
    const lines = [
      { near: one, far: other },
      { near: other, far: one },
    ].flatMap((ends) => calledLines([ends], network, called))
    return [{ from, to, kind: 'over', arrow: 'none', lines: [{ text: `over ${through}`, style: 'quiet' }, ...lines] }]
  })
}

/** As the plan has it; nothing where there is none. */
function calledIn({ plan }: PlannedNetwork): CalledBy {
  return (subnet, seenBy) => {
    if (!plan || !hasFamily(plan.network, seenBy, subnet)) return undefined
    const visible = visibleAs(plan, subnet, seenBy)
    const { site, prefix, hideBehind } = subnet
    if (visible.equals(prefix)) return { text: String(prefix), style: 'address', note: `of ${site}, as it is` }
    const text = hideBehind ? shortText(visible) : String(visible)
    const note = hideBehind ? `hides ${prefix} of ${site}` : `is ${prefix} of ${site}`
    return { text, style: 'address', note, mark: 'translated' }
  }
}

/** Whether a site has anything that packets of the subnet could come from. */
function hasFamily({ sites }: Network, site: SiteName, { prefix }: Subnet): boolean {
  return sites.get(site)?.subnets.some((own) => own.prefix.family === prefix.family) ?? false
}

function titleOf({ sites, tunnels, transits }: Network, peers: Peers, { around }: Folding): string {
  const all =
    sites.size < 2
      ? count(sites.size, 'site')
      : peers.everyPair
        ? `${count(sites.size, 'site')}, every pair connected`
        : `${count(sites.size, 'site')}, ${count(tunnels?.length ?? 0, 'tunnel')}${transits.length > 0 ? `, ${count(transits.length, 'pair')} over a third site` : ''}`
  return around === undefined ? all : `${around} and its peers (of ${all})`
}

/** Longer descriptions help nobody who listens. */
const mostSentences = 60

function describe(title: string, boxes: readonly FigureBox[], links: readonly FigureLink[]): string {
  const names = new Map(boxes.map(({ id, title: name }) => [id, name]))
  const sentences = [
    ...boxes.map((box) => `${box.title}${box.lines.length > 0 ? `: ${box.lines.map(spokenLine).join('; ')}` : ''}.`),
    ...links.map(
      ({ from, to, lines }) =>
        `Between ${names.get(from)} and ${names.get(to)}${lines.length > 0 ? `: ${lines.map(spokenLine).join('; ')}` : ''}.`,
    ),
  ]
  const left = sentences.length - mostSentences
  return [`${title}.`, ...sentences.slice(0, mostSentences), ...(left > 0 ? [`And ${left} more.`] : [])].join(' ')
}
