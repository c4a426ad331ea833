import { NatplanError } from '../error.ts'
import { quoted } from '../quoted.ts'
import { type Bits, type Family, familyOf, formatBits, isAddressBits, parseIpv4, parseIpv6 } from './bits.ts'

/** One IPv4 or IPv6 address: immutable, canonical in text. */
export class Address {
  /** The address as an unsigned integer: a number for IPv4, a bigint for IPv6. */
  readonly bits: Bits

  private constructor(bits: Bits) {
    this.bits = bits
    Object.freeze(this)
  }

  static fromBits(bits: Bits): Address {
    if (!isAddressBits(bits)) throw new RangeError(`${bits} is not an address`)
    return new Address(bits)
  }

  /**
   * Reads an address strictly: four decimal octets without leading zeros, or RFC 4291 text without a zone.
   * @throws NatplanError ADDRESS_INVALID
   */
  static parse(text: string): Address {
    const address = Address.tryParse(text)
    if (address) return address
    throw new NatplanError('ADDRESS_INVALID', `${quoted(text)} is not an IP address`, {
      hint: 'write four decimal numbers such as 10.0.1.5, without leading zeros, or an IPv6 address',
    })
  }

  static tryParse(text: string): Address | undefined {
    const bits = text.includes(':') ? parseIpv6(text) : parseIpv4(text)
    return bits === undefined ? undefined : new Address(bits)
  }

  get family(): Family {
    return familyOf(this.bits)
  }

  equals(other: Address): boolean {
    return this.bits === other.bits
  }

  toString(): string {
    return formatBits(this.bits)
  }

  toJSON(): string {
    return this.toString()
  }
}
