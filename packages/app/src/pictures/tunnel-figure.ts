import {
  type Address,
  dispositions,
  type Ending,
  type Mapping,
  NatplanError,
  type Plan,
  type Sight,
  type Site,
  type SiteName,
  type Subnet,
  shortText,
  sightsOf,
  textOf,
  tracePacket,
  type World,
} from '@natplan/core'
import { type Figure, type FigureBox, type FigureLine, type FigureLink, spokenLine } from './figure.ts'
import { clipped, shortList, wrapped } from './short-list.ts'
import { exampleHost, type Stage, shownSubnets, stagesOf, stagesWithoutGateways } from './stages.ts'

const mostPairs = 6
const longestName = 28

/**
 * The way between two sites: networks, gateways, what is translated where, and an example packet with its addresses at each place, in both
 * directions, followed through the world of the plan.
 * @throws NatplanError USAGE for two sites whose way cannot be drawn
 */
export function tunnelFigure(plan: Plan, ends: readonly [SiteName, SiteName], world: World): Figure {
  const { sites, stages, ending } = wayBetween(plan, ends, world)
  const boxes = stages.map((stage, index) => {
    const box = stageBox(stage, { index, plan, ends: sites, before: stages[index - 1] })
    return ending && index === stages.length - 1 ? withEnding(box, ending) : box
  })
  const links = stages.slice(0, -1).map(stageLink)
  const title = sites.join(' and ')
  return { title, description: describe(title, boxes, links), direction: 'down', boxes, links }
}

interface DrawnWay {
  readonly sites: readonly [SiteName, SiteName]
  readonly stages: readonly Stage[]
  /** How the packet ends where it does not come back. */
  readonly ending: Ending | undefined
}

function wayBetween(plan: Plan, [one, other]: readonly [SiteName, SiteName], world: World): DrawnWay {
  if (!plan.peers.areJoined(one, other)) {
    throw new NatplanError('USAGE', `${one} and ${other} do not talk to each other in the plan`, {
      hint: `peers of ${one}: ${[...plan.peers.of(one)].slice(0, 10).join(', ') || 'none'}`,
    })
  }
  for (const sites of [
    [one, other],
    [other, one],
  ] as const) {
    const subnets = shownSubnets(plan, sites)
    if (subnets) return { sites, ...followed(plan, subnets, world) }
  }
  throw new NatplanError('USAGE', `no host of ${one} and ${other} can call one of the other site`, {
    hint: 'their subnets hide, or are of different IP versions',
  })
}

function followed(plan: Plan, subnets: readonly [Subnet, Subnet], world: World): Omit<DrawnWay, 'sites'> {
  const [a, b] = subnets
  const from = world.sites.get(a.site)
  const missing = [a.site, b.site].find((site) => !world.sites.has(site))
  if (!from || missing !== undefined) {
    if (world.sites.size === 0 && isPlain(plan, subnets))
      return { stages: stagesWithoutGateways(plan, subnets), ending: undefined }
    throw new NatplanError(
      'USAGE',
      `${missing ?? a.site} has no gateway in the plan, so that there is no way to draw`,
      {
        hint: 'write gateway: with platform and outside below the site',
      },
    )
  }
  const request = {
    source: exampleHost(plan, a, b.site).real,
    destination: exampleHost(plan, b, a.site).translated,
    protocol: 6,
  }
  const trace = tracePacket(world, from, request)
  return { stages: stagesOf(trace), ending: dispositions[trace.disposition].isGood ? undefined : trace }
}

/** Whether each of two sites would translate its own subnets, and nobody else has a part in it. */
function isPlain({ network, peers }: Plan, [a, b]: readonly [Subnet, Subnet]): boolean {
  const tunnel = network.tunnels?.find(({ sites }) => sites.includes(a.site) && sites.includes(b.site))
  return tunnel?.translateAt === undefined && peers.between(a.site, b.site) === undefined && !a.hideBehind
}

function withEnding(box: FigureBox, { disposition, reason }: Ending): FigureBox {
  const words = [dispositions[disposition].title, ...wrapped(reason, 44)]
  return { ...box, mark: 'bad', lines: [...box.lines, ...words.map((text): FigureLine => ({ text, style: 'words' }))] }
}

interface StageContext {
  readonly index: number
  readonly plan: Plan
  readonly ends: readonly [SiteName, SiteName]
  /** The place that the packet comes from; `undefined` for the first. */
  readonly before: Stage | undefined
}

function stageBox(stage: Stage, context: StageContext): FigureBox {
  const id = `place-${context.index}`
  const site = siteNamed(context.plan, stage.site)
  if (stage.at === 'gateway') {
    return { id, kind: 'gateway', title: `gateway of ${stage.site}`, lines: gatewayLines(stage, site, context) }
  }
  const title = site?.kubernetes ? `${stage.site}: Kubernetes nodes` : `${stage.site}: hosts`
  return { id, kind: 'hosts', title, lines: hostLines(stage, site, context) }
}

function siteNamed({ network }: Plan, name: string): Site | undefined {
  return network.sites.get(name as SiteName)
}

function gatewayLines(stage: Stage, site: Site | undefined, context: StageContext): FigureLine[] {
  const pairs = translatedAt(stage.site, context)
  const gateway = site?.gateway
  return [
    ...(gateway
      ? [{ text: textOf(gateway.outside.publicAddress), style: 'address', note: gateway.platform } as const]
      : [{ text: 'not in the plan', style: 'quiet' } as const]),
    { text: pairs.length > 0 ? 'translates:' : 'translates nothing', style: 'quiet' },
    ...shortList(pairs.map(pairLine), mostPairs),
  ]
}

function pairLine({ kind, real, translated, site }: Mapping): FigureLine {
  if (kind === 'one-to-one') {
    return { text: `${real} ↔ ${translated}`, style: 'address', note: `of ${site}, both ways`, mark: 'translated' }
  }
  const note = `of ${site}, which calls; called at forwarded ports alone`
  return { text: `${real} → ${shortText(translated)}`, style: 'address', note, mark: 'translated' }
}

/** What of the two ends' subnets the gateway of a site gives other addresses to. */
function translatedAt(site: string, { plan, ends: [one, other] }: StageContext): Mapping[] {
  return plan.mappings.filter((mapping) => {
    const peer = mapping.site === one ? other : mapping.site === other ? one : undefined
    if (peer === undefined || !(mapping.translatedFor === 'all' || mapping.translatedFor.includes(peer))) return false
    return translatorOf(plan, mapping.site, plan.peers.between(one, other) ?? peer) === site
  })
}

function translatorOf({ network }: Plan, site: SiteName, next: SiteName): SiteName {
  const tunnel = network.tunnels?.find(({ sites }) => sites.includes(site) && sites.includes(next))
  return tunnel?.translateAt ?? site
}

function hostLines(stage: Stage, site: Site | undefined, { ends, plan, before }: StageContext): FigureLine[] {
  const peer = ends.find((end) => end !== stage.site)
  const routes = site?.kubernetes
    ? sightsOf(plan, site.name).filter((one) => one.peer === peer && one.visible.family === 4)
    : []
  const own = site?.subnets ?? []
  return [
    ...shortList(own.map(subnetLine), mostPairs),
    ...shortList(routes.map(routeLine), mostPairs),
    ...(before ? hostLine(before.there?.destination, 'answers') : hostLine(stage.there?.source, 'calls')),
  ]
}

function subnetLine({ prefix, name }: Subnet): FigureLine {
  return { text: String(prefix), style: 'address', ...(name === undefined ? {} : { note: clipped(name, longestName) }) }
}

function routeLine({ visible }: Sight): FigureLine {
  return { text: String(visible), style: 'address', note: 'route to the private gateway' }
}

function hostLine(host: Address | undefined, what: string): FigureLine[] {
  return host ? [{ text: String(host), style: 'address', note: what }] : []
}

function stageLink({ there, back, selector }: Stage, index: number): FigureLink {
  return {
    from: `place-${index}`,
    to: `place-${index + 1}`,
    kind: selector === undefined ? 'plain' : 'tunnel',
    arrow: there && back ? 'both' : there ? 'to' : 'none',
    lines: [
      ...(selector === undefined ? [] : [{ text: selector, style: 'address', note: 'IPsec' } as const]),
      ...(there ? [{ text: `${there.source} → ${there.destination}`, style: 'address', note: 'packet' } as const] : []),
      ...(back ? [{ text: `${back.source} → ${back.destination}`, style: 'address', note: 'answer' } as const] : []),
    ],
  }
}

function describe(title: string, boxes: readonly FigureBox[], links: readonly FigureLink[]): string {
  const parts = boxes.flatMap((box, index) => [
    `${box.title}: ${box.lines.map(spokenLine).join('; ')}.`,
    ...(links[index] ? [`Then: ${links[index].lines.map(spokenLine).join('; ')}.`] : []),
  ])
  return [`${title}.`, ...parts].join(' ')
}
