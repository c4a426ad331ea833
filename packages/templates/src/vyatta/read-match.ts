import type { InterfaceMatch, PacketMatch, RangeSet } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import type { AddressSet, NamedGroups } from './read-groups.ts'
import { readLeaf } from './read-leaf.ts'
import { signed, tryParseAddresses, tryParsePortSet, tryParseProtocols, tryParseSignedPorts } from './read-values.ts'

type Side = 'source' | 'destination'

/** What decides how the words of a rule are taken. */
export interface MatchReading {
  readonly dialect: VyattaDialect
  readonly groups: NamedGroups
  /** Of a filter for IPv6, which means groups of IPv6 addresses without saying so. */
  readonly family?: 4 | 6
  /** What a device makes of a filter rule; `undefined` for other rules. */
  readonly filter?: 'nftables' | 'iptables' | 'npf'
}

/**
 * What a rule asks of a packet's addresses, protocol and ports, as far as it is understood: its lines are marked as read, and those of
 * the rest, which can only narrow it, stay unread.
 */
export function packetMatchOf(rule: ConfigNode, reading: MatchReading): PacketMatch {
  const protocol = protocolOf(rule, reading)
  const source = sideOf(rule, 'source', reading)
  const destination = sideOf(rule, 'destination', reading)
  const unknown = [...source.unknown, ...destination.unknown, ...unknownWords(rule)]
  const match: Growing<PacketMatch> = {}
  if (protocol) match.protocol = protocol
  if (source.addresses) match.source = source.addresses
  if (source.ports) match.sourcePort = source.ports
  if (destination.addresses) match.destination = destination.addresses
  if (destination.ports) match.destinationPort = destination.ports
  if (unknown.length > 0) match.unknown = unknown.join(', ')
  return match
}

/** Words that nobody can tell of a packet. */
const untold = [
  'packet-type',
  'time',
  'limit',
  'recent',
  'p2p',
  'application',
  'dscp',
  'ttl',
  'hop-limit',
  'packet-length',
]

function unknownWords(rule: ConfigNode): string[] {
  return untold.filter((word) => rule.flag(word))
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

interface SideMatch {
  readonly addresses?: RangeSet | undefined
  readonly ports?: RangeSet | undefined
  readonly unknown: readonly string[]
}

const nothing: SideMatch = { unknown: [] }

function sideOf(rule: ConfigNode, side: Side, reading: MatchReading): SideMatch {
  const node = rule.at(side)
  if (!node) return nothing
  const addresses = [...writtenAddresses(node, reading), ...groupedAddresses(node, reading)]
  const known = addresses.flatMap(({ members }) => members ?? [])
  const ports = portsOf(node, reading)
  const unknown = [...addresses.flatMap((one) => one.unknown ?? []), ...liveWords(node)]
  return { addresses: intersection(known), ports, unknown }
}

const live = ['fqdn', 'geoip', 'mac-address', 'domain']

function liveWords(node: ConfigNode): string[] {
  return live.flatMap((word) => {
    const below = node.at(word)
    if (!below) return []
    const text = readLeaf(below)
    below.markAllRead()
    return text === undefined ? [] : [`${word} ${text}`]
  })
}

function intersection(sets: readonly RangeSet[]): RangeSet | undefined {
  return sets.reduce<RangeSet | undefined>((all, set) => all?.intersect(set) ?? set, undefined)
}

function writtenAddresses(node: ConfigNode, { groups }: MatchReading): AddressSet[] {
  const text = node.peek('address')
  if (text === undefined) return []
  if (node.at('address-mask')) return [maskedAddress(node)]
  const set = tryParseAddresses(text)
  const found = set ? { members: set } : groups.namedAddresses(text)
  if (!found) return []
  readLeaf(node, 'address')
  return [found]
}

/** Only some bits of an address are compared. */
function maskedAddress(node: ConfigNode): AddressSet {
  for (const leaf of ['address', 'address-mask']) readLeaf(node, leaf)
  return { unknown: 'some bits of an address' }
}

function groupedAddresses(node: ConfigNode, { groups, family }: MatchReading): AddressSet[] {
  return node.children('group').flatMap(([kind]) => {
    const text = node.peek('group', kind)
    const isOfIpv6 = family === 6 && (kind === 'address-group' || kind === 'network-group')
    const found = text === undefined ? undefined : groups.addresses(isOfIpv6 ? `ipv6-${kind}` : kind, text)
    if (!found) return []
    readLeaf(node, 'group', kind)
    return [node.at('address-mask') ? maskedAddress(node) : found]
  })
}

function portsOf(node: ConfigNode, { groups, filter }: MatchReading): RangeSet | undefined {
  const text = node.peek('port')
  const parse = filter === 'nftables' ? tryParseSignedPorts : tryParsePortSet
  const written = text === undefined ? undefined : (parse(text) ?? groups.ports(text))
  if (written) readLeaf(node, 'port')
  const name = node.peek('group', 'port-group')
  const members = name === undefined ? undefined : groups.ports(name.replace(/^!/, ''))
  const grouped = name === undefined || !members ? undefined : signed(name, members, { first: 0, last: 65_535 })
  if (grouped) readLeaf(node, 'group', 'port-group')
  return intersection([written, grouped].filter((set) => set !== undefined))
}

/**
 * On the members of the family that make two rules of `tcp_udp`, its negation takes everything: in filters (Rule.pm of vyatta-cfg-firewall);
 * such a rule of NAT is not understood.
 */
function protocolOf(rule: ConfigNode, { dialect, groups, filter }: MatchReading): RangeSet | undefined {
  const text = rule.peek('protocol')
  if (text === undefined) return undefined
  if (text === '!tcp_udp' && filter === 'iptables') {
    readLeaf(rule, 'protocol')
    return undefined
  }
  const isTwoRules = text === '!tcp_udp' && !filter && ['vyatta-5400', 'edgeos'].includes(dialect.platform)
  const named = rule.peek('protocol', 'group')
  const set = isTwoRules ? undefined : named === undefined ? tryParseProtocols(text) : groups.protocols(named)
  if (set === undefined) return undefined
  rule.at('protocol')?.markAllRead()
  return set === 'all' ? undefined : set
}

/**
 * The interfaces that a rule names: plainly, by `name` or by a group, each also with `!`. `any` is every interface, but under `name` that of
 * this name.
 */
export function interfaceMatchOf(rule: ConfigNode, leaf: string, { groups }: MatchReading): InterfaceMatch | undefined {
  const node = rule.at(leaf)
  if (!node) return undefined
  for (const word of ['name', 'interface-name']) {
    if (node.at(word)) return namedInterfaces([readLeaf(node, word) ?? ''])
  }
  for (const word of ['group', 'interface-group']) {
    const name = node.peek(word)
    if (name === undefined) continue
    const members = groups.interfaces(name.replace(/^!/, ''))
    if (!members) return undefined
    readLeaf(node, word)
    return { names: members, negated: name.startsWith('!') }
  }
  if (node.children().some(([, below]) => !below.isEmpty)) return undefined
  const names = rule.values(leaf)
  return names.length === 0 || names.includes('any') ? undefined : namedInterfaces(names)
}

/** `eth*` for all that begin so, `!eth0` for all but one. */
function namedInterfaces(texts: readonly string[]): InterfaceMatch {
  return { names: texts.map((text) => text.replace(/^!/, '')), negated: texts.some((text) => text.startsWith('!')) }
}
