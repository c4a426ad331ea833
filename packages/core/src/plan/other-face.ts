import { Prefix } from '../address/prefix.ts'

/** The same part of the other face of a subnet; where many hosts hide behind few addresses, any may be meant. */
export function turned(part: Prefix, from: Prefix, to: Prefix): Prefix {
  return from.length === to.length ? moved(part, from, to) : to
}

/** The same part of another prefix of the same length. */
function moved(part: Prefix, from: Prefix, to: Prefix): Prefix {
  const distance = typeof part.bits === 'number' ? part.bits - Number(from.bits) : part.bits - BigInt(from.bits)
  return Prefix.fromBits(to.at(distance).bits, part.length)
}
