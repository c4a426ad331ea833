import { everyAddress, type PacketMatch } from '@natplan/core'
import { addressRange, icmpTypeRange, protocolRange } from '../words.ts'
import { type ChainRule, type Effect, goesOn, type Verdict } from './chain.ts'
import { optionOf, passing, verdictOf } from './iptables-targets.ts'
import { inFamily, meet } from './meet.ts'
import { matchOf, setOf } from './nft-fields.ts'

interface RulePlace {
  readonly line: number
  readonly text: string
  readonly family: 4 | 6
  readonly chain: string
}

/** Reads what follows `-A CHAIN`. */
export function readIptablesRule(words: readonly string[], place: RulePlace): ChainRule[] {
  const rule = new RuleReader(words, place).read()
  return rule ? [rule] : []
}

/** Matches that ask nothing by themselves, or whose options are known. */
const modules = [
  ...'tcp udp sctp icmp icmp6 icmpv6 comment policy multiport conntrack state iprange udplite'.split(' '),
]

type Option =
  | { readonly kind: 'address'; readonly side: 'source' | 'destination' }
  | { readonly kind: 'interface'; readonly side: 'in' | 'out' }
  | { readonly kind: 'port'; readonly side: 'sourcePort' | 'destinationPort' }
  | { readonly kind: 'protocol' | 'state' | 'icmp' | 'policy' }

/** What options ask, by all their names (iptables(8), iptables-extensions(8)). */
const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...named('-s --source --src --src-range', { kind: 'address', side: 'source' }),
  ...named('-d --destination --dst --dst-range', { kind: 'address', side: 'destination' }),
  ...named('-i --in-interface', { kind: 'interface', side: 'in' }),
  ...named('-o --out-interface', { kind: 'interface', side: 'out' }),
  ...named('--sport --source-port --sports --source-ports', { kind: 'port', side: 'sourcePort' }),
  ...named('--dport --destination-port --dports --destination-ports', { kind: 'port', side: 'destinationPort' }),
  ...named('-p --protocol', { kind: 'protocol' }),
  ...named('--state --ctstate', { kind: 'state' }),
  ...named('--icmp-type', { kind: 'icmp' }),
  ...named('--dir', { kind: 'policy' }),
])

function named(names: string, option: Option): [string, Option][] {
  return names.split(' ').map((name) => [name, option])
}

class RuleReader {
  readonly #words: readonly string[]
  readonly #place: RulePlace
  #at = 0
  #match: PacketMatch
  #isNever = false
  #doubt: string | undefined
  #comment: string | undefined
  #verdict: Verdict = goesOn
  #effect: Effect | undefined

  constructor(words: readonly string[], place: RulePlace) {
    this.#words = words
    this.#place = place
    this.#match = {}
  }

  read(): ChainRule | undefined {
    while (this.#at < this.#words.length) this.#option()
    if (this.#isNever) return undefined
    const { line, text, family } = this.#place
    return {
      line,
      text: text.trim(),
      match: inFamily(this.#match, family),
      verdict: this.#verdict,
      comment: this.#comment,
      doubt: this.#doubt,
      ...(this.#effect ? { effect: this.#effect } : {}),
    }
  }

  #next(): string {
    return this.#words[this.#at++] ?? ''
  }

  #option(): void {
    const isNegated = this.#words[this.#at] === '!'
    if (isNegated) this.#at++
    const name = this.#next()
    if (this.#silent(name)) return
    const match = this.#asked(name, isNegated)
    if (match) this.#narrow(match)
    else this.#unclear()
  }

  /** Options that ask nothing of a packet; false for any other. */
  #silent(name: string): boolean {
    if (name === '-j' || name === '--jump' || name === '-g' || name === '--goto') this.#target(name.includes('g'))
    else if (name === '-m' || name === '--match') this.#module(this.#next())
    else if (name === '--comment') this.#comment = this.#next()
    else if (name === '-c') this.#at += 2
    else return false
    return true
  }

  /** Something that is not understood narrows the rule; its values are passed over. */
  #unclear(): void {
    this.#doubt ??= this.#place.text.trim()
    while (this.#at < this.#words.length && !/^(-|!)/.test(this.#words[this.#at] ?? '')) this.#at++
  }

  #module(name: string): void {
    if (!modules.includes(name)) this.#doubt ??= this.#place.text.trim()
  }

  #narrow(match: PacketMatch): void {
    const met = meet(this.#match, match)
    if (!met) this.#isNever = true
    else {
      this.#match = met.match
      if (!met.isExact) this.#doubt ??= this.#place.text.trim()
    }
  }

  /** What an option asks; `undefined` when it is not understood. */
  #asked(name: string, isNegated: boolean): PacketMatch | undefined {
    const operator = isNegated ? '!=' : '=='
    const option = options.get(name)
    switch (option?.kind) {
      case 'address':
        return this.#addresses(option.side, isNegated)
      case 'interface':
        return { [option.side]: { names: [this.#next()], negated: isNegated } }
      case 'port':
        return matchOf({ ...option, protocol: undefined }, { operator, values: this.#list() })
      case 'protocol':
        return this.#protocol(isNegated)
      case 'state':
        return matchOf({ kind: 'state' }, { operator, values: this.#list().map((state) => state.toLowerCase()) })
      case 'icmp': {
        const types = setOf([this.#next()], icmpTypeRange)
        return types && !isNegated ? { icmpType: types } : undefined
      }
      case 'policy':
        return isNegated ? undefined : this.#policy(this.#next())
      default:
        return undefined
    }
  }

  #list(): string[] {
    return this.#next().split(',')
  }

  #addresses(side: 'source' | 'destination', isNegated: boolean): PacketMatch | undefined {
    const set = setOf(this.#list(), addressRange)
    return set && { [side]: isNegated ? set.complementIn(everyAddress(this.#place.family)) : set }
  }

  #protocol(isNegated: boolean): PacketMatch | undefined {
    const name = this.#next()
    if (name === 'all' || name === '0') return isNegated ? undefined : {}
    const set = setOf([name], protocolRange)
    return set && { protocol: isNegated ? set.complementIn({ first: 0, last: 255 }) : set }
  }

  /** `-m policy --dir in --pol ipsec`; what else is asked of the policy narrows it. */
  #policy(direction: string): PacketMatch | undefined {
    if (this.#words[this.#at] !== '--pol') return undefined
    this.#at++
    const how = { ipsec: 'encrypted', none: 'clear' }[this.#next()] as 'encrypted' | 'clear' | undefined
    if (!how || (direction !== 'in' && direction !== 'out')) return undefined
    return direction === 'in' ? { arrived: how } : { leaving: how }
  }

  /** What stands behind the target are its options. */
  #target(isGoto: boolean): void {
    const target = this.#next()
    const own = this.#words.slice(this.#at)
    this.#at = this.#words.length
    this.#takeComment(own)
    if (passing.includes(target)) this.#pass(target, own)
    else this.#verdict = verdictOf(target, own, { isGoto, chain: this.#place.chain })
    if (this.#verdict.kind === 'unknown') this.#doubt ??= this.#place.text.trim()
  }

  #takeComment(own: readonly string[]): void {
    const at = own.indexOf('--comment')
    if (at >= 0) this.#comment = own[at + 1]
  }

  #pass(target: string, own: readonly string[]): void {
    const mss = Number(optionOf(own, '--set-mss') ?? Number.NaN)
    if (target === 'TCPMSS' && Number.isInteger(mss)) this.#effect = { kind: 'clamp', mss }
    if (target === 'NOTRACK' || (target === 'CT' && own.includes('--notrack'))) this.#effect = { kind: 'rewrite' }
  }
}
