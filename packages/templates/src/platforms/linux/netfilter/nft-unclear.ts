import { type PacketMatch, RangeSet, wordTable } from '@natplan/core'
import { everyAddressOf } from '../words.ts'
import { bracedAt, isSymbol, isWord, type Token } from './nft-tokens.ts'
import { type Condition, textOf } from './nft-words.ts'

/** What compares or joins values. */
const operators = ['==', '!=', '<', '<=', '>', '>=', '!', '=']
const joins = [...'| & ^ or and xor << >> , - / . mod seed offset'.split(' '), ...operators]

/** Behind a value, a set of them, or what is worked out of several; `undefined` when there is none. */
export function behindValue(tokens: readonly Token[], start: number, behindOperand = behindPlain): number | undefined {
  let at = start
  do {
    while (joins.includes(textAt(tokens, at))) at++
    if (at >= tokens.length) return undefined
    at = behindOperand(tokens, at)
  } while (joins.includes(textAt(tokens, at)))
  return at
}

function behindPlain(tokens: readonly Token[], at: number): number {
  if (isSymbol(tokens[at], '{')) return bracedAt(tokens, at).next
  return isSymbol(tokens[at], '(') ? behindParen(tokens, at) : at + 1
}

/** What is set may be a field of the packet. */
function behindField(tokens: readonly Token[], at: number): number {
  if (isWord(tokens[at], 'jhash')) return behindField(tokens, at + 1)
  const isField = isWord(tokens[at], 'numgen', ...families) && tokens[at + 1]?.kind === 'word'
  return isField ? at + 2 : behindPlain(tokens, at)
}

/** Behind what is set: a value, a field of the packet, what a map has for it. */
export function behindSetting(tokens: readonly Token[], start: number): number {
  const next = behindValue(tokens, start, behindField) ?? tokens.length
  if (!isWord(tokens[next], 'map')) return next
  return isSymbol(tokens[next + 1], '{') ? bracedAt(tokens, next + 1).next : next + 2
}

function textAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at]
  return token && token.kind !== 'string' ? token.text : ''
}

function behindParen(tokens: readonly Token[], open: number): number {
  const close = tokens.findIndex((token, at) => at > open && isSymbol(token, ')'))
  return close < 0 ? tokens.length : close + 1
}

/** Fields of which nobody can tell what a packet has: two words, or the second alone. */
const families =
  'meta ct ip ip6 icmp icmpv6 igmp tcp udp udplite sctp dccp th esp ah comp ether vlan socket osf rt cgroup'.split(' ')
const bare = [
  ...'mark skuid skgid pkttype iifgroup oifgroup iiftype oiftype cgroup cpu length hour day time priority'.split(' '),
  ...'rtclassid iifkind oifkind sdif sdifname'.split(' '),
]
const settings = ['set', 'vmap', 'map', 'original', 'reply', 'option', 'count', 'zone']

/** A condition that holds or not, nobody can tell: the rest of the rule is understood all the same. */
export function unclearAt(tokens: readonly Token[], at: number): Condition | undefined {
  const next = behindLimit(tokens, at) ?? behindUnclear(tokens, at)
  return next === undefined
    ? undefined
    : { oneOf: [{ ...impliedAt(tokens, at), unknown: textOf(tokens, at, next) }], next }
}

const protocols: Readonly<Record<string, number>> = wordTable({
  ...{ icmp: 1, igmp: 2, tcp: 6, udp: 17, dccp: 33, esp: 50, ah: 51, icmpv6: 58, comp: 108, sctp: 132, udplite: 136 },
})

/** Only packets that have a header can be asked for its fields. */
export function impliedAt(tokens: readonly Token[], at: number): PacketMatch {
  const { kind, text = '' } = tokens[at] ?? {}
  if (kind !== 'word') return {}
  if (text === 'ip' || text === 'ip6') return { source: everyAddressOf(text === 'ip' ? 4 : 6) }
  const protocol = Object.hasOwn(protocols, text) ? protocols[text] : undefined
  return protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }
}

function behindUnclear(tokens: readonly Token[], at: number): number | undefined {
  const isPair = isWord(tokens[at], ...families) && tokens[at + 1]?.kind === 'word'
  if (!isPair && !isWord(tokens[at], ...bare)) return undefined
  const value = isPair ? at + 2 : at + 1
  if (isWord(tokens[at + 1], ...settings) || isWord(tokens[value], ...settings)) return undefined
  const next = behindValue(tokens, value)
  return next !== undefined && isWord(tokens[next], 'vmap', 'map') ? undefined : next
}

/** `limit rate over 10/second burst 5 packets`, `quota over 10 mbytes used 5 bytes`, `ct count over 20`. */
function behindLimit(tokens: readonly Token[], start: number): number | undefined {
  const isCount = isWord(tokens[start], 'ct') && isWord(tokens[start + 1], 'count')
  if (!isCount && !isWord(tokens[start], 'limit', 'quota')) return undefined
  let at = isCount ? start + 2 : start + 1
  const word = /^(rate|name|over|until|burst|used|packets|[kmg]?bytes(\/\w+)?|\d+(\/\w+)?)$/
  while (at < tokens.length && (tokens[at]?.kind === 'string' || word.test(textAt(tokens, at)))) at++
  return at
}
