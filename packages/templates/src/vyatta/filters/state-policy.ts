import type { ConnectionState, DeviceRule, Doubt, RuleSet } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import type { DeviceReading } from '../device-reading.ts'
import { readLeaf } from '../read-leaf.ts'
import { inForce } from './in-force.ts'

/** A policy for all connections by their state, which chains ask before their own rules. */
export interface StatePolicy {
  readonly set: RuleSet
  /** Chains that nobody wrote have it too: those of the generation before VyOS 1.4 are always there. */
  readonly isEverywhere: boolean
}

type Policed = Extract<ConnectionState, 'established' | 'invalid' | 'related'>

/** In the order in which they are asked (nftables.j2; vyatta-fw-global-state-policy.pl). */
const newerOrder: readonly Policed[] = ['established', 'invalid', 'related']
const olderOrder: readonly Policed[] = ['invalid', 'established', 'related']

export function statePolicyOf(reading: DeviceReading): StatePolicy | undefined {
  const firewall = reading.root.at('firewall')
  const newer = firewall?.at('global-options', 'state-policy')
  if (newer) {
    const name = 'firewall global-options state-policy'
    return { set: { name, ...policyOf(newer, newerOrder, reading) }, isEverywhere: false }
  }
  const older = firewall?.at('state-policy')
  return (
    older && { set: { name: 'firewall state-policy', ...policyOf(older, olderOrder, reading) }, isEverywhere: true }
  )
}

/** The rule that asks the policy at the begin of a chain. */
export function callOf(policy: StatePolicy | undefined): DeviceRule[] {
  if (!policy) return []
  const { set } = policy
  const action = { kind: 'jump', to: set, isFinal: false } as const
  return [{ number: undefined, description: undefined, match: {}, action, line: set.line }]
}

function policyOf(node: ConfigNode, order: readonly Policed[], { unread }: DeviceReading): Omit<RuleSet, 'name'> {
  const strange = node.children().filter(([word]) => !(order as readonly string[]).includes(word))
  for (const [, child] of strange) unread.add(child.lines(), { touches: 'filters', isPlaced: false })
  const rules = order.flatMap((state) => ruleOf(node.at(state), state, unread))
  return { rules, fallback: 'return', line: node.line }
}

/** A state without an action is logged at most. */
function ruleOf(node: ConfigNode | undefined, state: Policed, unread: DeviceReading['unread']): DeviceRule[] {
  const word = node && inForce(node) ? node.peek('action') : undefined
  if (!node || word === undefined) return []
  const rule = { number: undefined, description: undefined, match: { states: [state] }, line: node.at('action')?.line }
  if (word === 'accept' || word === 'drop' || word === 'reject') {
    readLeaf(node, 'action')
    return [{ ...rule, action: { kind: word } }]
  }
  const doubt: Doubt | undefined = unread.add(node.at('action')?.lines() ?? [], { touches: 'filters', isPlaced: true })
  return [{ ...rule, action: { kind: 'unknown' }, ...(doubt ? { doubt } : {}) }]
}
