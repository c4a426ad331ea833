import { type Bits, firstOf, lastOf, offsetBy } from '../address/bits.ts'
import type { Range } from './range.ts'
import type { RangeSet, Stretch } from './range-set.ts'

/** The values of one field that a flow began with and that have gone the same way so far; it only ever gets narrower. */
class Axis {
  first: Bits
  last: Bits

  constructor({ first, last }: Range) {
    this.first = first
    this.last = last
  }
}

/** What a value of one field may be beside the one that is followed. */
type Spread =
  /** `block`: the values that were sent from which just this one distance leads into `target`; other blocks lead there as well. */
  | { readonly kind: 'fold'; readonly target: Range; readonly block: Range }
  /** Any of them, and nobody knows which; `whenAsked`: told when a question has several answers. */
  | { readonly kind: 'any'; readonly target: Range; readonly whenAsked: () => void }

/**
 * A field of a packet that remembers which values around its own would have been treated the same. Every question that is asked of
 * the value narrows that range to the values with the same answer; so one packet, followed with care, stands for a whole range.
 */
export class Tracked {
  readonly value: Bits
  readonly #axis: Axis | undefined
  /** What was added since the packet was sent. */
  readonly #shift: Bits
  readonly #spread: Spread | undefined

  private constructor(value: Bits, axis: Axis | undefined, shift: Bits, spread: Spread | undefined) {
    this.value = value
    this.#axis = axis
    this.#shift = shift
    this.#spread = spread
  }

  /** A value that stands for all of a range until it is asked. */
  static of(value: Bits, range: Range): Tracked {
    return new Tracked(value, new Axis(range), zeroLike(value), undefined)
  }

  /** A value that does not depend on the packet that was sent. */
  static fixed(value: Bits): Tracked {
    return new Tracked(value, undefined, zeroLike(value), undefined)
  }

  /** Any value of a range, shown as one of them: whoever asks what not all of them answer alike is told on. */
  static anyOf(range: Range, shown: Bits, whenAsked: () => void): Tracked {
    return new Tracked(shown, undefined, zeroLike(shown), { kind: 'any', target: range, whenAsked })
  }

  /** Reports whether everything that it may be has one answer, so that asking whether it is a member narrows nothing. */
  isSureOf(set: RangeSet): boolean {
    if (this.#axis !== undefined) return false
    return this.#spread === undefined || holds(set.stretchAround(this.value), this.#spread.target)
  }

  /** Nobody knows which of several values it is. */
  get isAny(): boolean {
    return this.#spread?.kind === 'any'
  }

  /** Reports whether the value lies in the range, without narrowing. A range of another family → false. */
  peek({ first, last }: Range): boolean {
    return typeof first === typeof this.value && this.value >= first && this.value <= last
  }

  /** Reports whether the value lies in the range, and narrows to the values with the same answer. */
  isIn({ first, last }: Range): boolean {
    if (typeof first !== typeof this.value) return false
    const isInside = this.peek({ first, last })
    if (isInside) this.#narrow({ first, last })
    else if (this.value < first) this.#narrow({ first: undefined, last: offsetBy(first, -1) })
    else this.#narrow({ first: offsetBy(last, 1), last: undefined })
    return isInside
  }

  /** Reports whether the value is a member of a set, and narrows to the values around it with the same answer. */
  isMember(set: RangeSet): boolean {
    const { isInside, first, last } = set.stretchAround(this.value)
    this.#narrow({ first, last })
    return isInside
  }

  /** The same field with something added to it. */
  moved(distance: Bits): Tracked {
    const spread = this.#spread && { ...this.#spread, target: rangeBy(this.#spread.target, distance) }
    return new Tracked(offsetBy(this.value, distance), this.#axis, offsetBy(this.#shift, distance), spread)
  }

  /**
   * The same field with its first bits replaced. Values of many blocks become those of one; they go on together until something is asked
   * that only a part of the target answers so.
   */
  folded(first: Bits, length: number): Tracked {
    this.#settle()
    const start = firstOf(this.value, length)
    const distance = offsetBy(first, negative(start))
    const target = { first, last: lastOf(first, length) }
    const block = rangeBy({ first: start, last: lastOf(start, length) }, negative(this.#shift))
    const shift = offsetBy(this.#shift, distance)
    return new Tracked(offsetBy(this.value, distance), this.#axis, shift, { kind: 'fold', target, block })
  }

  /** What was sent: the values that have gone the same way; `undefined` for a fixed value. */
  get room(): Range | undefined {
    return this.#axis && { first: this.#axis.first, last: this.#axis.last }
  }

  #narrow(kept: Pick<Stretch, 'first' | 'last'>): void {
    if (this.#spread && holds(kept, this.#spread.target)) return
    this.#settle()
    const back = negative(this.#shift)
    this.#keep(
      kept.first === undefined ? undefined : offsetBy(kept.first, back),
      kept.last === undefined ? undefined : offsetBy(kept.last, back),
    )
  }

  /** Leaves one value for each that was sent. */
  #settle(): void {
    if (this.#spread?.kind === 'any') this.#spread.whenAsked()
    if (this.#spread?.kind === 'fold') this.#keep(this.#spread.block.first, this.#spread.block.last)
  }

  #keep(low: Bits | undefined, high: Bits | undefined): void {
    const axis = this.#axis
    if (!axis) return
    if (low !== undefined && low > axis.first) axis.first = low
    if (high !== undefined && high < axis.last) axis.last = high
  }
}

function holds({ first, last }: Pick<Stretch, 'first' | 'last'>, range: Range): boolean {
  return (first === undefined || first <= range.first) && (last === undefined || last >= range.last)
}

function rangeBy({ first, last }: Range, distance: Bits): Range {
  return { first: offsetBy(first, distance), last: offsetBy(last, distance) }
}

function negative(bits: Bits): Bits {
  return -bits as Bits
}

function zeroLike(value: Bits): Bits {
  return typeof value === 'number' ? 0 : 0n
}
