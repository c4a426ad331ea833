import { IPv4, IPv4CidrRange, IPv4Prefix, IPv6, IPv6CidrRange, IPv6Prefix } from 'ip-num'
import { Prefix } from './prefix.ts'

/** The same block as an ip-num range, for code that works with that library. */
export function toIpNum(prefix: Prefix): IPv4CidrRange | IPv6CidrRange {
  return typeof prefix.bits === 'number'
    ? new IPv4CidrRange(new IPv4(BigInt(prefix.bits)), new IPv4Prefix(BigInt(prefix.length)))
    : new IPv6CidrRange(new IPv6(prefix.bits), new IPv6Prefix(BigInt(prefix.length)))
}

/** The block of an ip-num range; ip-num ranges may carry host bits, which are dropped. */
export function fromIpNum(range: IPv4CidrRange | IPv6CidrRange): Prefix {
  const first = range.getFirst()
  const bits = first.getValue()
  const length = Number(range.getPrefix().getValue())
  return Prefix.fromBits(first instanceof IPv4 ? Number(bits) : bits, length)
}
