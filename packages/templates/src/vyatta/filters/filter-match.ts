import { type ConnectionState, icmpCode, type PacketMatch, RangeSet, type TcpFlag } from '@natplan/core'
import type { SeenInterfaces } from '../../seen-interfaces.ts'
import type { ConfigNode } from '../config-tree.ts'
import { readLeaf } from '../read-leaf.ts'
import { interfaceMatchOf, type MatchReading, packetMatchOf } from '../read-match.ts'
import { type IcmpKind, icmpKinds } from './icmp-names.ts'

export interface FilterMatchReading extends MatchReading {
  /** At raw priority connections are not tracked yet. */
  readonly isTracked: boolean
  readonly seen: SeenInterfaces
}

/** `never`: no packet that natplan knows meets it. */
type Asked = PacketMatch | 'never'

/**
 * What a filter rule asks of a packet, as several matches where one cannot say it; none where no packet of natplan's meets it: those are
 * whole, and of ICMP an echo or an error about a packet that was too large. Its lines are marked as read as far as they are understood; those of the rest, which can only narrow it, stay
 * unread.
 */
export function filterMatches(rule: ConfigNode, reading: FilterMatchReading): PacketMatch[] {
  const parts: readonly Asked[] = [
    packetMatchOf(rule, reading),
    interfacesOf(rule, reading),
    statesOf(rule, reading),
    translatedOf(rule, reading),
    icmpOf(rule),
    flagsOf(rule),
    fragmentOf(rule),
    untoldOf(rule),
  ]
  const asked = parts.reduce(both, {})
  return asked === 'never' ? [] : withIpsec(rule, asked)
}

function both(one: Asked, other: Asked): Asked {
  if (one === 'never' || other === 'never') return 'never'
  const unknown = [one.unknown, other.unknown].filter((what) => what !== undefined)
  return { ...one, ...other, ...(unknown.length > 0 ? { unknown: unknown.join(', ') } : {}) }
}

function interfacesOf(rule: ConfigNode, reading: FilterMatchReading): PacketMatch {
  const incoming = interfaceMatchOf(rule, 'inbound-interface', reading)
  const outgoing = interfaceMatchOf(rule, 'outbound-interface', reading)
  return {
    ...(incoming ? { in: reading.seen.meant(incoming, !reading.isTracked) } : {}),
    ...(outgoing ? { out: outgoing } : {}),
  }
}

const states: readonly string[] = ['new', 'established', 'related', 'invalid', 'untracked'] satisfies ConnectionState[]

/**
 * `state established enable`, and from VyOS 1.4 on without `enable`. A state that is not known could be any, so all of them stay unread. What
 * is not tracked yet is invalid to the kernel (nft_ct.c).
 */
function statesOf(rule: ConfigNode, { isTracked }: FilterMatchReading): Asked {
  const node = rule.at('state')
  const asked = (node?.children() ?? []).filter(([, value]) => value.peek() !== 'disable')
  const words = asked.flatMap(([word]) => word.split(','))
  if (words.some((word) => !states.includes(word))) return {}
  node?.markAllRead()
  if (words.length === 0) return {}
  if (!isTracked) return words.includes('invalid') ? {} : 'never'
  return { states: words as ConnectionState[] }
}

function translatedOf(rule: ConfigNode, { isTracked }: FilterMatchReading): Asked {
  const side = rule.peek('connection-status', 'nat')
  if (side !== 'source' && side !== 'destination') return {}
  readLeaf(rule, 'connection-status', 'nat')
  return isTracked ? { translated: { [side]: true } } : 'never'
}

/** A type with `type-name`, or by number with or without a code. Older releases have names, numbers and `1/3` behind `icmpv6 type`. */
function icmpOf(rule: ConfigNode): Asked {
  return (['icmp', 'icmpv6'] as const).reduce<Asked>((asked, word) => both(asked, icmpIn(rule, word)), {})
}

const icmpFamilies = { icmp: 4, icmpv6: 6 } as const

function icmpIn(rule: ConfigNode, word: 'icmp' | 'icmpv6'): Asked {
  const name = rule.peek(word, 'type-name')
  if (name === 'any') readLeaf(rule, word, 'type-name')
  const family = icmpFamilies[word]
  const kind = name === undefined ? writtenIcmp(rule, word) : icmpKinds[family].get(name)
  if (!kind) return {}
  for (const leaf of ['type-name', 'type', 'code']) readLeaf(rule, word, leaf)
  const isFollowed = kind.code === undefined || kind.code === icmpCode(kind.type, family)
  return isFollowed ? { icmpType: RangeSet.ofValues([kind.type]) } : 'never'
}

function writtenIcmp(rule: ConfigNode, word: 'icmp' | 'icmpv6'): IcmpKind | undefined {
  const [type = '', ownCode] = (rule.peek(word, 'type') ?? '').split('/')
  const code = rule.peek(word, 'code') ?? ownCode
  if (word === 'icmpv6' && code === undefined && !isByte(type)) return icmpKinds[6].get(type)
  if (!isByte(type) || (code !== undefined && !isByte(code))) return undefined
  return { type: Number(type), ...(code === undefined ? {} : { code: Number(code) }) }
}

function isByte(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 255
}

const flagNames: ReadonlyMap<string, TcpFlag> = new Map([
  ...(['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'cwr'] as const).map((name) => [name, name] as const),
  ['ecn', 'ece'],
])

/** What iptables means with ALL. */
const allFlags: readonly TcpFlag[] = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg']

/** `flags SYN,!ACK`, and from VyOS 1.4 on `flags syn` and `flags not ack`. */
export function flagsOf(rule: ConfigNode): PacketMatch {
  const written = rule.children('tcp', 'flags')
  if (written.length === 0) return {}
  const lists = written.filter(([word]) => /[A-Z!,]/.test(word)).slice(-1)
  const asked = [
    ...lists.flatMap(([list, node]) => list.split(',').map((word) => ({ ...signedFlag(word), node }))),
    ...written.filter(([word]) => /^[a-z]+$/.test(word)).flatMap(([word, node]) => plainFlags(word, node)),
  ]
  const set = new Set<TcpFlag>()
  const clear = new Set<TcpFlag>()
  for (const { flags, isSet, node } of asked) {
    if (!flags) continue
    node.markRead()
    for (const flag of flags) (isSet ? set : clear).add(flag)
  }
  return { tcpFlags: { set: [...set], clear: [...clear] } }
}

interface AskedFlags {
  /** `undefined` for a name that is not known. */
  readonly flags: readonly TcpFlag[] | undefined
  readonly isSet: boolean
}

function signedFlag(word: string): AskedFlags {
  return { flags: flagsNamed(word.replace(/^!/, '').toLowerCase()), isSet: !word.startsWith('!') }
}

function plainFlags(word: string, node: ConfigNode): (AskedFlags & { readonly node: ConfigNode })[] {
  if (word !== 'not') return [{ flags: flagsNamed(word), isSet: true, node }]
  return node.children().map(([name, below]) => ({ flags: flagsNamed(name), isSet: false, node: below }))
}

function flagsNamed(name: string): readonly TcpFlag[] | undefined {
  if (name === 'all') return allFlags
  const flag = flagNames.get(name)
  return flag && [flag]
}

/** What a device asks is whole: it puts fragments together before, and others than the first have no ports. */
function fragmentOf(rule: ConfigNode): Asked {
  const isFragment = rule.flag('fragment', 'match-frag')
  rule.flag('fragment', 'match-non-frag')
  return isFragment ? 'never' : {}
}

/** Words that nobody can tell of a packet, beside those that NAT rules have too. */
const untold: readonly (readonly string[])[] = [
  ['mark'],
  ['connection-mark'],
  ['connmark'],
  ['conntrack-helper'],
  ['vlan'],
  ['gre'],
  ['ethernet-type'],
  ['packet-length-exclude'],
  ['dscp-exclude'],
  ['tcp', 'mss'],
]

function untoldOf(rule: ConfigNode): PacketMatch {
  const words = untold.filter((path) => rule.flag(...path)).map((path) => path.join(' '))
  return words.length > 0 ? { unknown: words.join(', ') } : {}
}

/** `match-ipsec` is asked of how a packet came in, `match-ipsec-out` of how it will leave. */
function withIpsec(rule: ConfigNode, match: PacketMatch): PacketMatch[] {
  const has = (word: string) => ['', '-in'].map((end) => rule.flag('ipsec', `${word}${end}`)).includes(true)
  const [isEncrypted, isClear] = [has('match-ipsec'), has('match-none')]
  const [willBe, willNot] = [rule.flag('ipsec', 'match-ipsec-out'), rule.flag('ipsec', 'match-none-out')]
  if ((isEncrypted && isClear) || (willBe && willNot)) return []
  const leaving = willBe ? 'encrypted' : 'clear'
  const asked: PacketMatch = willBe || willNot ? { ...match, leaving } : match
  if (isEncrypted) return [{ ...asked, arrived: 'encrypted' }]
  return isClear ? [{ ...asked, arrived: 'clear' }] : [asked]
}
