import { type PacketMatch, wordTable } from '@natplan/core'
import type { Verdict } from './chain.ts'
import type { Operator } from './nft-fields.ts'
import { isSymbol, isWord, type Token } from './nft-tokens.ts'

/** Words that begin a condition: one that is not understood narrows the rule and does nothing else. */
export const asking: readonly string[] = [
  ...'ct meta rt fib socket ipsec osf limit quota ip ip6 icmp icmpv6 igmp exthdr ether vlan tcp udp'.split(' '),
  ...'udplite sctp dccp th esp ah comp iifname iif oifname oif iifgroup oifgroup iiftype oiftype skuid'.split(' '),
  ...'skgid mark pkttype cgroup cpu length hour day hbh frag dst mh rt0 l4proto nfproto protocol priority'.split(' '),
  ...'random time rtclassid numgen jhash symhash'.split(' '),
]

/** Words from which on it can be told what a rule does. */
export const endings: readonly string[] = [
  ...'accept drop reject return continue jump goto queue counter log comment snat dnat masquerade redirect'.split(' '),
  ...'tproxy synproxy notrack dup fwd xt'.split(' '),
]

export function verdictWord(text: string): Verdict | undefined {
  return text === 'accept' || text === 'drop' || text === 'reject' || text === 'return' || text === 'continue'
    ? { kind: text }
    : undefined
}

export function operatorAt(tokens: readonly Token[], at: number): { readonly operator: Operator; readonly at: number } {
  const text = tokens[at]?.kind === 'symbol' ? tokens[at]?.text : undefined
  switch (text) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { operator: text, at: at + 1 }
    default:
      return { operator: '==', at }
  }
}

export function verdictOf(value: readonly Token[]): Verdict | undefined {
  const [word, chain] = value
  if (isWord(word, 'jump', 'goto') && chain?.kind === 'word') {
    return { kind: word?.text === 'goto' ? 'goto' : 'jump', chain: chain.text }
  }
  return word && verdictWord(word.text)
}

/** A condition of a rule, and where the rule goes on behind it. */
export interface Condition {
  /** One of them must hold; none when no packet meets it. */
  readonly oneOf: readonly PacketMatch[]
  readonly next: number
}

/** How bits compare; nothing stands for "one of them". */
export function bitsAt(
  tokens: readonly Token[],
  at: number,
): { readonly operator: '' | '==' | '!=' | '!'; readonly at: number } {
  for (const operator of ['==', '!=', '!'] as const) if (isSymbol(tokens[at], operator)) return { operator, at: at + 1 }
  return { operator: '', at }
}

/** Words with commas or `|` between them, maybe in parentheses; none before a set or a map. */
export function wordsAt(
  tokens: readonly Token[],
  start: number,
): { readonly words: readonly string[]; readonly next: number } {
  const isOpen = isSymbol(tokens[start], '(')
  const words: string[] = []
  let at = isOpen ? start + 1 : start
  while (tokens[at]?.kind === 'word' && !isWord(tokens[at], 'vmap') && !/^[@$]/.test(tokens[at]?.text ?? '')) {
    words.push(tokens[at]?.text ?? '')
    at++
    if (!isSymbol(tokens[at], ',') && !isSymbol(tokens[at], '|')) break
    at++
  }
  return { words, next: isOpen && isSymbol(tokens[at], ')') ? at + 1 : at }
}

/** So much of a condition is shown. */
const mostShown = 60

/** Words as they were written, to name what was not understood. */
export function textOf(tokens: readonly Token[], from: number, to: number): string {
  const text = tokens
    .slice(from, to)
    .map((token) => (token.kind === 'string' ? `"${token.text}"` : token.text))
    .join(' ')
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}

/** What `exists` and `missing` ask for, in words or numbers. */
export const existence = wordTable({ exists: true, missing: false, '1': true, '0': false })
