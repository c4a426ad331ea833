import { type DeviceRule, type Doubt, type InterfaceMatch, type Prefix, RangeSet, type RuleList } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { natList } from './nat-list.ts'
import { tryParsePrefix } from './parse-match.ts'
import { readLeaf } from './read-leaf.ts'
import { interfaceMatchOf } from './read-match.ts'

/**
 * The one-to-one rules of VyOS 1.4 (`nat static`): each translates in both directions, in tables of its own that win over the ordinary
 * rules, whose exemptions do not hold here.
 */
export function staticNatLists(reading: DeviceReading): RuleList[] {
  const written = reading.root.children('nat', 'static', 'rule')
  const rules = written
    .filter(([, node]) => !node.at('disable'))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([number, node]) => staticRule(Number(number), node, reading))
  return rules.length === 0
    ? []
    : [
        natList(
          'static destination',
          'destination',
          rules.map(({ destination }) => destination),
        ),
        natList(
          'static source',
          'source',
          rules.map(({ source }) => source),
        ),
      ]
}

interface BothWays {
  readonly destination: DeviceRule
  readonly source: DeviceRule
}

function staticRule(number: number, node: ConfigNode, reading: DeviceReading): BothWays {
  const interfaces = interfaceMatchOf(node, 'inbound-interface', reading)
  const description = readLeaf(node, 'description')
  node.at('log')?.markAllRead()
  node.at('translation', 'options')?.markAllRead()
  const outer = prefixAt(node, 'destination')
  const inner = prefixAt(node, 'translation')
  const doubt =
    reading.unread.add(node.unread(), { touches: 'nat', isPlaced: true }) ??
    (outer && inner ? lackOfInterface(number, node) : missing(number, node, 'an address'))
  const rule = { number, description, line: node.line, ...(doubt ? { doubt } : {}) }
  return {
    destination: { ...rule, ...mapping({ interfaces, side: 'in', field: 'destination' }, outer, inner) },
    source: { ...rule, ...mapping({ interfaces, side: 'out', field: 'source' }, inner, outer) },
  }
}

/** The device refuses such a rule without one (nat.py). */
function lackOfInterface(number: number, node: ConfigNode): Doubt | undefined {
  return node.at('inbound-interface') ? undefined : missing(number, node, 'the interface')
}

function missing(number: number, { line }: ConfigNode, what: string): Doubt {
  return { line, what: `static rule ${number}, of which ${what} is missing` }
}

interface Asked {
  readonly interfaces: InterfaceMatch | undefined
  readonly side: 'in' | 'out'
  readonly field: 'source' | 'destination'
}

function mapping(
  { interfaces, side, field }: Asked,
  from: Prefix | undefined,
  to: Prefix | undefined,
): Pick<DeviceRule, 'match' | 'action'> {
  return {
    match: {
      ...(interfaces ? { [side]: interfaces } : {}),
      ...(from ? { [field]: RangeSet.ofPrefixes([from]) } : {}),
    },
    action: to ? { kind: 'map', to } : { kind: 'unknown' },
  }
}

function prefixAt(node: ConfigNode, leaf: string): Prefix | undefined {
  const prefix = tryParsePrefix(node.peek(leaf, 'address') ?? '')
  if (prefix) readLeaf(node, leaf, 'address')
  return prefix
}
