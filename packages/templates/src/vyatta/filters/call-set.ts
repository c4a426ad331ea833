import type { DeviceRule, PacketMatch } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import { readLeaf } from '../read-leaf.ts'
import type { NamedSets } from './named-sets.ts'

interface Call {
  readonly match: PacketMatch
  /** What comes back out of the set leaves that of the rule as well. */
  readonly isFinal: boolean
}

/**
 * The rule that calls the set which a node names for the family: `name WAN_IN`, `ipv6-name WAN6_IN`; none where it names none. A set that is
 * not there, which devices refuse, may do anything.
 */
export function callRules(node: ConfigNode | undefined, { match, isFinal }: Call, sets: NamedSets): DeviceRule[] {
  const leaf = node?.at(sets.family === 4 ? 'name' : 'ipv6-name')
  const name = readLeaf(leaf)
  if (!leaf || name === undefined) return []
  const rule = { number: undefined, description: undefined, match, line: leaf.line }
  const to = sets.find(name)
  if (to) return [{ ...rule, action: { kind: 'jump', to, isFinal } }]
  const doubt = sets.reading.unread.add(leaf.lines(), { touches: 'filters', isPlaced: true })
  return [{ ...rule, action: { kind: 'unknown' }, ...(doubt ? { doubt } : {}) }]
}
