import {
  Address,
  everyAddress,
  type Family,
  Prefix,
  protocolNumber,
  type Range,
  RangeSet,
  rangeOf,
} from '@natplan/core'

/** Services by name (/etc/services), as far as rules of firewalls name them often. */
const services: ReadonlyMap<string, number> = new Map([
  ['ftp-data', 20],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['tftp', 69],
  ['http', 80],
  ['kerberos', 88],
  ['pop3', 110],
  ['sunrpc', 111],
  ['ntp', 123],
  ['netbios-ns', 137],
  ['netbios-dgm', 138],
  ['netbios-ssn', 139],
  ['imap', 143],
  ['imap2', 143],
  ['snmp', 161],
  ['snmp-trap', 162],
  ['bgp', 179],
  ['ldap', 389],
  ['https', 443],
  ['microsoft-ds', 445],
  ['submissions', 465],
  ['isakmp', 500],
  ['syslog', 514],
  ['dhcpv6-client', 546],
  ['dhcpv6-server', 547],
  ['submission', 587],
  ['ldaps', 636],
  ['imaps', 993],
  ['pop3s', 995],
  ['openvpn', 1194],
  ['ms-sql-s', 1433],
  ['nfs', 2049],
  ['mysql', 3306],
  ['ms-wbt-server', 3389],
  ['ipsec-nat-t', 4500],
  ['sip', 5060],
  ['postgresql', 5432],
  ['http-alt', 8080],
])

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
export function addressRange(text: string): Range | undefined {
  const [from = '', to, ...more] = text.split('-')
  if (to !== undefined) {
    const [first, last] = [Address.tryParse(from), Address.tryParse(to)]
    const isRange = first && last && more.length === 0 && first.family === last.family && first.bits <= last.bits
    return isRange ? { first: first.bits, last: last.bits } : undefined
  }
  const prefix = prefixOf(text)
  return prefix && rangeOf(prefix)
}

/** A single address may stand without its length; host bits do not count. */
export function prefixOf(text: string): Prefix | undefined {
  const address = Address.tryParse(text)
  if (address) return Prefix.of(address)
  const exact = Prefix.tryParse(text)
  if (exact) return exact
  const [, host, length] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(text) ?? []
  const inside = Address.tryParse(host ?? '')
  return inside && Number(length) <= (inside.family === 4 ? 32 : 128)
    ? Prefix.fromBits(inside.bits, Number(length))
    : undefined
}

/** A number up to a limit, in decimal or hexadecimal. */
export function numberOf(text: string, most: number): number | undefined {
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return undefined
  const number = Number(text)
  return number <= most ? number : undefined
}

/** `80`, `https`, `1024-2047`; iptables writes `1024:2047` and leaves out an end. */
export function portRange(text: string): { readonly first: number; readonly last: number } | undefined {
  const one = portOf(text)
  if (one !== undefined) return { first: one, last: one }
  const [, from = '', to = ''] = /^([^:-]*)[:-]([^:-]*)$/.exec(text) ?? []
  if (from === '' && to === '') return undefined
  const [first, last] = [from === '' ? 0 : portOf(from), to === '' ? 65_535 : portOf(to)]
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined
}

function portOf(text: string): number | undefined {
  return numberOf(text, 65_535) ?? services.get(text)
}

export function protocolRange(text: string): Range | undefined {
  const number = protocolNumber(text)
  return number === undefined ? undefined : { first: number, last: number }
}

export function everyAddressOf(family: Family): RangeSet {
  return RangeSet.of([everyAddress(family)])
}

export const everyFamily: RangeSet = RangeSet.of([everyAddress(4), everyAddress(6)])
