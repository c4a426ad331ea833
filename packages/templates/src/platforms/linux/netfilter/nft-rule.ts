import type { PacketMatch } from '@natplan/core'
import { type ChainRule, type Effect, goesOn } from './chain.ts'
import { inFamily, meet, meetAny, mostWays } from './meet.ts'
import { type Field, fieldAt, matchOf, type Operator } from './nft-fields.ts'
import { passedAt } from './nft-passing.ts'
import { specialAt } from './nft-special.ts'
import { bracedAt, isSymbol, isWord, type Token } from './nft-tokens.ts'
import { translationsAt } from './nft-translation.ts'
import { impliedAt, unclearAt } from './nft-unclear.ts'
import { type Element, elementsAt, type Scope } from './nft-values.ts'
import { type Way, waysOf } from './nft-ways.ts'
import { asking, type Condition, endings, operatorAt, textOf, verdictOf, verdictWord } from './nft-words.ts'
import type { OwnAddresses } from './own-addresses.ts'

/** Where a rule stands. */
export interface RulePlace {
  readonly scope: Scope
  readonly family: 4 | 6 | undefined
  readonly text: string
  readonly own: OwnAddresses
}

/** Reads one rule of a chain. */
export function readRule(tokens: readonly Token[], place: RulePlace): ChainRule[] {
  return new RuleReader(tokens, place).read()
}

class RuleReader {
  readonly #tokens: readonly Token[]
  readonly #place: RulePlace
  #at = 0
  /** One of them must hold. */
  #oneOf: readonly PacketMatch[] = [{}]
  /** Some statement was not understood. */
  #isUnknown = false
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
      if (!this.#condition() && !this.#statement()) this.#unclear()
    }
    const ways = this.#ways ?? [{ match: {}, verdict: goesOn }]
    if (this.#isUnknown) return this.#oneOf.map((match) => this.#rule({ match, verdict: { kind: 'unknown' } }))
    if (ways.length * this.#oneOf.length > mostWays) return [this.#rule({ match: {}, verdict: { kind: 'unknown' } })]
    return this.#oneOf.flatMap((one) =>
      ways.flatMap(({ match, verdict }) => {
        const met = meet(one, match)
        return met ? [this.#rule({ match: met, verdict })] : []
      }),
    )
  }

  #rule({ match, verdict }: Way): ChainRule {
    const { text, family } = this.#place
    return {
      line: this.#tokens[0]?.line ?? 0,
      text,
      match: inFamily(match, family),
      verdict,
      comment: this.#comment,
      ...(this.#effect ? { effect: this.#effect } : {}),
    }
  }

  #unclear(): void {
    const found = unclearAt(this.#tokens, this.#at)
    if (found) this.#take(found)
    else this.#giveUp()
  }

  /** The rest narrows in a way that is not known; what becomes of the packets it takes may still be. */
  #giveUp(): void {
    const start = this.#at
    const asks = isWord(this.#tokens[start], ...asking)
    this.#isUnknown ||= !asks
    for (this.#at++; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]
      if (isSymbol(token, '{')) this.#at = bracedAt(this.#tokens, this.#at).next - 1
      else if (isWord(token, 'vmap')) this.#isUnknown = true
      else if (isWord(token, ...endings)) break
    }
    const unknown = textOf(this.#tokens, start, this.#at)
    if (asks) this.#narrow([{ ...impliedAt(this.#tokens, start), unknown }])
  }

  #end(ways: readonly Way[]): true {
    this.#ways = ways
    return true
  }

  #take({ oneOf, next }: Condition): true {
    this.#narrow(oneOf)
    this.#at = next
    return true
  }

  #narrow(oneOf: readonly PacketMatch[]): void {
    this.#oneOf = meetAny(this.#oneOf, oneOf)
  }

  #condition(): boolean {
    const special = specialAt(this.#tokens, this.#at, this.#place)
    if (special) return this.#take(special)
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
    if (others.length > 0) {
      const ways = operator === '==' ? this.#waysAt(at, parts, found.elements, 'set') : undefined
      return ways !== undefined && this.#take({ oneOf: ways.map(({ match }) => match), next: found.next })
    }
    const match = this.#asked(only, { operator, at, elements: found.elements })
    return match !== undefined && this.#take({ oneOf: [match], next: found.next })
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

  /** Of a set or map with a name they are worked out once for all rules. */
  #waysAt(
    at: number,
    fields: readonly Field[],
    elements: readonly Element[],
    kind: 'set' | 'map',
  ): readonly Way[] | undefined {
    const known = this.#place.scope.ways
    const name = this.#tokens[at]?.text ?? ''
    const key = name.startsWith('@') ? `${kind} ${name} ${JSON.stringify(fields)}` : undefined
    if (key !== undefined && known.has(key)) return known.get(key)
    const ways = waysOf(fields, elements, kind === 'map' ? verdictOf : () => goesOn)
    if (key !== undefined) known.set(key, ways)
    return ways
  }

  #verdictMap(parts: readonly Field[], at: number): boolean {
    const found = elementsAt(this.#tokens, at, this.#place.scope)
    const ways = found && this.#waysAt(at, parts, found.elements, 'map')
    if (!found || !ways) return false
    this.#at = found.next
    return this.#end(ways)
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
      case 'comment':
        this.#comment = this.#tokens[this.#at + 1]?.text
        this.#at += 2
        return true
      case 'snat':
      case 'dnat':
      case 'masquerade':
      case 'redirect':
        return this.#translation()
      default: {
        const passed = passedAt(this.#tokens, this.#at)
        this.#effect = passed?.effect ?? this.#effect
        return passed !== undefined && this.#take(passed)
      }
    }
  }

  #jump(kind: 'jump' | 'goto'): boolean {
    const target = this.#tokens[this.#at + 1]
    if (target?.kind !== 'word') return false
    this.#at += 2
    return this.#end([{ match: {}, verdict: { kind, chain: target.text } }])
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
}
