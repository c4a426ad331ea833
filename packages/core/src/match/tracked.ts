import { type Bits, offsetBy } from '../address/bits.ts'
import type { Range } from './range.ts'
import type { RangeSet } from './range-set.ts'

/** The values of one field that a flow began with and that have gone the same way so far; it only ever gets narrower. */
class Axis {
  first: Bits
  last: Bits

  constructor({ first, last }: Range) {
    this.first = first
    this.last = last
  }
}

/**
 * A field of a packet that remembers which values around its own would have been treated the same. Every question that is asked of
 * the value narrows that range to the values with the same answer; so one packet, followed with care, stands for a whole range.
 */
export class Tracked {
  readonly value: Bits
  readonly #axis: Axis | undefined
  /** What was added since the packet was sent. */
  readonly #shift: Bits

  private constructor(value: Bits, axis: Axis | undefined, shift: Bits) {
    this.value = value
    this.#axis = axis
    this.#shift = shift
  }

  /** A value that stands for all of a range until it is asked. */
  static of(value: Bits, range: Range): Tracked {
    return new Tracked(value, new Axis(range), typeof value === 'number' ? 0 : 0n)
  }

  /** A value that does not depend on the packet that was sent. */
  static fixed(value: Bits): Tracked {
    return new Tracked(value, undefined, typeof value === 'number' ? 0 : 0n)
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
    return new Tracked(offsetBy(this.value, distance), this.#axis, offsetBy(this.#shift, distance))
  }

  /** What was sent: the values that have gone the same way; `undefined` for a fixed value. */
  get room(): Range | undefined {
    return this.#axis && { first: this.#axis.first, last: this.#axis.last }
  }

  #narrow({ first, last }: { readonly first: Bits | undefined; readonly last: Bits | undefined }): void {
    const axis = this.#axis
    if (!axis) return
    const back = -this.#shift as Bits
    const low = first === undefined ? undefined : offsetBy(first, back)
    const high = last === undefined ? undefined : offsetBy(last, back)
    if (low !== undefined && low > axis.first) axis.first = low
    if (high !== undefined && high < axis.last) axis.last = high
  }
}
