import { type DeviceRule, type InterfaceMatch, ownPrefix, type RuleList, type RuleSet } from '@natplan/core'
import type { ConfigNode } from '../../config-tree.ts'
import { type InterfaceNode, pathOfInterface } from '../../read-interfaces.ts'
import { type DataplaneSets, keepState, setsPath } from './sets.ts'

/** Far in front of destination NAT, and far behind source NAT: that is all that counts here. */
const priorities = { in: -200, out: 200 } as const

interface Bound extends InterfaceNode {
  readonly firewall: ConfigNode
}

/** The sets of interfaces, each a list of its own: sessions are of one interface. Those of `lo` are for all. */
export function interfaceLists(sets: DataplaneSets): RuleList[] {
  const bound = sets.reading.nodes.flatMap((one) => {
    const firewall = one.node.at('firewall')
    return firewall ? [{ ...one, firewall }] : []
  })
  addStrange(bound, sets)
  return [...bound.filter(isPassed).flatMap((one) => passedLists(one, sets)), ...ownLists(bound, sets)]
}

function isPassed({ kind }: Bound): boolean {
  return kind !== 'loopback'
}

/**
 * Where packets come in by an interface, and where they leave by it. What no set takes is dropped; where none is bound, only if rules for
 * the other way keep state: then what belongs to no session is (npf_apply_firewall of DANOS npf_shim.c).
 */
function passedLists(bound: Bound, sets: DataplaneSets): RuleList[] {
  const match = (way: Way) => ({ [way]: named(bound) })
  const rules = {
    in: sets.calls(bound.firewall.at('in'), match('in'), 'drop'),
    out: sets.calls(bound.firewall.at('out'), match('out'), 'drop'),
  }
  return ways.flatMap((way) => {
    const lacking = rules[way].length === 0 && keepState(rules[way === 'in' ? 'out' : 'in'])
    const asked = lacking ? [lackingRule(bound, way)] : rules[way]
    if (asked.length === 0) return []
    return [
      listOf(`${bound.name} firewall ${way}`, asked, {
        hook: hooks[way],
        priority: priorities[way],
        sparesSessions: [way],
      }),
    ]
  })
}

type Way = 'in' | 'out'
const ways = ['in', 'out'] as const
const hooks = { in: 'prerouting', out: 'postrouting' } as const

function named({ name }: InterfaceNode): InterfaceMatch {
  return { names: [name], negated: false }
}

/** As if there was a set without rules, which can be put there. */
function lackingRule(bound: Bound, way: Way): DeviceRule {
  const { name, firewall } = bound
  const path = [...setsPath, `${ownPrefix}${name.replaceAll('.', '-')}-${way}`]
  const to: RuleSet = {
    name: `${name} firewall ${way}, where no set is bound and the other way keeps state`,
    rules: [],
    fallback: 'drop',
    line: firewall.line,
    written: { path, numbers: [], binding: [...pathOfInterface(bound), 'firewall', way] },
  }
  return {
    number: undefined,
    description: undefined,
    match: { [way]: named(bound) },
    action: { kind: 'jump', to, isFinal: false },
    line: firewall.line,
  }
}

/** What comes to the gateway itself, and what it sends: what no set takes passes. */
function ownLists(bound: readonly Bound[], sets: DataplaneSets): RuleList[] {
  const everywhere = bound.filter((one) => !isPassed(one))
  const places = [
    { word: 'local', way: 'in', hook: 'input' },
    { word: 'originate', way: 'out', hook: 'output' },
  ] as const
  return places.flatMap(({ word, way, hook }) => {
    const rules = [
      ...bound.filter(isPassed).flatMap((one) => sets.calls(one.firewall.at(word), { [way]: named(one) }, 'goes on')),
      ...everywhere.flatMap(({ firewall }) => sets.calls(firewall.at(word), {}, 'goes on')),
    ]
    return rules.length === 0 ? [] : [listOf(`firewall ${word}`, rules, { hook, priority: 10 })]
  })
}

export function listOf(
  name: string,
  rules: readonly DeviceRule[],
  place: Pick<RuleList, 'hook' | 'priority' | 'sparesSessions'>,
): RuleList {
  return { name, rules, fallback: 'accept', kind: 'filter', line: rules[0]?.line, ...place }
}

const places: readonly string[] = ['in', 'out', 'local', 'originate', 'state']

function addStrange(bound: readonly Bound[], { reading: { unread } }: DataplaneSets): void {
  for (const [word, node] of bound.flatMap(({ firewall }) => firewall.children())) {
    if (!places.includes(word)) unread.add(node.lines(), { touches: 'filters', isPlaced: false })
  }
}
