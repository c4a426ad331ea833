import { type Finding, findingOf, inPlan } from '../finding.ts'
import { abilities, type FilterNaming } from '../policy/abilities.ts'
import { quoted } from '../quoted.ts'
import type { Gateway, PlannedFilterSet } from './network.ts'
import type { PartialNetwork } from './partial-network.ts'

/** iptables makes chains of the names of sets, and adds to them. */
const longestSet = 28

/** What a set may be called, in words and as a pattern. */
const names: Readonly<Record<FilterNaming['kind'], { readonly pattern: RegExp; readonly words: string }>> = {
  // Names that begin with VZONE are those of zones (vyatta-cfg-firewall).
  sets: { pattern: /^(?!VZONE)\S+$/, words: 'the name of a set, such as WAN_IN' },
  chains: {
    pattern: /^([A-Za-z0-9]\S*|(forward|input|output) filter)$/,
    words: 'the name of a set, such as WAN_IN, or one of "forward filter", "input filter", "output filter"',
  },
  nft: {
    pattern: /^(ip|ip6|inet) [A-Za-z_]\S* [A-Za-z_]\S*$/,
    words: 'family, table and chain of nftables, such as "inet filter forward"',
  },
}

const plain = { pattern: /^[A-Za-z0-9][\w-]*$/, words: 'letters, digits, dashes and underscores, such as WAN_IN' }

/** Platforms name their sets in different ways, and some have none that natplan writes rules into. */
export function firewallsAreKnown({ sites }: PartialNetwork): Finding[] {
  return [...sites.values()].flatMap(({ gateway }) => {
    if (!gateway?.firewall || !gateway.platform) return []
    const { platform } = gateway
    const { filters } = abilities[platform]
    if (filters) return gateway.firewall.flatMap((set) => unfit(set, platform, filters))
    const message = `natplan writes no rules for the firewall of ${platform}`
    const hint = 'leave firewall out: natplan explain firewall says what it must let pass'
    return [findingOf('FIREWALL_UNFIT', inPlan([...gateway.path, 'firewall']), { message, hint })]
  })
}

/** Rules that one set gets at most: two kinds of packets both ways, and what gateways send, each in two IP versions. */
const mostRules = 12

function unfit(
  { name, first, isNumbered, path }: PlannedFilterSet,
  platform: Gateway['platform'],
  { kind, last, plainNames }: FilterNaming,
): Finding[] {
  const { pattern, words } = plainNames ? plain : names[kind]
  const isTooLong = kind !== 'nft' && name.split(' ').some((word) => word.length > longestSet)
  const say = (message: string, hint: string) => [findingOf('FIREWALL_UNFIT', inPlan(path), { message, hint })]
  if (!pattern.test(name)) return say(`${quoted(name)} is not a filter set on ${platform}`, `write ${words}`)
  if (isTooLong)
    return say(`${name} is longer than ${longestSet} letters, which no set of ${platform} is`, `write ${words}`)
  if (/^natplan\b/.test(name.split(' ').at(-2) ?? name) || /^natplan-/.test(name))
    return say(`${name} is natplan's own: such sets come and go with the plan`, 'name a set that others made')
  if (last === undefined && isNumbered) return say(`rules of ${platform} have no numbers`, 'leave first out')
  if (last !== undefined && first > last - mostRules)
    return say(
      `${first} leaves no numbers for rules on ${platform}, which has 1 to ${last}`,
      `choose one of 1 to ${last - mostRules}`,
    )
  return []
}
