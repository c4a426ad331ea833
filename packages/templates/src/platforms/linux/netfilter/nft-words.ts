import type { Verdict } from './chain.ts'
import type { Operator } from './nft-fields.ts'
import { isWord, type Token } from './nft-tokens.ts'

/** Words between the parts of a computed value. */
export const joins: readonly string[] = ['|', '&', '^', 'or', 'and', 'xor']

/** Fields of `meta` and `ct` that a packet does not show. */
export const unclear: readonly string[] =
  'mark status skuid skgid pkttype length priority iifgroup oifgroup cpu zone'.split(' ')

/** Words that begin a condition: one that is not understood narrows the rule and does nothing else. */
export const asking: readonly string[] = [
  ...'ct meta rt fib socket ipsec osf limit quota ip ip6 icmp icmpv6 igmp exthdr ether vlan tcp udp'.split(' '),
  ...'udplite sctp dccp th esp ah comp iifname iif oifname oif iifgroup oifgroup iiftype oiftype skuid'.split(' '),
  ...'skgid mark pkttype cgroup cpu length hour day hbh frag dst mh rt0 l4proto nfproto protocol priority'.split(' '),
  ...'random time rtclassid'.split(' '),
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
