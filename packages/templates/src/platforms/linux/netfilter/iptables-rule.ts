import type { PacketMatch } from '@natplan/core'
import { shownLine } from '../../../shown-line.ts'
import { type ChainRule, type Effect, goesOn, type Verdict } from './chain.ts'
import { absentHeaders, type OptionPlace, options, plainModules } from './iptables-options.ts'
import { optionOf, passing, verdictOf } from './iptables-targets.ts'
import { inFamily, meetAny } from './meet.ts'

interface RulePlace extends OptionPlace {
  readonly line: number
  readonly text: string
  readonly chain: string
}

/** Reads what follows `-A CHAIN`. */
export function readIptablesRule(words: readonly string[], place: RulePlace): ChainRule[] {
  return new RuleReader(words, place).read()
}

/** What a rule asks of the policy of IPsec, as it is written. */
interface Policy {
  readonly direction?: string
  readonly kind?: string
}

/** What all tunnels are that natplan knows. */
const usual = { '--mode': 'tunnel', '--proto': 'esp' } as const

function isOfPolicy(name: string, asked: Policy | undefined): name is '--dir' | '--pol' | keyof typeof usual {
  return name === '--dir' || name === '--pol' || (asked !== undefined && Object.hasOwn(usual, name))
}

class RuleReader {
  readonly #words: readonly string[]
  readonly #place: RulePlace
  #at = 0
  /** One of them must hold. */
  #oneOf: readonly PacketMatch[] = [{}]
  #policy: Policy | undefined
  #comment: string | undefined
  #verdict: Verdict = goesOn
  #effect: Effect | undefined

  constructor(words: readonly string[], place: RulePlace) {
    this.#words = words
    this.#place = place
  }

  read(): ChainRule[] {
    while (this.#at < this.#words.length) this.#option()
    this.#narrowPolicy()
    const { line, family } = this.#place
    const text = shownLine(this.#place.text.trim())
    return this.#oneOf.map((match) => ({
      line,
      text,
      match: inFamily(match, family),
      verdict: this.#verdict,
      comment: this.#comment,
      ...(this.#effect ? { effect: this.#effect } : {}),
    }))
  }

  #next(): string {
    return this.#words[this.#at++] ?? ''
  }

  /** `! -s 10.0.0.0/8`, and `-s ! 10.0.0.0/8` as it was written once. */
  #negation(): boolean {
    const isNegated = this.#words[this.#at] === '!'
    if (isNegated) this.#at++
    return isNegated
  }

  #option(): void {
    const start = this.#at
    const before = this.#negation()
    const name = this.#next()
    if (this.#silent(name)) return
    const isNegated = this.#negation() || before
    const words = { next: () => this.#next(), isNegated }
    const oneOf = isOfPolicy(name, this.#policy)
      ? this.#policyOption(name, isNegated)
      : options.get(name)?.(words, this.#place)
    if (oneOf) this.#narrow(oneOf)
    else this.#unclear(start)
  }

  /** Options that ask nothing of a packet; false for any other. */
  #silent(name: string): boolean {
    if (name === '-j' || name === '--jump' || name === '-g' || name === '--goto') this.#target(name.includes('g'))
    else if (name === '-m' || name === '--match') this.#module(this.#next())
    else if (name === '--comment') this.#comment = this.#next()
    else if (name === '-c' || name === '--set-counters') this.#at += 2
    else return false
    return true
  }

  /** Something that is not understood narrows the rule; its values are passed over. */
  #unclear(start: number): void {
    while (this.#at < this.#words.length && !/^(-|!)/.test(this.#words[this.#at] ?? '')) this.#at++
    this.#narrow([{ unknown: this.#words.slice(start, this.#at).join(' ') }])
  }

  #module(name: string): void {
    if (absentHeaders.includes(name)) this.#narrow([])
    else if (!plainModules.includes(name)) this.#narrow([{ unknown: `-m ${name}` }])
  }

  #narrow(oneOf: readonly PacketMatch[]): void {
    this.#oneOf = meetAny(this.#oneOf, oneOf)
  }

  /** `-m policy --dir in --pol ipsec`; of the rest, all tunnels are of that kind, or it narrows the rule. */
  #policyOption(name: '--dir' | '--pol' | keyof typeof usual, isNegated: boolean): readonly PacketMatch[] | undefined {
    if (isNegated) return undefined
    const value = this.#next()
    if (name === '--mode' || name === '--proto') return value === usual[name] ? [{}] : undefined
    const isKnown = name === '--dir' ? value === 'in' || value === 'out' : value === 'ipsec' || value === 'none'
    this.#policy = { ...this.#policy, [name === '--dir' ? 'direction' : 'kind']: value }
    return isKnown ? [{}] : undefined
  }

  #narrowPolicy(): void {
    const { direction, kind } = this.#policy ?? {}
    const how = kind === 'none' ? 'clear' : 'encrypted'
    if (direction !== undefined && kind !== undefined) {
      this.#narrow([direction === 'in' ? { arrived: how } : { leaving: how }])
    } else if (this.#policy) this.#narrow([{ unknown: '-m policy' }])
  }

  /** What stands behind the target are its options. */
  #target(isGoto: boolean): void {
    const target = this.#next()
    const own = this.#words.slice(this.#at)
    this.#at = this.#words.length
    this.#takeComment(own)
    if (passing.includes(target)) this.#pass(target, own)
    else this.#verdict = verdictOf(target, own, { isGoto, chain: this.#place.chain })
  }

  #takeComment(own: readonly string[]): void {
    const at = own.indexOf('--comment')
    if (at >= 0) this.#comment = own[at + 1]
  }

  #pass(target: string, own: readonly string[]): void {
    const mss = Number(optionOf(own, '--set-mss') ?? Number.NaN)
    if (target === 'TCPMSS' && Number.isInteger(mss)) this.#effect = { kind: 'clamp', mss }
    const zone = ['--zone', '--zone-orig', '--zone-reply'].map((option) => optionOf(own, option)).find(Boolean)
    if (target === 'NOTRACK' || (target === 'CT' && own.some((word) => /^--(notrack|zone)/.test(word))))
      this.#effect = { kind: 'rewrite', ...(zone === undefined ? {} : { zone }) }
  }
}
