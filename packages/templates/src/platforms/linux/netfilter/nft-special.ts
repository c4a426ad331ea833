import { type ConnectionState, type PacketMatch, wordTable } from '@natplan/core'
import { everyAddressOf } from '../words.ts'
import { states } from './nft-fields.ts'
import { flagsAt } from './nft-flags.ts'
import { isSymbol, isWord, type Token } from './nft-tokens.ts'
import { behindValue } from './nft-unclear.ts'
import { bitsAt, type Condition, existence, textOf, wordsAt } from './nft-words.ts'
import { addressKinds, type OwnAddresses } from './own-addresses.ts'

interface Place {
  readonly family: 4 | 6 | undefined
  readonly own: OwnAddresses
}

/** Conditions that have a grammar of their own; `undefined` for any other. */
export function specialAt(tokens: readonly Token[], at: number, place: Place): Condition | undefined {
  const two = `${tokens[at]?.text} ${tokens[at + 1]?.text}`
  if (tokens[at]?.kind !== 'word') return undefined
  switch (two) {
    case 'ct state':
      return stateAt(tokens, at + 2)
    case 'ct status':
      return statusAt(tokens, at + 2)
    case 'tcp flags':
      return flagsAt(tokens, at + 2)
    case 'ip frag-off':
      return fragmentAt(tokens, at + 2)
    case 'fib saddr':
    case 'fib daddr':
      return routeAt(tokens, at, place)
    case 'meta ipsec':
    case 'meta secpath':
      return arrivedAt(tokens, at + 2)
    case 'ipsec in':
      return transformAt(tokens, at, [{ arrived: 'encrypted' }])
    case 'ipsec out':
      return transformAt(tokens, at, [{ leaving: 'encrypted' }])
    case 'xt match':
      return {
        oneOf: [tokens[at + 2]?.text === 'comment' ? {} : { unknown: textOf(tokens, at, at + 3) }],
        next: at + 3,
      }
    default:
      return headerAt(tokens, at)
  }
}

/** A packet has one state: of several, `!=` compares it with all of them at once, which it never is. */
function stateAt(tokens: readonly Token[], start: number): Condition | undefined {
  const { operator, at } = bitsAt(tokens, start)
  const { words, next } = wordsAt(tokens, at)
  const named = states.filter((state) => words.includes(state))
  if (words.length === 0 || named.length < new Set(words).size) return undefined
  const others = states.filter((state) => !words.includes(state))
  return { oneOf: statesBy(operator, named, others), next }
}

function statesBy(
  operator: ReturnType<typeof bitsAt>['operator'],
  named: readonly ConnectionState[],
  others: readonly ConnectionState[],
): PacketMatch[] {
  if (operator === '!' || (operator === '!=' && named.length === 1)) return [{ states: others }]
  if (operator === '!=') return [{}]
  return operator === '==' && named.length > 1 ? [] : [{ states: named }]
}

const changed: Readonly<Record<string, 'source' | 'destination'>> = wordTable({ snat: 'source', dnat: 'destination' })

/** `ct status dnat`, `! dnat`, `& dnat == dnat`; other bits of it are not known. */
function statusAt(tokens: readonly Token[], start: number): Condition | undefined {
  const { operator, at } = bitsAt(tokens, start)
  if (isSymbol(tokens[start], '&')) return maskedStatusAt(tokens, start + 1)
  const { words, next } = wordsAt(tokens, at)
  if (words.length === 0) return undefined
  // NAT leaves more bits than these, so that the whole never equals them.
  if (words.every((word) => word in changed) && operator === '!=') return { oneOf: [{ translated: {} }], next }
  if (operator === '==' || operator === '!=') return { oneOf: [{ unknown: textOf(tokens, start - 2, next) }], next }
  return { oneOf: operator === '!' ? [statusOf(words, false)] : words.map((word) => statusOf([word], true)), next }
}

function maskedStatusAt(tokens: readonly Token[], start: number): Condition | undefined {
  const mask = wordsAt(tokens, start)
  const { operator, at } = bitsAt(tokens, mask.next)
  const value = wordsAt(tokens, at)
  if (mask.words.length === 0 || value.words.length === 0 || operator === '') return undefined
  const { next } = value
  const isNone = value.words.length === 1 && Number(value.words[0]) === 0
  const isAll = value.words.every((word) => mask.words.includes(word)) && value.words.length === mask.words.length
  if (isNone && operator === '!=') return { oneOf: mask.words.map((word) => statusOf([word], true)), next }
  if (operator === '==' && (isNone || isAll)) return { oneOf: [statusOf(mask.words, isAll)], next }
  if (operator === '!=' && isAll) return { oneOf: mask.words.map((word) => statusOf([word], false)), next }
  return { oneOf: [{ unknown: textOf(tokens, start - 3, next) }], next }
}

/** All of these bits, or none of them. */
function statusOf(words: readonly string[], isSet: boolean): PacketMatch {
  const translated: Partial<Record<'source' | 'destination', boolean>> = {}
  for (const word of words) {
    const side = Object.hasOwn(changed, word) ? changed[word] : undefined
    if (side) translated[side] = isSet
  }
  const isKnown = words.every((word) => Object.hasOwn(changed, word))
  return { translated, ...(isKnown ? {} : { unknown: `ct status ${words.join(',')}` }) }
}

/** Of a whole packet only the bit against fragmenting can be set (RFC 791, section 3.1). */
function fragmentAt(tokens: readonly Token[], start: number): Condition | undefined {
  if (!isSymbol(tokens[start], '&')) return undefined
  const mask = Number(tokens[start + 1]?.text)
  const { operator, at } = bitsAt(tokens, start + 2)
  if (!Number.isInteger(mask) || (mask & 0x4000) !== 0 || Number(tokens[at]?.text) !== 0) return undefined
  if (operator !== '==' && operator !== '!=') return undefined
  return { oneOf: operator === '==' ? [{ source: everyAddressOf(4) }] : [], next: at + 1 }
}

/** `fib daddr type local`; what a route says of a packet otherwise (`fib saddr . iif oif missing`) is not known. */
function routeAt(tokens: readonly Token[], start: number, { own, family }: Place): Condition | undefined {
  let at = start + 2
  while (isWord(tokens[at], '.')) at += 2
  const asked = { isAddressOnly: at === start + 2, isType: isWord(tokens[at], 'type') }
  const { operator, at: from } = bitsAt(tokens, at + 1)
  const next = behindValue(tokens, from)
  if (isWord(tokens[from], 'vmap') || next === undefined) return undefined
  const unknown = textOf(tokens, start, next)
  if (!asked.isType) return { oneOf: [{ unknown }], next }
  const kinds = tokens.slice(from, next).flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))
  const side = isWord(tokens[start + 1], 'saddr') ? 'source' : 'destination'
  const found = addressKinds(own, { side, kinds, isNegated: operator === '!=', family })
  return { oneOf: asked.isAddressOnly ? found : found.map((one) => ({ ...one, unknown })), next }
}

function arrivedAt(tokens: readonly Token[], start: number): Condition | undefined {
  const { operator, at } = bitsAt(tokens, start)
  const isThere = existence[tokens[at]?.text ?? '']
  if (isThere === undefined || operator === '!') return undefined
  return { oneOf: [{ arrived: isThere === (operator === '!=') ? 'clear' : 'encrypted' }], next: at + 1 }
}

/** Which transform it was, is not known. */
function transformAt(tokens: readonly Token[], start: number, matches: readonly PacketMatch[]): Condition | undefined {
  const name = isWord(tokens[start + 2], 'spnum') ? start + 4 : start + 2
  const value = isWord(tokens[name], 'ip', 'ip6') ? name + 2 : name + 1
  const next = behindValue(tokens, value)
  if (next === undefined) return undefined
  return { oneOf: matches.map((match) => ({ ...match, unknown: textOf(tokens, start, next) })), next }
}

/** Headers that packets of hosts do not have: fragments, and what may stand behind the one of IPv6. */
function headerAt(tokens: readonly Token[], start: number): Condition | undefined {
  const [first, second, third] = [tokens[start], tokens[start + 1], tokens[start + 2]]
  if (isWord(first, 'exthdr')) {
    if (!isWord(third, 'exists', 'missing')) return undefined
    return { oneOf: isWord(third, 'exists') ? [] : [{}], next: start + 3 }
  }
  const isRouting = isWord(first, 'rt') && isWord(second, 'type', 'seg-left', 'nexthdr', 'hdrlength')
  if (!isRouting && !isWord(first, 'frag', 'hbh', 'mh', 'dst', 'srh')) return undefined
  const next = behindValue(tokens, start + 2)
  return next === undefined ? undefined : { oneOf: [], next }
}
