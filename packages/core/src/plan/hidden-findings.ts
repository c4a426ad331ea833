import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Site } from '../network/network.ts'
import { type Mapping, type Plan, shortText } from './plan.ts'

/** What somebody who hides subnets should know: who cannot open connections any more. */
export function hiddenFindings(plan: Plan): Finding[] {
  const hidden = plan.mappings.filter(({ kind }) => kind === 'many-to-one')
  if (hidden.length === 0) return []
  return [...bySite(hidden).map(oneWay), ...pairsOf(plan).flatMap((pair) => fromEachOther(plan, pair))]
}

/** One finding for all that a site hides. */
function bySite(hidden: readonly Mapping[]): Mapping[][] {
  const sites = new Map<SiteName, Mapping[]>()
  for (const mapping of hidden) sites.set(mapping.site, [...(sites.get(mapping.site) ?? []), mapping])
  return [...sites.values()]
}

function oneWay(hidden: readonly Mapping[]): Finding {
  const [first] = hidden
  if (!first) throw new Error('nothing is hidden')
  const { site, subnet } = first
  const behind = [...new Set(hidden.map(({ translated }) => shortText(translated)))].join(', ')
  const others = hidden.length > 1 ? ` and ${hidden.length - 1} more` : ''
  const forwards = hidden.flatMap((one) => one.subnet.forwards)
  const ports =
    forwards.length > 0 ? `, except to ${forwards.length} forwarded port${forwards.length > 1 ? 's' : ''}` : ''
  return findingOf('HIDDEN_ONE_WAY', inPlan([...subnet.path, 'hideBehind']), {
    message: `hosts of ${subnet.prefix}${others} at ${site} reach the peers as ${behind}; peers open no connections to them${ports}`,
    hint: 'for both directions write translateTo: PREFIX of the same length in place of hideBehind',
    about: { site },
  })
}

interface Pair {
  readonly sites: readonly [SiteName, SiteName]
  readonly path: Path
}

function pairsOf({ network }: Plan): readonly Pair[] {
  return [...(network.tunnels ?? []), ...network.transits]
}

function fromEachOther({ network }: Plan, { sites, path }: Pair): Finding[] {
  const ends = sites.flatMap((name) => network.sites.get(name) ?? [])
  if (ends.length < 2 || !ends.every(isWhollyHidden)) return []
  const message = `${sites[0]} and ${sites[1]} hide all of their subnets from each other: neither can open a connection`
  const hint = 'write translateTo in place of hideBehind at one of the two, or add forwards'
  return [findingOf('HIDDEN_FROM_EACH_OTHER', inPlan(path), { message, hint })]
}

function isWhollyHidden({ subnets }: Site): boolean {
  return subnets.length > 0 && subnets.every(({ hideBehind, forwards }) => hideBehind && forwards.length === 0)
}
