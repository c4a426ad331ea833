import {
  type DeviceRule,
  type Doubt,
  type InterfaceMatch,
  type PacketMatch,
  RangeSet,
  type RuleAction,
} from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { tryParsePortRange, tryParsePrefix } from './parse-match.ts'
import { readLeaf } from './read-leaf.ts'
import { tryParsePortSet, tryParseProtocols } from './read-values.ts'

interface Forwards {
  readonly destination: readonly DeviceRule[]
  /** With `hairpin-nat`: hosts behind a LAN interface that call a forwarded port get the gateway's address. */
  readonly source: readonly DeviceRule[]
}

/**
 * EdgeOS's `port-forward`, which is asked before all other rules: packets for the address of the WAN interface that come in on it or, with
 * `hairpin-nat`, from the LAN.
 */
export function portForwards(reading: DeviceReading): Forwards {
  const node = reading.root.at('port-forward')
  if (!node) return { destination: [], source: [] }
  const wan = readLeaf(node, 'wan-interface')
  const lans = readLeaf(node, 'hairpin-nat') === 'enable' ? node.values('lan-interface') : []
  const names = [...(wan === undefined ? [] : [wan]), ...lans]
  const into: PacketMatch = {
    ...(wan === undefined ? {} : { in: { names, negated: false } satisfies InterfaceMatch }),
    ...addressOf(wan, reading),
  }
  const rules = node
    .children('rule')
    .filter(([, rule]) => !rule.at('disable'))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, rule]) => forwardOf(rule, into, reading))
  return { destination: rules, source: lans.flatMap((lan) => rules.flatMap((rule) => hairpinOf(rule, lan, reading))) }
}

function addressOf(wan: string | undefined, { groups }: DeviceReading): PacketMatch {
  if (wan === undefined) return {}
  const { members, unknown } = groups.ofInterface(wan, 'addresses')
  return { ...(members ? { destination: members } : {}), ...(unknown === undefined ? {} : { unknown }) }
}

function forwardOf(rule: ConfigNode, into: PacketMatch, reading: DeviceReading): DeviceRule {
  const description = readLeaf(rule, 'description')
  const protocol = tryParseProtocols(rule.peek('protocol') ?? 'all')
  const ports = tryParsePortSet(rule.peek('original-port') ?? '')
  if (protocol !== undefined) readLeaf(rule, 'protocol')
  if (ports) readLeaf(rule, 'original-port')
  const action = forwardTarget(rule)
  const doubt: Doubt | undefined = reading.unread.add(rule.unread(), { touches: 'nat', isPlaced: true })
  return {
    number: undefined,
    description,
    match: {
      ...into,
      ...(protocol instanceof RangeSet ? { protocol } : {}),
      ...(ports ? { destinationPort: ports } : {}),
    },
    action,
    line: rule.line,
    ...(doubt ? { doubt } : {}),
  }
}

function forwardTarget(rule: ConfigNode): RuleAction {
  const to = tryParsePrefix(rule.peek('forward-to', 'address') ?? '')
  if (!to) return { kind: 'unknown' }
  readLeaf(rule, 'forward-to', 'address')
  const ports = tryParsePortRange(rule.peek('forward-to', 'port') ?? '')
  if (ports) readLeaf(rule, 'forward-to', 'port')
  return { kind: 'map', to, ...(ports ? { ports } : {}) }
}

/** From the LAN's own network only, as far as that is known. */
function hairpinOf({ action, match, line }: DeviceRule, lan: string, { groups }: DeviceReading): DeviceRule[] {
  if (action.kind !== 'map') return []
  const { members, unknown } = groups.ofInterface(lan, 'networks')
  const ports = action.ports ? RangeSet.of([action.ports]) : match.destinationPort
  return [
    {
      number: undefined,
      description: undefined,
      match: {
        out: { names: [lan], negated: false },
        ...(members ? { source: members } : {}),
        destination: RangeSet.ofPrefixes([action.to]),
        ...(match.protocol ? { protocol: match.protocol } : {}),
        ...(ports ? { destinationPort: ports } : {}),
        ...(unknown === undefined ? {} : { unknown }),
      },
      action: { kind: 'masquerade' },
      line,
    },
  ]
}
