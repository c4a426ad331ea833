import { everyAddress, type PacketMatch } from '@natplan/core'
import { addressRange, everyAddressOf, icmpTypeRange, protocolRange } from '../words.ts'
import { type ChainRule, type Effect, goesOn, type Verdict } from './chain.ts'
import { optionOf, passing, verdictOf } from './iptables-targets.ts'
import { meet } from './meet.ts'
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
    const hasAddress = this.#match.source || this.#match.destination
    return {
      line,
      text: text.trim(),
      match: hasAddress ? this.#match : { ...this.#match, source: everyAddressOf(family) },
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
    switch (name) {
      case '-s':
      case '--source':
      case '--src':
        return this.#addresses('source', isNegated)
      case '-d':
      case '--destination':
      case '--dst':
        return this.#addresses('destination', isNegated)
      case '--src-range':
        return this.#addresses('source', isNegated)
      case '--dst-range':
        return this.#addresses('destination', isNegated)
      case '-i':
      case '--in-interface':
        return { in: { names: [this.#next()], negated: isNegated } }
      case '-o':
      case '--out-interface':
        return { out: { names: [this.#next()], negated: isNegated } }
      case '-p':
      case '--protocol':
        return this.#protocol(isNegated)
      case '--sport':
      case '--source-port':
      case '--sports':
      case '--source-ports':
        return matchOf({ kind: 'port', side: 'sourcePort', protocol: undefined }, { operator, values: this.#list() })
      case '--dport':
      case '--destination-port':
      case '--dports':
      case '--destination-ports':
        return matchOf(
          { kind: 'port', side: 'destinationPort', protocol: undefined },
          { operator, values: this.#list() },
        )
      case '--state':
      case '--ctstate': {
        const values = this.#list().map((state) => state.toLowerCase())
        return matchOf({ kind: 'state' }, { operator, values })
      }
      case '--icmp-type': {
        const types = setOf([this.#next()], icmpTypeRange)
        return types && !isNegated ? { icmpType: types } : undefined
      }
      case '--dir':
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
    const options = this.#words.slice(this.#at)
    this.#at = this.#words.length
    this.#takeComment(options)
    if (passing.includes(target)) this.#pass(target, options)
    else this.#verdict = verdictOf(target, options, { isGoto, chain: this.#place.chain })
    if (this.#verdict.kind === 'unknown') this.#doubt ??= this.#place.text.trim()
  }

  #takeComment(options: readonly string[]): void {
    const at = options.indexOf('--comment')
    if (at >= 0) this.#comment = options[at + 1]
  }

  #pass(target: string, options: readonly string[]): void {
    const mss = Number(optionOf(options, '--set-mss') ?? Number.NaN)
    if (target === 'TCPMSS' && Number.isInteger(mss)) this.#effect = { kind: 'clamp', mss }
    if (target === 'NOTRACK' || (target === 'CT' && options.includes('--notrack'))) this.#effect = { kind: 'rewrite' }
  }
}
