import type { Effect } from './chain.ts'
import { passing } from './iptables-targets.ts'
import { isSymbol, isWord, type Token } from './nft-tokens.ts'
import { behindSetting } from './nft-unclear.ts'
import { type Condition, operatorAt, textOf } from './nft-words.ts'

/** A statement behind which a rule goes on with the same packet, and what it does beside. */
export interface Passed extends Condition {
  readonly effect?: Effect
}

/** Statements that decide nothing; `undefined` for any other. */
export function passedAt(tokens: readonly Token[], at: number): Passed | undefined {
  switch (tokens[at]?.text) {
    case 'counter':
      return passed(behindPairs(tokens, at + 1, ['packets', 'bytes', 'name']))
    case 'log':
      return passed(behindPairs(tokens, at + 1, ['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags']))
    case 'notrack':
      return passed(at + 1, { kind: 'rewrite' })
    case 'flow':
      return isWord(tokens[at + 1], 'add', 'offload') ? passed(at + 3) : undefined
    case 'xt':
      return isPassingTarget(tokens, at) ? passed(at + 3) : undefined
    case 'add':
    case 'update':
    case 'delete':
      return tokens[at + 1]?.text.startsWith('@') ? filling(tokens, at, at + 2) : undefined
    case 'meter':
      return filling(
        tokens,
        at,
        tokens.findIndex((one, index) => index > at && isSymbol(one, '{')),
      )
    default:
      return isWord(tokens[at], 'tcp') && isWord(tokens[at + 1], 'option')
        ? segmentSize(tokens, at)
        : setting(tokens, at)
  }
}

function passed(next: number, effect?: Effect): Passed {
  return { oneOf: [{}], next, ...(effect ? { effect } : {}) }
}

function behindPairs(tokens: readonly Token[], start: number, keys: readonly string[]): number {
  let at = start
  while (isWord(tokens[at], ...keys)) {
    // `flags tcp sequence,options`, `flags ip options`
    at += isWord(tokens[at], 'flags') && isWord(tokens[at + 1], 'tcp', 'ip') ? 3 : 2
    while (isSymbol(tokens[at], ',')) at += 2
  }
  return at
}

/** A target of iptables that nft shows by its name only. */
function isPassingTarget(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at + 1], 'target') && passing.includes(tokens[at + 2]?.text ?? '')
}

/** What puts a packet into a set goes on, unless it counts there how many came. */
function filling(tokens: readonly Token[], start: number, value: number): Passed | undefined {
  if (value < 0) return undefined
  const next = behindSetting(tokens, value)
  const counts = tokens.slice(start, next).some((token) => isWord(token, 'limit', 'quota', 'count', 'meter'))
  return counts ? { oneOf: [{ unknown: textOf(tokens, start, next) }], next } : passed(next)
}

/** Fields of `meta` that may be set without that word. */
const bareSettings = ['mark', 'priority', 'nftrace', 'pkttype', 'secmark']
const settable = ['meta', 'ct', 'ip', 'ip6', 'tcp', 'udp', 'th']

/** What changes something of the packet or of its connection. */
function setting(tokens: readonly Token[], at: number): Passed | undefined {
  const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (isWord(second, 'set') && isWord(first, ...bareSettings)) return passed(behindSetting(tokens, at + 2))
  const isDirected = isWord(second, 'original', 'reply') && isWord(third, 'zone')
  if (isWord(first, 'ct') && (isDirected || isWord(second, 'zone'))) return zoneOf(tokens, isDirected ? at + 3 : at + 2)
  if (!isWord(third, 'set') || !isWord(first, ...settable)) return undefined
  const isAddress = isWord(second, 'saddr', 'daddr', 'sport', 'dport')
  return passed(behindSetting(tokens, at + 3), isAddress ? { kind: 'rewrite' } : undefined)
}

/** `ct zone set 200`, `ct original zone set 200`; a zone of answers alone keeps them from being known. */
function zoneOf(tokens: readonly Token[], at: number): Passed | undefined {
  if (!isWord(tokens[at], 'set')) return undefined
  const next = behindSetting(tokens, at + 1)
  const zone = next === at + 2 ? (tokens[at + 1]?.text ?? '') : ''
  const isPlain = !isWord(tokens[at - 2], 'reply') && /^\d{1,5}$/.test(zone)
  const answers = !isWord(tokens[at - 2], 'original')
  return passed(next, isPlain ? { kind: 'zone', zone, answers } : { kind: 'rewrite' })
}

/** `maxseg size > 1398` asks, `maxseg size set 1398` sets; `set rt mtu` sets no number. */
function segmentSize(tokens: readonly Token[], start: number): Passed | undefined {
  const words = tokens.slice(start + 2, start + 6).map(({ text }) => text)
  if (words[0] !== 'maxseg' || words[1] !== 'size') return undefined
  if (words[2] === 'set' && /^\d{1,5}$/.test(words[3] ?? '')) {
    return passed(start + 6, { kind: 'clamp', mss: Number(words[3]) })
  }
  if (words[2] === 'set' && words[3] === 'rt') return passed(start + 7)
  const { at } = operatorAt(tokens, start + 4)
  return { oneOf: [{ unknown: textOf(tokens, start, at + 1) }], next: at + 1 }
}
