import { type PacketMatch, RangeSet } from '@natplan/core'
import { type ChainRule, type Effect, goesOn, type Verdict } from './chain.ts'
import { inFamily, meet } from './meet.ts'
import { type Field, fieldAt, matchOf, type Operator } from './nft-fields.ts'
import { bracedAt, isSymbol, isWord, type Token } from './nft-tokens.ts'
import { translationsAt } from './nft-translation.ts'
import { type Element, elementsAt, type Scope } from './nft-values.ts'
import { mostWays, type Way, waysOf } from './nft-ways.ts'
import { asking, endings, joins, operatorAt, unclear, verdictOf, verdictWord } from './nft-words.ts'

/** Where a rule stands. */
export interface RulePlace {
  readonly scope: Scope
  readonly family: 4 | 6 | undefined
  readonly text: string
}

/** Reads one rule of a chain. */
export function readRule(tokens: readonly Token[], place: RulePlace): ChainRule[] {
  return new RuleReader(tokens, place).read()
}

class RuleReader {
  readonly #tokens: readonly Token[]
  readonly #place: RulePlace
  #at = 0
  #match: PacketMatch = {}
  /** What one of them must hold as well: a set of several fields at once. */
  #alternatives: readonly PacketMatch[] = [{}]
  #isNever = false
  #isUnknown = false
  #doubt: string | undefined
  #comment: string | undefined
  #effect: Effect | undefined
  /** `undefined` until something ends the rule. */
  #ways: readonly Way[] | undefined

  constructor(tokens: readonly Token[], place: RulePlace) {
    this.#tokens = tokens
    this.#place = place
  }

  read(): ChainRule[] {
    while (this.#at < this.#tokens.length) {
      if (!this.#condition() && !this.#statement()) this.#giveUp()
    }
    if (this.#isNever) return []
    const otherwise: Verdict = this.#isUnknown ? { kind: 'unknown' } : goesOn
    const ways = this.#ways ?? [{ match: {}, verdict: otherwise }]
    if (ways.length * this.#alternatives.length > mostWays)
      return [this.#rule({ match: {}, verdict: { kind: 'unknown' } }, this.#place.text)]
    return this.#alternatives.flatMap((one) => ways.flatMap((way) => this.#both(one, way)))
  }

  #both(alternative: PacketMatch, { match, verdict }: Way): ChainRule[] {
    const narrowed = meet(this.#match, alternative)
    const met = narrowed && meet(narrowed.match, match)
    if (!met) return []
    const isExact = narrowed.isExact && met.isExact
    return [this.#rule({ match: met.match, verdict }, this.#doubt ?? (isExact ? undefined : this.#place.text))]
  }

  #rule({ match, verdict }: Way, doubt: string | undefined): ChainRule {
    const { text, family } = this.#place
    return {
      line: this.#tokens[0]?.line ?? 0,
      text,
      match: inFamily(match, family),
      verdict,
      comment: this.#comment,
      doubt,
      ...(this.#effect ? { effect: this.#effect } : {}),
    }
  }

  /** The rest narrows in a way that is not known; what becomes of the packets it takes may still be. */
  #giveUp(): void {
    this.#doubt ??= this.#place.text
    this.#isUnknown ||= !isWord(this.#tokens[this.#at], ...asking)
    for (this.#at++; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]
      if (isSymbol(token, '{')) this.#at = bracedAt(this.#tokens, this.#at).next - 1
      else if (isWord(token, 'vmap')) this.#isUnknown = true
      else if (isWord(token, ...endings)) return
    }
  }

  #end(ways: readonly Way[]): true {
    this.#ways = ways
    return true
  }

  #condition(): boolean {
    const found = fieldAt(this.#tokens, this.#at)
    if (!found) return false
    if (isWord(this.#tokens[found.next], 'set')) return false
    const parts: Field[] = [found.field]
    let at = found.next
    while (isWord(this.#tokens[at], '.')) {
      const more = fieldAt(this.#tokens, at + 1)
      if (!more) return false
      parts.push(more.field)
      at = more.next
    }
    if (isWord(this.#tokens[at], 'vmap')) return this.#verdictMap(parts, at + 1)
    return this.#comparison(parts, at)
  }

  #comparison(parts: readonly Field[], start: number): boolean {
    const { operator, at } = operatorAt(this.#tokens, start)
    const found = elementsAt(this.#tokens, at, this.#place.scope)
    if (!found || isSymbol(this.#tokens[found.next], '/') || isWord(this.#tokens[found.next], '/')) return false
    const [only, ...others] = parts
    if (!only) return false
    if (others.length > 0) return this.#concatenation(parts, { operator, elements: found.elements, next: found.next })
    const match = this.#asked(only, { operator, at, elements: found.elements })
    if (!match) return false
    this.#narrow(match)
    this.#at = found.next
    return true
  }

  /** What one field must be; of a set with a name that is worked out once for all rules. */
  #asked(
    field: Field,
    { operator, at, elements }: { operator: Operator; at: number; elements: readonly Element[] },
  ): PacketMatch | undefined {
    const { matches } = this.#place.scope
    const name = this.#tokens[at]?.text ?? ''
    const key = name.startsWith('@') ? `${name} ${JSON.stringify(field)} ${operator}` : undefined
    if (key !== undefined && matches.has(key)) return matches.get(key)
    const isPlain = elements.every((one) => one.key.length === 1)
    const values = elements.map((one) => one.key[0] ?? '')
    const match = isPlain ? matchOf(field, { operator, values }) : undefined
    if (key !== undefined) matches.set(key, match)
    return match
  }

  /** Several fields at once: each member of the set is another way to meet the rule. */
  #concatenation(
    parts: readonly Field[],
    { operator, elements, next }: { operator: Operator; elements: readonly Element[]; next: number },
  ): boolean {
    const ways = operator === '==' ? waysOf(parts, elements, () => goesOn) : undefined
    if (!ways || this.#alternatives.length !== 1) return false
    this.#alternatives = ways.map(({ match }) => match)
    this.#at = next
    return true
  }

  #verdictMap(parts: readonly Field[], at: number): boolean {
    const found = elementsAt(this.#tokens, at, this.#place.scope)
    const ways = found && waysOf(parts, found.elements, verdictOf)
    if (!found || !ways) return false
    this.#at = found.next
    return this.#end(ways)
  }

  #narrow(match: PacketMatch): void {
    const met = meet(this.#match, match)
    if (!met) this.#isNever = true
    else {
      this.#match = met.match
      if (!met.isExact) this.#doubt ??= this.#place.text
    }
  }

  #statement(): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word') return false
    const verdict = verdictWord(token.text)
    if (verdict) {
      this.#at = token.text === 'reject' ? this.#commentBehind() : this.#at + 1
      return this.#end([{ match: {}, verdict }])
    }
    switch (token.text) {
      case 'jump':
      case 'goto':
        return this.#jump(token.text)
      case 'counter':
        return this.#skipPairs(['packets', 'bytes', 'name'])
      case 'log':
        return this.#skipPairs(['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'])
      case 'comment':
        this.#comment = this.#tokens[this.#at + 1]?.text
        this.#at += 2
        return true
      case 'snat':
      case 'dnat':
      case 'masquerade':
      case 'redirect':
        return this.#translation()
      case 'notrack':
        return this.#passing({ kind: 'rewrite' }, this.#at + 1)
      default:
        return this.#setting(token.text)
    }
  }

  #passing(effect: Effect | undefined, next: number): true {
    this.#effect = effect ?? this.#effect
    this.#at = next
    return true
  }

  #jump(kind: 'jump' | 'goto'): boolean {
    const target = this.#tokens[this.#at + 1]
    if (target?.kind !== 'word') return false
    this.#at += 2
    return this.#end([{ match: {}, verdict: { kind, chain: target.text } }])
  }

  #skipPairs(keys: readonly string[]): true {
    this.#at++
    while (isWord(this.#tokens[this.#at], ...keys)) {
      this.#at += 2
      while (isSymbol(this.#tokens[this.#at], ',')) this.#at += 2
    }
    return true
  }

  /** Where the comment stands that ends the rule, or its end. */
  #commentBehind(): number {
    const at = this.#tokens.findIndex((token, index) => index > this.#at && isWord(token, 'comment'))
    return at < 0 ? this.#tokens.length : at
  }

  #translation(): boolean {
    const ways = translationsAt(this.#tokens, this.#at, this.#place.scope)
    if (!ways) return false
    this.#at = this.#commentBehind()
    return this.#end(ways)
  }

  /** Statements that change something of the packet, of its connection or of a set. */
  #setting(word: string): boolean {
    const [second, third] = [this.#tokens[this.#at + 1], this.#tokens[this.#at + 2]]
    if (word === 'tcp' && isWord(second, 'option')) return this.#segmentSize()
    if (word === 'tcp' && isWord(second, 'flags')) return this.#tcpFlags()
    if (isWord(third, 'set') && ['meta', 'ct', 'ip', 'ip6', 'tcp', 'udp', 'th'].includes(word)) {
      const isAddress = isWord(second, 'saddr', 'daddr', 'sport', 'dport') || isWord(second, 'zone')
      return this.#passing(isAddress ? { kind: 'rewrite' } : undefined, this.#valueEnd(this.#at + 3))
    }
    if ((word === 'add' || word === 'update' || word === 'delete') && second?.text.startsWith('@')) {
      return this.#passing(undefined, this.#valueEnd(this.#at + 2))
    }
    if (word === 'flow' && isWord(second, 'add', 'offload')) return this.#passing(undefined, this.#at + 3)
    return (word === 'meta' || word === 'ct') && isWord(second, ...unclear) && this.#unclearField()
  }

  /** A field of which nobody can tell the value: the rest of the rule is understood all the same. */
  #unclearField(): boolean {
    const { at } = operatorAt(this.#tokens, this.#at + 2)
    if (isWord(this.#tokens[at], 'set', 'vmap', 'and', 'or') || isSymbol(this.#tokens[at], '&')) return false
    const found = elementsAt(this.#tokens, at, this.#place.scope)
    if (!found) return false
    this.#narrowUnclear()
    return this.#passing(undefined, found.next)
  }

  /** Behind a value or braces. */
  #valueEnd(at: number): number {
    if (isSymbol(this.#tokens[at], '{')) return bracedAt(this.#tokens, at).next
    let next = at + 1
    while (joins.includes(this.#tokens[next]?.text ?? '')) next += 2
    return next
  }

  /** `maxseg size > 1398` asks, `maxseg size set 1398` sets; `set rt mtu` sets no number. */
  #segmentSize(): boolean {
    const words = this.#tokens.slice(this.#at + 2, this.#at + 6).map(({ text }) => text)
    if (words[0] !== 'maxseg' || words[1] !== 'size') return false
    if (words[2] === 'set' && /^\d{1,5}$/.test(words[3] ?? '')) {
      return this.#passing({ kind: 'clamp', mss: Number(words[3]) }, this.#at + 6)
    }
    if (words[2] === 'set' && words[3] === 'rt') return this.#passing(undefined, this.#at + 7)
    const { at } = operatorAt(this.#tokens, this.#at + 4)
    this.#narrowUnclear()
    return this.#passing(undefined, at + 1)
  }

  /** `syn`, `syn / syn,rst`, `& (syn | rst) == syn`: some packets of TCP only. */
  #tcpFlags(): boolean {
    const known = /^(fin|syn|rst|psh|ack|urg|ecn|cwr|[/&|,()]|[!=]=|0x[0-9a-f]+|0)$/
    let at = this.#at + 2
    while (at < this.#tokens.length && known.test(this.#tokens[at]?.text ?? '')) at++
    this.#narrow({ protocol: RangeSet.ofValues([6]) })
    this.#narrowUnclear()
    return this.#passing(undefined, at)
  }

  #narrowUnclear(): void {
    this.#doubt ??= this.#place.text
  }
}
