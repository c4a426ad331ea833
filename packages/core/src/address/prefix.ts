import { NatplanError } from '../error.ts'
import { quoted } from '../quoted.ts'
import { Address } from './address.ts'
import {
  type Bits,
  type Family,
  familyOf,
  firstOf,
  formatBits,
  isAddressBits,
  lastOf,
  offsetBy,
  sizeOf,
  widthOf,
} from './bits.ts'
import { lengthOfNetmask } from './mask.ts'

/** How two prefixes lie to each other. Aligned blocks never cross, so there is no fifth case. */
export type Relation = 'equal' | 'inside' | 'contains' | 'apart'

/** An address block in canonical form, host bits zero: immutable, usable as a map key through its text. */
export class Prefix {
  /** The first address as an unsigned integer: a number for IPv4, a bigint for IPv6. */
  readonly bits: Bits
  /** The prefix length: 0 to 32, or 0 to 128. */
  readonly length: number
  /** Prefixes serve as map keys through their text, so it is made once. */
  #text: string | undefined

  private constructor(bits: Bits, length: number) {
    this.bits = bits
    this.length = length
    Object.freeze(this)
  }

  /** The block of that length around an address: bits behind the length are dropped. */
  static fromBits(bits: Bits, length: number): Prefix {
    // Most are IPv4, and asked for by the thousand before this is compiled: calls take most of the time then.
    if (typeof bits === 'number' && bits >>> 0 === bits && length >>> 0 === length && length <= 32) {
      return new Prefix(firstOf(bits, length), length)
    }
    if (!isAddressBits(bits)) throw new RangeError(`${bits} is not an address`)
    const family = familyOf(bits)
    if (!Number.isInteger(length) || length < 0 || length > widthOf(family)) {
      throw new RangeError(`/${length} is not a prefix length of IPv${family}`)
    }
    return new Prefix(firstOf(bits, length), length)
  }

  /** The block that holds one address only: /32 or /128. */
  static of(address: Address): Prefix {
    return new Prefix(address.bits, widthOf(address.family))
  }

  /**
   * Reads `address/length` strictly: the address as in `Address.parse`, the length decimal without leading zeros, host bits zero.
   * @throws NatplanError PREFIX_INVALID, PREFIX_LENGTH_MISSING, PREFIX_LENGTH_INVALID, or PREFIX_HOST_BITS with the
   * corrected prefix as hint
   */
  static parse(text: string): Prefix {
    const slash = text.indexOf('/')
    const address = Address.tryParse(slash < 0 ? text : text.slice(0, slash))
    if (!address) throw notAPrefix(text)
    if (slash < 0) throw lengthMissing(address)
    const length = parseLength(text.slice(slash + 1), widthOf(address.family))
    if (length === undefined) throw lengthInvalid(text, address)
    const first = firstOf(address.bits, length)
    if (first !== address.bits) throw hostBits(text, new Prefix(first, length))
    return new Prefix(first, length)
  }

  static tryParse(text: string): Prefix | undefined {
    try {
      return Prefix.parse(text)
    } catch {
      return undefined
    }
  }

  get family(): Family {
    return familyOf(this.bits)
  }

  get first(): Address {
    return Address.fromBits(this.bits)
  }

  get last(): Address {
    return Address.fromBits(this.lastBits)
  }

  get lastBits(): Bits {
    return lastOf(this.bits, this.length)
  }

  /** How many addresses the block holds: a number for IPv4, a bigint for IPv6. */
  get size(): Bits {
    return sizeOf(this.family, this.length)
  }

  /** Reports whether an address, or every address of a block, lies in this block. Another family → false. */
  contains(other: Address | Prefix): boolean {
    if (typeof other.bits !== typeof this.bits) return false
    if (other instanceof Prefix && other.length < this.length) return false
    return firstOf(other.bits, this.length) === this.bits
  }

  /** Reports whether the two blocks share an address. Another family → false. */
  overlaps(other: Prefix): boolean {
    return this.contains(other) || other.contains(this)
  }

  /** How this block lies to another: `inside` means that the other contains this one. Another family → apart. */
  relationTo(other: Prefix): Relation {
    if (this.equals(other)) return 'equal'
    if (other.contains(this)) return 'inside'
    return this.contains(other) ? 'contains' : 'apart'
  }

  equals(other: Prefix): boolean {
    return this.bits === other.bits && this.length === other.length
  }

  /** The address at a distance from the first one. Outside the block → RangeError. */
  at(distance: Bits): Address {
    const address = Address.fromBits(offsetBy(this.bits, distance))
    if (!this.contains(address)) throw new RangeError(`${this} has no address at ${distance}`)
    return address
  }

  /** The block one bit shorter that this one is a half of; a prefix of length 0 has none. */
  parent(): Prefix | undefined {
    return this.length === 0 ? undefined : new Prefix(firstOf(this.bits, this.length - 1), this.length - 1)
  }

  /**
   * Order for sorting: IPv4 before IPv6, then by first address, then the larger block first, so that a block comes
   * directly before the blocks inside it.
   */
  static compare(a: Prefix, b: Prefix): number {
    if (a.family !== b.family) return a.family - b.family
    if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1
    return a.length - b.length
  }

  toString(): string {
    this.#text ??= `${formatBits(this.bits)}/${this.length}`
    return this.#text
  }

  toJSON(): string {
    return this.toString()
  }
}

function parseLength(text: string, width: number): number | undefined {
  if (!/^(0|[1-9][0-9]{0,2})$/.test(text)) return undefined
  const length = Number(text)
  return length <= width ? length : undefined
}

function notAPrefix(text: string): NatplanError {
  return new NatplanError('PREFIX_INVALID', `${quoted(text)} is not a prefix`, {
    hint: 'write an address and a length such as 10.0.1.0/24: four decimal numbers of 0 to 255 without leading zeros',
  })
}

function lengthMissing(address: Address): NatplanError {
  const width = widthOf(address.family)
  return new NatplanError('PREFIX_LENGTH_MISSING', `${address} has no prefix length`, {
    hint: `write ${address}/${width} for this one address, or the network with its length`,
  })
}

function lengthInvalid(text: string, address: Address): NatplanError {
  const mask = typeof address.bits === 'number' ? lengthOfNetmask(text.slice(text.indexOf('/') + 1)) : undefined
  if (mask !== undefined) {
    return new NatplanError('PREFIX_LENGTH_INVALID', `${quoted(text)} has a netmask in place of its length`, {
      hint: `write ${Prefix.fromBits(address.bits, mask)}`,
    })
  }
  return new NatplanError('PREFIX_LENGTH_INVALID', `${quoted(text)} has no valid prefix length`, {
    hint: `the length behind the slash is a number from 0 to ${widthOf(address.family)}`,
  })
}

function hostBits(text: string, corrected: Prefix): NatplanError {
  return new NatplanError('PREFIX_HOST_BITS', `${text} has host bits set`, { hint: `write ${corrected}` })
}
