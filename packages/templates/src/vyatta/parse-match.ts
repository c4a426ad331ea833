import { Address, type PortRange, Prefix } from '@natplan/core'

/** Drops host bits; an address alone is a prefix of one address. */
export function tryParsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  const address = Address.tryParse(slash < 0 ? text : text.slice(0, slash))
  if (!address || slash < 0) return address && Prefix.of(address)
  const length = text.slice(slash + 1)
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  return bits <= (address.family === 4 ? 32 : 128) ? Prefix.fromBits(address.bits, bits) : undefined
}

/** The names in /etc/services that people write in rules. */
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
  ['www', 80],
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
  ['submission', 587],
  ['ldaps', 636],
  ['imaps', 993],
  ['pop3s', 995],
  ['openvpn', 1194],
  ['l2f', 1701],
  ['radius', 1812],
  ['radius-acct', 1813],
  ['nfs', 2049],
  ['mysql', 3306],
  ['ms-wbt-server', 3389],
  ['ipsec-nat-t', 4500],
  ['sip', 5060],
  ['sip-tls', 5061],
  ['mdns', 5353],
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
