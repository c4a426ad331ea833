import { type DeviceRule, type Doubt, icmpCode, type PacketMatch, RangeSet } from '@natplan/core'
import type { ConfigNode } from '../../config-tree.ts'
import { readLeaf } from '../../read-leaf.ts'
import { packetMatchOf } from '../../read-match.ts'
import { flagsOf } from '../filter-match.ts'
import { type FilterRule, holders, narrowed, type RuleReading, unknownWords } from '../filter-rule.ts'
import { type IcmpKind, icmpKinds } from '../icmp-names.ts'
import { inForce } from '../in-force.ts'

/**
 * What a rule of the 5600 does; none where it touches no packet that is whole. It asks a packet alone: neither interfaces nor states
 * (vyatta-npf-v1.yang; build_rule of FWHelper.pm, DANOS).
 */
export function dataplaneRules({ number, node }: FilterRule, _: string, reading: RuleReading): DeviceRule[] {
  if (!inForce(node) || node.flag('fragment')) return []
  const description = readLeaf(node, 'description')
  for (const word of ['log', 'mark']) node.at(word)?.markAllRead()
  for (const holder of holders) node.at(...holder)?.markRead()
  const match = matchOf(node, reading)
  const action = actionOf(node)
  const isStateful = keepsState(node, match, reading)
  const doubt = doubtOf(node, reading)
  const unknown = unknownWords(node)
  reading.unread.add(node.unread(), { touches: 'filters', isPlaced: true })
  return [
    {
      number,
      description,
      match: narrowed(match, unknown, undefined),
      action: { kind: action },
      line: node.line,
      ...(isStateful && action === 'accept' ? { makesSession: 'both-ways' as const } : {}),
      ...(doubt ? { doubt } : {}),
    },
  ]
}

/** A rule without an action drops. */
function actionOf(rule: ConfigNode): 'accept' | 'drop' {
  return readLeaf(rule, 'action') === 'accept' ? 'accept' : 'drop'
}

/** Rules that say so keep state, and with a policy for all connections of a protocol those that name it. */
function keepsState(rule: ConfigNode, { protocol }: PacketMatch, { stateful = [] }: RuleReading): boolean {
  const isTold = readLeaf(rule, 'state') === 'enable'
  const session = rule.at('session')
  session?.markRead()
  return isTold || session !== undefined || stateful.some((one) => protocol?.equals(RangeSet.ofValues([one])))
}

/** What lets only some of the packets pass that a rule takes. */
const limits: readonly (readonly string[])[] = [['police'], ['parameter'], ['action-group'], ['session', 'application']]

function doubtOf(rule: ConfigNode, { unread }: RuleReading): Doubt | undefined {
  const lines = limits.flatMap((path) => rule.at(...path)?.lines() ?? [])
  for (const path of limits) rule.at(...path)?.markAllRead()
  return unread.add(lines, { touches: 'filters', isPlaced: true })
}

const [icmp, icmpv6, tcp] = [1, 58, 6]

function matchOf(rule: ConfigNode, reading: RuleReading): PacketMatch {
  const asked = packetMatchOf(rule, reading)
  const flags = flagsOf(rule)
  rule.at('tcp')?.markRead()
  const types = typesOf(rule)
  const implied = rule.at('icmp') ? icmp : rule.at('icmpv6') ? icmpv6 : flags.tcpFlags ? tcp : undefined
  const unknown = [asked.unknown, types.unknown].filter((one) => one !== undefined)
  return {
    ...(implied === undefined ? protocolGroupOf(rule, reading) : { protocol: RangeSet.ofValues([implied]) }),
    ...asked,
    ...flags,
    ...types,
    ...(unknown.length > 0 ? { unknown: unknown.join(', ') } : {}),
  }
}

function protocolGroupOf(rule: ConfigNode, { groups }: RuleReading): PacketMatch {
  const name = rule.peek('protocol-group')
  const protocol = name === undefined ? undefined : groups.protocols(name)
  if (!protocol) return {}
  readLeaf(rule, 'protocol-group')
  return { protocol }
}

/** `icmp name echo-request`, or `icmp type 8 code 0`; a group of types may hold any. */
function typesOf(rule: ConfigNode): PacketMatch {
  const word = (['icmp', 'icmpv6'] as const).find((one) => rule.at(one))
  if (word === undefined) return {}
  const family = word === 'icmp' ? 4 : 6
  const kind = kindOf(rule, word, icmpKinds[family])
  rule.at(word)?.markAllRead()
  if (!kind) return { unknown: `the type of ${word}` }
  const isFollowed = kind.code === undefined || kind.code === icmpCode(kind.type, family)
  return { icmpType: RangeSet.ofValues(isFollowed ? [kind.type] : []) }
}

function kindOf(rule: ConfigNode, word: string, names: ReadonlyMap<string, IcmpKind>): IcmpKind | undefined {
  const type = rule.peek(word, 'type')
  if (type === undefined) return names.get(rule.peek(word, 'name') ?? '')
  const code = rule.peek(word, 'type', type, 'code')
  if (![type, code ?? '0'].every((number) => /^\d{1,3}$/.test(number))) return undefined
  return { type: Number(type), ...(code === undefined ? {} : { code: Number(code) }) }
}
