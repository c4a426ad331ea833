import { filterPlaces, NatplanError, type Plan, type SiteName, type World } from '@natplan/core'
import { manifestFile } from '../clusters/manifest-file.ts'
import { type Generated, orderOfWork } from '../gateways/guide.ts'
import type { RenderedGateway, RenderedGateways } from '../gateways/render-gateways.ts'
import { bookTable } from '../names/names-result.ts'
import { changesFigures } from '../pictures/changes-figure.ts'
import type { Figure } from '../pictures/figure.ts'
import { svgOfFigures } from '../pictures/picture.ts'
import { planFigure } from '../pictures/plan-figure.ts'
import { tunnelFigure } from '../pictures/tunnel-figure.ts'
import type { LoadedPlan } from '../plan/read-plan.ts'
import { firewallResult, firewallTablesByPlace } from '../tables/firewall-page.ts'
import { changeTable, handedOnTable, mappingTable, overlapTable, sightTable } from '../tables/plan-tables.ts'
import { count } from '../text/count.ts'
import { type Verified, verifiedWorld } from '../verify/verified-world.ts'
import { worldOfTexts } from '../verify/world-of-texts.ts'
import { html } from './html.ts'
import { codeBlock, folded, htmlTable } from './html-table.ts'
import { markdownHtml } from './markdown.ts'
import { meanwhile } from './meanwhile.ts'
import { proofContent } from './proof-part.ts'
import { digests, reportScript, reportStyle } from './report-assets.ts'

/** What a report tells of. */
export interface Reported extends Omit<Generated, 'gateways'> {
  readonly loaded: LoadedPlan
  /** Without keys. */
  readonly rendered: RenderedGateways
  /** What the plan is compared with; without it nothing is said of what changes. */
  readonly lockPath?: string | undefined
}

/** The same with what the verifier says of it. */
interface Judged extends Generated, Pick<Reported, 'lockPath'> {
  readonly world: World | undefined
  readonly verified: Verified
}

/** So many ways between two sites are drawn; more are long to read and longer to load. */
const mostWays = 12

/** With more gateways, what is alike at all of them is said once. */
const mostFirewalls = 12

/** More names than anybody reads on a page. */
const mostEntries = 5000

/** With more sites that change, the table says it better. */
const mostChanged = 8

/**
 * One page for the people who approve a change: what is wrong today, what is planned, what is configured where, in which order, and what was
 * proven. It needs nothing from elsewhere, and holds no key.
 */
export function report({ loaded, rendered, ...reported }: Reported): string {
  // Lines for a gateway that has others already are no gateway by themselves.
  const made = rendered.existing.length === 0 ? rendered : undefined
  const world = worldOfTexts({ loaded, made, configs: [], routes: [] })
  const verified = verifiedWorld(world, () => undefined)
  const judged = { ...reported, gateways: rendered.gateways, world: world.world, verified }
  const parts = [today, mapping, book, ways, changes, order, sites, firewalls, proof]
    .map((part) => part(judged))
    .filter(({ content }) => content !== '')
  const title = titleOf(reported.plan)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digests.style}'; script-src '${digests.script}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${html(title)}</h1>
<p class="lead">${html(summaryOf(judged))}</p>
</header>
<nav aria-label="Contents"><ul>
${parts.map(({ id, heading }) => `<li><a href="#${id}">${html(heading)}</a></li>`).join('\n')}
</ul></nav>
<main>
${parts.map(({ id, heading, content }) => `<section id="${id}" aria-labelledby="${id}-heading">\n<h2 id="${id}-heading">${html(heading)}</h2>\n${content}\n</section>`).join('\n')}
</main>
<script>${reportScript}</script>
</body>
</html>
`
}

interface Part {
  readonly id: string
  readonly heading: string
  /** HTML; empty where there is nothing to tell. */
  readonly content: string
}

function titleOf({ network }: Plan): string {
  const names = [...network.sites.keys()]
  if (names.length > 3) return count(names.length, 'site')
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function summaryOf(reported: Judged): string {
  const { network, mappings, overlaps } = reported.plan
  const met = overlaps.filter(({ effect }) => effect !== 'none').reduce((sum, overlap) => sum + overlap.pairs, 0)
  const tunnels = network.tunnels ? `, ${count(network.tunnels.length, 'tunnel')}` : ''
  return `${count(network.sites.size, 'site')}${tunnels}; ${count(met, 'pair')} of networks that use the same addresses and meet; ${count(mappings.length, 'subnet')} ${mappings.length === 1 ? 'gets another name' : 'get other names'}. ${resultOf(reported)}`
}

/** What was proven, of how much; what stands beside it is never left out of that sentence. */
function resultOf({ plan, verified }: Judged): string {
  const { proofs, findings, result } = verified
  const planned = pairsOf(plan)
  const proven = new Set(proofs.filter(({ isProven }) => isProven).map(({ sites }) => keyOf(sites)))
  const left = planned.filter((pair) => !proven.has(pair)).length
  const risks = findings.filter(({ severity }) => severity !== 'note').length
  const beside = risks > 0 ? ` There ${risks === 1 ? 'is' : 'are'} ${count(risks, 'risk')} to weigh.` : ''
  if (planned.length === 0 || proofs.length === 0)
    return `Nothing is proven: no tunnel has a gateway at both ends.${beside}`
  if (result === 'fault') return `Not everything arrives.${beside}`
  if (result === 'unknown') return `It is not known whether everything arrives.${beside}`
  if (left > 0)
    return `It is proven for ${planned.length - left} of ${count(planned.length, 'pair of sites', 'pairs of sites')} that every packet that is meant to arrive does; of the others nothing is.${beside}`
  return `It is proven that every packet that is meant to arrive does, and its answer too.${beside}`
}

/** The sites that talk, where the plan lists them. */
function pairsOf({ network: { tunnels = [], transits } }: Plan): string[] {
  return [...new Set([...tunnels, ...transits].map(({ sites: ends }) => keyOf(ends)))]
}

function keyOf(ends: readonly string[]): string {
  return [...ends].sort().join(' ')
}

function today({ plan }: Judged): Part {
  const picture = figure(
    planFigure({ network: plan.network, overlaps: plan.overlaps, plan }, { around: undefined, unfold: false }),
    'plan',
  )
  return { id: 'today', heading: 'What is wrong today', content: `${htmlTable(overlapTable(plan.overlaps))}${picture}` }
}

function mapping({ plan }: Judged): Part {
  const content = [mappingTable(plan), ...handedOnTable(plan)].map(htmlTable).join('')
  return { id: 'mapping', heading: 'What is translated', content }
}

function book({ plan }: Judged): Part {
  const search =
    '<p class="search"><label for="search">Search names and addresses</label><br><input id="search" type="search" autocomplete="off"> <span id="found" role="status"></span></p>'
  return {
    id: 'book',
    heading: 'Who calls whom by which addresses',
    content: `${search}${[...bookTable(plan, mostEntries), sightTable(plan)].map(htmlTable).join('')}`,
  }
}

function ways({ plan, world }: Judged): Part {
  const pairs = (plan.network.tunnels ?? []).map(({ sites: ends }) => ends)
  const once = [...new Map(pairs.map((ends) => [ends.join(' '), ends])).values()]
  if (once.length > mostWays) return { id: 'ways', heading: 'The ways between the sites', content: '' }
  const drawn = once.flatMap((ends, index) => {
    const way = world && wayOf(plan, ends, world)
    return way ? [`<h3>${html(ends.join(' and '))}</h3>${figure(way, `way-${index}`)}`] : []
  })
  return { id: 'ways', heading: 'The ways between the sites', content: drawn.join('') }
}

/** Nothing where there is no way to draw: without a gateway at an end, or where nobody can call. */
function wayOf(plan: Plan, ends: readonly [SiteName, SiteName], world: World): Figure | undefined {
  try {
    return tunnelFigure(plan, ends, world)
  } catch (error) {
    if (error instanceof NatplanError) return undefined
    throw error
  }
}

function changes({ plan, lockPath, gateways, verified: { findings } }: Judged): Part {
  const breaks = meanwhile(plan, { gateways, findings, changes: lockPath === undefined ? [] : plan.changes })
  if (lockPath === undefined) return { id: 'changes', heading: 'What breaks meanwhile', content: breaks }
  const table = htmlTable(changeTable(plan, lockPath))
  const changed = new Set(plan.changes.map(({ site }) => site)).size
  const picture = changed === 0 || changed > mostChanged ? '' : figures(changesFigures(plan), 'changes')
  return { id: 'changes', heading: 'What changes, and what breaks meanwhile', content: `${table}${picture}${breaks}` }
}

function order(reported: Judged): Part {
  if (reported.gateways.length === 0) return { id: 'order', heading: 'In which order, and how to go back', content: '' }
  return {
    id: 'order',
    heading: 'In which order, and how to go back',
    content: markdownHtml(orderOfWork(reported)),
  }
}

function sites({ gateways, clusters }: Judged): Part {
  const content = [
    ...gateways.map(gatewayPart),
    ...clusters.map(
      (cluster) =>
        `<div class="per-site"><h3>${html(`${cluster.site}: nodes`)}</h3>${folded('Manifests', codeBlock(`manifests of ${cluster.site}`, manifestFile(cluster, 'run')))}</div>`,
    ),
  ].join('\n')
  return { id: 'sites', heading: 'What is configured where', content }
}

const kinds = { configure: 'Configuration', check: 'Check', remove: 'Way back' } as const

function gatewayPart({ policy: { site, platform }, texts }: RenderedGateway): string {
  const parts = [
    ...(['configure', 'check', 'remove'] as const).map((kind) => [kinds[kind], texts[kind]] as const),
    ...texts.files.map(({ name, text }) => [name, text] as const),
  ]
  const shown = parts
    .filter(([, text]) => text.trim() !== '')
    .map(([name, text]) => folded(name, codeBlock(`${name} of ${site}`, text)))
  return `<div class="per-site"><h3>${html(`${site}: ${platform}`)}</h3>${shown.join('')}</div>`
}

function firewalls({ gateways }: Judged): Part {
  const pages = gateways.map(({ policy }) => ({ policy, places: filterPlaces(policy) }))
  const content =
    pages.length > mostFirewalls
      ? firewallTablesByPlace(pages).map((table) => folded(table.title, htmlTable(table)))
      : pages.map((page) =>
          folded(`At ${page.policy.site}`, Array.from(firewallResult([page]).tables(), htmlTable).join('')),
        )
  return { id: 'firewalls', heading: 'What firewalls must let pass', content: content.join('') }
}

function proof(reported: Judged): Part {
  const { plan, verified } = reported
  const judged = new Set(verified.proofs.filter(({ hasBothEnds }) => hasBothEnds).map(({ sites: ends }) => keyOf(ends)))
  const unproven = pairsOf(plan).filter((pair) => !judged.has(pair))
  const words = { result: resultOf(reported), unproven: unproven.map((pair) => pair.replace(' ', ' and ')) }
  return { id: 'proof', heading: 'Proof', content: proofContent(verified, words) }
}

function figure(one: Figure, id: string): string {
  return figures([one], id)
}

function figures(several: readonly Figure[], id: string): string {
  return `<figure tabindex="0">${svgOfFigures(several, { id, style: false })}</figure>`
}
