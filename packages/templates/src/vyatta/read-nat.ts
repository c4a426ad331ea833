import type {
  Device,
  DeviceRule,
  Doubt,
  PacketMatch,
  PortRange,
  RuleAction,
  RuleList,
  TunnelChild,
} from '@natplan/core'
import { Address, Prefix, RangeSet } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { type Direction, natList } from './nat-list.ts'
import { tryParsePortRange, tryParsePrefix } from './parse-match.ts'
import { readLeaf } from './read-leaf.ts'
import { interfaceMatchOf, packetMatchOf } from './read-match.ts'
import { portForwards } from './read-port-forward.ts'
import { staticNatLists } from './read-static-nat.ts'
import { tryParseRange } from './read-values.ts'

/** The lists of NAT rules in the order in which the device asks them. */
export function readNat(reading: DeviceReading, children: readonly TunnelChild[]): RuleList[] {
  const written = natTrees(reading).flatMap((tree) => rulesOfTree(tree, reading))
  const forwards = portForwards(reading)
  readOtherTranslation(reading)
  const [excluded, own] = [excludedByVpn(reading, children), ordered(written)]
  return [
    ...staticNatLists(reading),
    ...(forwards.destination.length > 0 ? [natList('port-forward', 'destination', forwards.destination)] : []),
    natList('destination', 'destination', own.destination),
    natList('source', 'source', [...excluded, ...forwards.source, ...own.source]),
  ]
}

/** The numbers of all rules, also of those that are switched off. Where all rules are one list, a number is taken in both directions. */
export function natNumbers(root: ConfigNode): Device['usedNumbers'] {
  return natTrees({ root }).flatMap(({ node, direction }) =>
    rulesBelow(node).flatMap(([number]) =>
      (direction === undefined ? (['source', 'destination'] as const) : [direction]).map((one) => ({
        direction: one,
        number,
      })),
    ),
  )
}

interface NatTree {
  readonly node: ConfigNode
  /** `undefined`: the rules say it themselves. */
  readonly direction: Direction | undefined
}

/** Vyatta up to 6.3 and EdgeOS have one list under `service nat`, the 5600 two there, all others two under `nat`. */
function natTrees({ root }: Pick<DeviceReading, 'root'>): NatTree[] {
  const roots = [root.at('nat'), root.at('service', 'nat')].filter((node) => node !== undefined)
  return roots.flatMap((node) => [
    ...(['source', 'destination'] as const).flatMap((direction) => {
      const list = node.at(direction)
      return list ? [{ node: list, direction }] : []
    }),
    ...(node.at('rule') ? [{ node, direction: undefined }] : []),
  ])
}

const ruleNumber = /^[1-9]\d{0,5}$/

function rulesBelow(list: ConfigNode): [number, ConfigNode][] {
  const rules = (list.at('rule')?.nodes ?? []).filter(({ name }) => ruleNumber.test(name))
  return rules.map((node) => [Number(node.name), node])
}

interface PlacedRule {
  readonly direction: Direction
  readonly rule: DeviceRule
}

function rulesOfTree({ node, direction }: NatTree, reading: DeviceReading): PlacedRule[] {
  for (const rule of node.at('rule')?.nodes ?? []) {
    if (!ruleNumber.test(rule.name)) reading.unread.add(rule.lines(), { touches: 'nat', isPlaced: false })
  }
  return rulesBelow(node).flatMap(([number, rule]) => {
    if (rule.at('disable')) return []
    const own = direction ?? directionOf(rule)
    if (own) return [{ direction: own, rule: ruleOf({ number, node: rule, direction: own }, reading) }]
    reading.unread.add(rule.lines(), { touches: 'nat', isPlaced: false })
    return []
  })
}

function directionOf(rule: ConfigNode): Direction | undefined {
  const type = readLeaf(rule, 'type')
  return type === 'destination' ? type : type === 'source' || type === 'masquerade' ? 'source' : undefined
}

function ordered(rules: readonly PlacedRule[]): Readonly<Record<Direction, DeviceRule[]>> {
  const of = (direction: Direction) =>
    rules
      .filter((one) => one.direction === direction)
      .map(({ rule }) => rule)
      .sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
  return { source: of('source'), destination: of('destination') }
}

interface WrittenRule {
  readonly number: number
  readonly node: ConfigNode
  readonly direction: Direction
}

/** Nodes of a rule that hold others and say nothing by being there. */
const holders = [
  [],
  ['source'],
  ['destination'],
  ['source', 'group'],
  ['destination', 'group'],
  ['translation'],
  ['inside-address'],
  ['outside-address'],
] as const

/** A rule of which a line is not understood stays in its place with what it is known to ask. */
function ruleOf(written: WrittenRule, reading: DeviceReading): DeviceRule {
  const { number, node } = written
  const description = readLeaf(node, 'description')
  for (const holder of holders) node.at(...holder)?.markRead()
  for (const leaf of ['log', 'comment', 'type']) node.at(leaf)?.markAllRead()
  const match = natMatch(written, reading)
  const action = actionOf(written, match, reading)
  const opened = opensAnswers(written, reading) ? { makesSession: 'answers' as const } : {}
  const unread = node.unread()
  const doubt = reading.unread.add(unread, { touches: 'nat', isPlaced: true }) ?? lackOf(action, written, reading)
  return { number, description, match, action, line: node.line, ...opened, ...(doubt ? { doubt } : {}) }
}

/** On the 5600 filters let pass what answers a translated packet, unless they are told not to (vyatta-service-nat-v1.yang). */
function opensAnswers({ node, direction }: WrittenRule, { root, dialect }: DeviceReading): boolean {
  if (dialect.platform !== 'vyatta-5600') return false
  const isOpen = node.flag('firewall-pinhole')
  return isOpen || root.at('service', 'nat', direction, 'explicit-firewall-pinhole') === undefined
}

/** A rule that says nothing of what it translates to, or not what the device wants to know. */
function lackOf(
  action: RuleAction,
  { number, node, direction }: WrittenRule,
  reading: DeviceReading,
): Doubt | undefined {
  const lack =
    action.kind === 'unknown' ? 'whose translation is not known' : lackOfInterface({ node, direction }, reading)
  const line = lack === undefined ? undefined : node.firstLine()
  if (!line) return undefined
  reading.unread.add([line], { touches: 'nat', isPlaced: true })
  return { line: node.line, what: `${direction} rule ${number}, ${lack}` }
}

/** Only from VyOS 1.4 on a rule may name none. */
function lackOfInterface(
  { node, direction }: Pick<WrittenRule, 'node' | 'direction'>,
  { dialect }: DeviceReading,
): string | undefined {
  const leaf = interfaceLeaves[direction]
  return dialect.peerKey === 'name' || node.at(leaf) ? undefined : `which the device refuses without "${leaf}"`
}

function natMatch({ node, direction }: WrittenRule, reading: DeviceReading): PacketMatch {
  const interfaces = interfaceMatchOf(node, interfaceLeaves[direction], reading)
  const side = direction === 'source' ? 'out' : 'in'
  return { ...packetMatchOf(node, reading), ...(interfaces ? { [side]: interfaces } : {}) }
}

const interfaceLeaves = { source: 'outbound-interface', destination: 'inbound-interface' } as const

function actionOf(written: WrittenRule, match: PacketMatch, { dialect }: DeviceReading): RuleAction {
  const { node, direction } = written
  const targets = ['translation', direction === 'source' ? 'outside-address' : 'inside-address']
  if (node.at('exclude')) {
    for (const leaf of ['exclude', ...targets]) node.at(leaf)?.markAllRead()
    return { kind: 'exempt' }
  }
  const isMasquerade = node.peek('type') === 'masquerade'
  const target = targets.map((leaf) => node.at(leaf)).find((one) => one !== undefined)
  target?.at('options')?.markAllRead()
  const ports = tryParsePortRange(target?.peek('port') ?? '')
  if (ports) readLeaf(target, 'port')
  const action = isMasquerade ? ({ kind: 'masquerade' } as const) : targetOf(written, match, target)
  return withPorts(dialect.platform === 'vyatta-5600' ? mappedByRange(action, match, direction) : action, ports)
}

function withPorts(action: RuleAction, ports: PortRange | undefined): RuleAction {
  const isTranslating = action.kind === 'map' || action.kind === 'pool' || action.kind === 'masquerade'
  return ports && isTranslating ? { ...action, ports } : action
}

function targetOf({ node, direction }: WrittenRule, match: PacketMatch, target: ConfigNode | undefined): RuleAction {
  const text = target?.peek('address') ?? onlyBackend(target) ?? onlyBackend(node)
  if (text === undefined) return direction === 'destination' ? ontoItself(match, target) : { kind: 'unknown' }
  const action = addressAction(text)
  if (action) readLeaf(target, 'address')
  return action ?? { kind: 'unknown' }
}

/** A port without an address leaves the address as it is (nat.py). */
function ontoItself({ destination }: PacketMatch, target: ConfigNode | undefined): RuleAction {
  const [range, ...others] = destination?.ranges ?? []
  const isSingle = range && others.length === 0 && range.first === range.last
  if (!isSingle || target?.at('port') === undefined) return { kind: 'unknown' }
  return { kind: 'map', to: Prefix.fromBits(range.first, typeof range.first === 'number' ? 32 : 128) }
}

/** A balancer with a single backend. */
function onlyBackend(holder: ConfigNode | undefined): string | undefined {
  const [only, ...others] = holder?.children('load-balance', 'backend') ?? []
  if (!only || others.length > 0) return undefined
  holder?.at('load-balance')?.markAllRead()
  return only[0]
}

function addressAction(text: string): RuleAction | undefined {
  if (text === 'masquerade') return { kind: 'masquerade' }
  if (!text.includes('-')) {
    const to = tryParsePrefix(text)
    return to && { kind: 'map', to }
  }
  const range = tryParseRange(text)
  const [first, last] = text.split('-').map((one) => Address.tryParse(one.trim()))
  return range && first && last ? { kind: 'pool', first, last } : undefined
}

/**
 * The 5600 makes a range of a prefix and keeps the hosts' part of an address only where what it matches is one prefix of the same length
 * (DANOS npf_apm.c); else it takes any of the range. A range that is written is no different (npf_is_range_subnet4).
 */
function mappedByRange(action: RuleAction, match: PacketMatch, direction: Direction): RuleAction {
  if (action.kind === 'pool') {
    const to = subnetOf(action, match[direction])
    return to ? { kind: 'map', to } : action
  }
  if (action.kind !== 'map' || action.to.bits === action.to.lastBits) return action
  const [range, ...others] = match[direction]?.ranges ?? []
  const size = Number(action.to.lastBits) - Number(action.to.bits)
  const isSameLength = range && others.length === 0 && Number(range.last) - Number(range.first) === size
  if (isSameLength) return action
  const { first, last } = action.to
  return size > 1 ? { kind: 'pool', first: offset(first, 1), last: offset(last, -1) } : { kind: 'pool', first, last }
}

/** The prefix of the length that is matched, of which a range has all addresses, with or without the first and the last one. */
function subnetOf(
  { first, last }: Extract<RuleAction, { kind: 'pool' }>,
  matched: RangeSet | undefined,
): Prefix | undefined {
  const [range, ...others] = matched?.ranges ?? []
  const length = range && others.length === 0 ? 32 - Math.log2(Number(range.last) - Number(range.first) + 1) : undefined
  if (length === undefined || !Number.isInteger(length) || length > 30 || first.family === 6) return undefined
  const to = Prefix.fromBits(first.bits, length)
  const isWhole = first.equals(to.first) && last.equals(to.last)
  const isUsable = first.equals(offset(to.first, 1)) && last.equals(offset(to.last, -1))
  return isWhole || isUsable ? to : undefined
}

function offset(address: Address, distance: number): Address {
  const bits = address.bits
  const moved = typeof bits === 'number' ? bits + distance : bits + BigInt(distance)
  return Prefix.fromBits(moved, address.family === 4 ? 32 : 128).first
}

/**
 * `auto-firewall-nat-exclude` lets packets from the local to the remote prefix of each tunnel pass in front of all source rules; the device
 * gives these rules no number.
 */
function excludedByVpn({ root, dialect }: DeviceReading, children: readonly TunnelChild[]): DeviceRule[] {
  const node = root.at(...dialect.vpnRoot, 'auto-firewall-nat-exclude')
  if (!node?.at('enable')) return []
  return children
    .filter(({ kind, through }) => kind === 'protect' && through?.kind !== 'route')
    .map(({ local, remote }) => ({
      number: undefined,
      description: undefined,
      match: { source: RangeSet.ofPrefixes([local]), destination: RangeSet.ofPrefixes([remote]) },
      action: { kind: 'exempt' as const },
      line: node.line,
    }))
}

/** Translation of IPv6, and of whole pools for carriers. */
function readOtherTranslation({ root, unread, carriesIpv6 }: DeviceReading): void {
  const forIpv6 = [
    ['nat66'],
    ['nat64'],
    ['service', 'nat', 'nptv6'],
    ['service', 'nat', 'nat64'],
    ['service', 'nat', 'ipv6-to-ipv4'],
    ['service', 'nat66'],
    ['service', 'nptv6'],
  ]
  const forBoth = [
    ['nat', 'cgnat'],
    ['service', 'nat', 'cgnat'],
    ['service', 'nat', 'pool'],
  ]
  for (const path of [...(carriesIpv6 ? forIpv6 : []), ...forBoth]) {
    unread.add(root.at(...path)?.lines() ?? [], { touches: 'nat', isPlaced: false })
  }
}
