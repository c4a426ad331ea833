import { Address, type Prefix } from '@natplan/core'

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

/** What a name is among those under which DNS asks back for addresses. */
export type ReverseName =
  | { readonly kind: 'address'; readonly address: Address }
  /** A name in a zone of its own for part of a /24: which address it stands for, only the CNAME that leads there says. */
  | { readonly kind: 'classless' }
  | { readonly kind: 'malformed' }

/** Reads a name of in-addr.arpa or ip6.arpa, in any case, with or without the dot at its end; undefined for any other name. */
export function tryParseReverseName(name: string): ReverseName | undefined {
  const [, text, zone] = /^(?:(.*)\.)?(in-addr|ip6)\.arpa\.?$/i.exec(name) ?? []
  if (zone === undefined) return undefined
  const labels = text?.split('.') ?? []
  const isIpv4 = zone.toLowerCase() === 'in-addr'
  if (isIpv4 && isClassless(labels)) return { kind: 'classless' }
  const address = Address.tryParse(isIpv4 ? labels.toReversed().join('.') : ipv6Text(labels))
  return address ? { kind: 'address', address } : { kind: 'malformed' }
}

/** The forms of RFC 2317: an octet, a label that is none such as 0/27, the three octets of the /24. */
function isClassless(labels: readonly string[]): boolean {
  const [host = '', part = '', ...network] = labels
  return labels.length === 5 && !isNumber(part) && [host, ...network].every(isNumber)
}

function isNumber(label: string): boolean {
  return /^\d{1,3}$/.test(label)
}

function ipv6Text(labels: readonly string[]): string {
  if (labels.length !== 32 || !labels.every((label) => /^[0-9a-f]$/i.test(label))) return ''
  return (labels.toReversed().join('').match(/.{4}/g) ?? []).join(':')
}

function reverseOf(digits: readonly string[], { family }: Address): string {
  return [...digits.toReversed(), family === 4 ? 'in-addr' : 'ip6', 'arpa'].join('.')
}

/** What stands between the dots: octets, or hexadecimal digits. */
function digitsOf(address: Address): string[] {
  if (address.family === 4) return String(address).split('.')
  return [...BigInt(address.bits).toString(16).padStart(32, '0')]
}
