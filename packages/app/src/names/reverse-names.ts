import type { Address, Prefix } from '@natplan/core'

/** The name under which DNS asks back for an address (RFC 1035, section 3.5; RFC 3596, section 2.5). */
export function reverseName(address: Address): string {
  const digits = digitsOf(address)
  return reverseOf(digits, address)
}

/** The largest zone of such names that holds an address and nothing outside of a prefix. */
export function reverseZone(address: Address, prefix: Prefix): string {
  const bitsOfDigit = address.family === 4 ? 8 : 4
  const digits = digitsOf(address).slice(0, Math.ceil(prefix.length / bitsOfDigit))
  return reverseOf(digits, address)
}

function reverseOf(digits: readonly string[], { family }: Address): string {
  return [...digits.toReversed(), family === 4 ? 'in-addr' : 'ip6', 'arpa'].join('.')
}

/** What stands between the dots: octets, or hexadecimal digits. */
function digitsOf(address: Address): string[] {
  if (address.family === 4) return String(address).split('.')
  return [...BigInt(address.bits).toString(16).padStart(32, '0')]
}
