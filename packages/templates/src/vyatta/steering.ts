import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import { interfacesOf } from './parse-interfaces.ts'

/** Where the members of the family keep rules that may send a packet another way than the routing table says. */
const ruleTrees = [
  ['policy', 'route'],
  ['policy', 'route6'],
  ['policy', 'local-route'],
  ['policy', 'local-route6'],
  ['firewall', 'modify'],
] as const

/** Whole trees that do so. */
const trees = [['load-balancing', 'wan'], ['load-balance'], ['routing', 'routing-instance']] as const

/** What a rule that chooses another table says; one that only sets a segment size or a mark of quality says none of it. */
const choices = ['table', 'vrf', 'lb-group'] as const

/** The lines of policy routes, load balancing and other routing instances: natplan follows the main routing table only. */
export function steeringLines(root: ConfigNode): NotUnderstood[] {
  const rules = ruleTrees.flatMap((path) => rulesIn(root.at(...path))).filter(isSteering)
  const whole = trees.flatMap((path) => root.at(...path) ?? [])
  const instances = interfacesOf(root).flatMap(({ node }) => node.at('vrf') ?? [])
  return [...rules, ...whole, ...instances].flatMap((node) => node.lines())
}

/** Rules stand below the name of their list, below `pbr` and a name, or at once. */
function rulesIn(node: ConfigNode | undefined, depth = 0): ConfigNode[] {
  if (!node || depth > 2) return []
  return node
    .children()
    .flatMap(([name, below]) =>
      name === 'rule' ? below.children().map(([, rule]) => rule) : rulesIn(below, depth + 1),
    )
}

function isSteering(rule: ConfigNode): boolean {
  const isChoosing = choices.some((word) => rule.at(word) ?? rule.at('set', word) ?? rule.at('modify', word))
  return isChoosing && !rule.at('disable')
}
