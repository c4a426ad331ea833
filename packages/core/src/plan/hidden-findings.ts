import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Site, Subnet } from '../network/network.ts'
import { type Plan, shortText } from './plan.ts'

/** What somebody who hides subnets should know: who cannot open connections any more. */
export function hiddenFindings(plan: Plan): Finding[] {
  const hidden = plan.mappings.filter(({ kind }) => kind === 'many-to-one')
  if (hidden.length === 0) return []
  return [
    ...hidden.map(({ subnet, translated }) => oneWay(subnet, shortText(translated))),
    ...pairsOf(plan).flatMap((pair) => fromEachOther(plan, pair)),
  ]
}

function oneWay({ prefix, site, forwards, path }: Subnet, behind: string): Finding {
  const ports = forwards.map(({ protocol, port, to }) => `${protocol} ${port} (${to})`).join(', ')
  return findingOf('HIDDEN_ONE_WAY', inPlan([...path, 'hideBehind']), {
    message: `hosts of ${prefix} at ${site} reach the peers as ${behind}; peers open no connections to them${ports ? `, but for ${ports}` : ''}`,
    hint: 'for both directions write translateTo: PREFIX of the same length, or leave both out',
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
