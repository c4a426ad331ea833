import type { Hook, RuleList } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import type { NamedSets } from './named-sets.ts'
import { baseKind } from './set-kind.ts'
import { callOf, statePolicyOf } from './state-policy.ts'

/** The chains that VyOS 1.4 and later can have at a hook, with their priorities (linux/netfilter_ipv4.h). */
const priorities: ReadonlyMap<string, number> = new Map([
  ['filter', 0],
  ['raw', -300],
])

const chainHooks: readonly Hook[] = ['prerouting', 'input', 'forward', 'output']

/** The chains of VyOS 1.4 and later, which are in force by being there. */
export function baseLists(sets: NamedSets): RuleList[] {
  const { reading, family } = sets
  const tree = reading.root.at('firewall', `ipv${family}`)
  return (tree?.children() ?? []).flatMap(([word, node]) => {
    if (word === 'name') return []
    const hook = chainHooks.find((one) => one === word)
    if (hook) return node.children().flatMap(([chain, below]) => listOf(below, { hook, chain }, sets))
    reading.unread.add(node.lines(), { touches: 'filters', isPlaced: false })
    return []
  })
}

/** The policy by state is asked in filters, but in prerouting and at raw priority (nftables.j2). */
function listOf(node: ConfigNode, { hook, chain }: { hook: Hook; chain: string }, sets: NamedSets): RuleList[] {
  const { reading, family } = sets
  const priority = priorities.get(chain)
  if (priority === undefined) {
    reading.unread.add(node.lines(), { touches: 'filters', isPlaced: false })
    return []
  }
  const isTracked = priority > -200
  const path = ['firewall', `ipv${family}`, hook, chain]
  const set = sets.read(node, { name: path.join(' '), path }, { kind: baseKind, isTracked })
  const isPoliced = isTracked && hook !== 'prerouting'
  const rules = [...(isPoliced ? callOf(statePolicyOf(reading)) : []), ...set.rules]
  return [{ ...set, rules, hook, priority, kind: 'filter', family }]
}
