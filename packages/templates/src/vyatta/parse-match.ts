import { Address, type PortRange, Prefix } from '@natplan/core'

/** Drops host bits; an address alone is a prefix of one address. */
export function tryParsePrefix(text: string): Prefix | undefined {
  const [host = '', length, ...rest] = text.split('/')
  const address = Address.tryParse(host)
  if (!address || rest.length > 0) return undefined
  if (length === undefined) return Prefix.of(address)
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  return bits <= (address.family === 4 ? 32 : 128) ? Prefix.fromBits(address.bits, bits) : undefined
}

/** The names in /etc/services that people write in NAT rules. */
const services: ReadonlyMap<string, number> = new Map([
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['tftp', 69],
  ['http', 80],
  ['www', 80],
  ['pop3', 110],
  ['ntp', 123],
  ['imap', 143],
  ['imap2', 143],
  ['snmp', 161],
  ['ldap', 389],
  ['https', 443],
  ['isakmp', 500],
  ['submission', 587],
  ['ldaps', 636],
  ['imaps', 993],
  ['pop3s', 995],
  ['openvpn', 1194],
  ['mysql', 3306],
  ['ms-wbt-server', 3389],
  ['ipsec-nat-t', 4500],
  ['sip', 5060],
  ['postgresql', 5432],
  ['http-alt', 8080],
])

/** `443`, `https`, `1000-2000`. */
export function tryParsePortRange(text: string): PortRange | undefined {
  const service = services.get(text.toLowerCase())
  if (service !== undefined) return { first: service, last: service }
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  const [first, last] = [Number(from), Number(to)]
  return first >= 1 && first <= last && last <= 65_535 ? { first, last } : undefined
}
