import { isIPv4, isIPv6 } from 'node:net'
import { Prefix } from '@natplan/core'
import type { ValueTest } from './table.ts'

type Judge = (value: string, argument: string) => boolean

/** Reports whether a value passes a test of the tables; a test that nobody wrote down is an error, never a yes. */
export function passes(value: string, test: ValueTest): boolean {
  if (typeof test !== 'string') {
    return 'any' in test ? test.any.some((one) => passes(value, one)) : test.all.every((one) => passes(value, one))
  }
  const { judge, argument } = judgeOf(test)
  return judge(value, argument)
}

/** The tests inside a test that no judge knows. */
export function unknownIn(test: ValueTest): readonly string[] {
  if (typeof test !== 'string') return ('any' in test ? test.any : test.all).flatMap(unknownIn)
  return nameOf(test) in judges ? [] : [test]
}

function judgeOf(test: string): { readonly judge: Judge; readonly argument: string } {
  const name = nameOf(test)
  const judge = judges[name]
  if (!judge) throw new Error(`no judge for the test: ${test}`)
  return { judge, argument: test.slice(name.length + 1) }
}

/** The whole of a test, or its first word. */
function nameOf(test: string): string {
  return test in judges ? test : (test.split(' ')[0] ?? '')
}

const patterns = new Map<string, RegExp>()

function matches(value: string, pattern: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(pattern.replaceAll('[[:ascii:]]', '[\\x00-\\x7f]'))
  patterns.set(pattern, known)
  return known.test(value)
}

const isIp = (value: string) => isIPv4(value) || isIPv6(value)

/** An address with the length of its prefix, and those of its bits that count hosts. */
function withLength(
  value: string,
  family: 4 | 6 | undefined,
): { readonly isNetwork: boolean; readonly bits: number; readonly length: number } | undefined {
  const [address = '', length = '', more] = value.split('/')
  const bits = isIPv4(address) ? 32 : 128
  if (more !== undefined || !isIp(address) || !/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined
  if (family !== undefined && (bits === 32) !== (family === 4)) return undefined
  return { isNetwork: Prefix.tryParse(value) !== undefined, bits, length: Number(length) }
}

const isNetwork = (value: string, family?: 4 | 6) => withLength(value, family)?.isNetwork === true

/** Not the network itself, unless that is one address or a pair of them. */
function isHost(value: string): boolean {
  const found = withLength(value, undefined)
  return found !== undefined && (!found.isNetwork || found.length >= found.bits - 1)
}

const isRange = (value: string, isOne: (one: string) => boolean) => {
  const [first = '', last = '', more] = value.split('-')
  return more === undefined && isOne(first) && isOne(last) && first !== last
}

const isExcluded = (value: string, judge: (one: string) => boolean) => value.startsWith('!') && judge(value.slice(1))

function isInRange(value: string, argument: string): boolean {
  if (argument === '--non-negative') return /^\d+$/.test(value)
  const bounds = [...argument.matchAll(/--range (\d+)-(\d+)/g)]
  if (bounds.length === 0) throw new Error(`no bounds in: ${argument}`)
  return (
    /^\d+$/.test(value) &&
    bounds.some(([, least, most]) => Number(value) >= Number(least) && Number(value) <= Number(most))
  )
}

const isPort = (value: string) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535
const isPortOrRange = (value: string) => isPort(value) || isRange(value, isPort)
const protocols = new Set([
  'all',
  'tcp',
  'udp',
  'tcp_udp',
  'esp',
  'ah',
  'icmp',
  'ipv6-icmp',
  'gre',
  'udplite',
  'dccp',
  'sctp',
])
const isProtocol = (value: string) => protocols.has(value) || (/^\d{1,3}$/.test(value) && Number(value) <= 255)
const plainly =
  (judge: (value: string) => boolean): Judge =>
  (value) =>
    judge(value)
/** What only the device itself knows: a file, an interface or a name that must be there already. */
const leftToTheDevice: Judge = () => true
const isFile = (value: string) => value.startsWith('/config/') || value.startsWith('/opt/vyatta/etc/config/')

/** One entry for each test that the tables name. */
const judges: Readonly<Record<string, Judge>> = {
  pattern: matches,
  not: (value, argument) => !matches(value, argument.replace(/^pattern /, '')),
  words: (value, argument) => argument.split(' ').includes(value),
  numeric: isInRange,
  length: (value, argument) => {
    const [least, most = least] = argument.split('-').map(Number)
    return value.length >= (least ?? 0) && value.length <= (most ?? 0)
  },
  u32: (value) => isInRange(value, '--range 0-4294967295'),
  txt: () => true,
  ipv4: plainly(isIPv4),
  ipv6: plainly(isIPv6),
  ipv4net: (value) => withLength(value, 4) !== undefined,
  ipv6net: (value) => withLength(value, 6) !== undefined,
  'ipv4-address': plainly(isIPv4),
  'ipv6-address': plainly(isIPv6),
  'ip-address': plainly(isIp),
  'ipv4-prefix': (value) => isNetwork(value, 4),
  'ipv6-prefix': (value) => isNetwork(value, 6),
  'ipaddrcheck --is-ipv4-net': (value) => isNetwork(value, 4),
  'ipaddrcheck --is-ipv6-net': (value) => isNetwork(value, 6),
  'ipaddrcheck --is-any-single': plainly(isIp),
  check_prefix_boundary: (value) => isNetwork(value),
  'ip-host': plainly(isHost),
  valid_address: (value) => isHost(value) || value === 'dhcp' || value === 'dhcpv6',
  is_valid_address: (value) => isIp(value) || value === 'any',
  'tmplscripts/security/vpn/ipsec/site-to-site/peer/local-address/configd_syntax.sh': (value) =>
    isIp(value) || value === 'any',
  'ipv4-range': (value) => isRange(value, isIPv4),
  'ipv6-range': (value) => isRange(value, isIPv6),
  'vyatta-validate-type ipv4range': (value) => isRange(value, isIPv4),
  'ipv4-address-exclude': (value) => isExcluded(value, isIPv4),
  'ipv4-prefix-exclude': (value) => isExcluded(value, (one) => isNetwork(one, 4)),
  'ipv4-range-exclude': (value) => isExcluded(value, (one) => isRange(one, isIPv4)),
  'ipv6-exclude': (value) => isExcluded(value, (one) => isIPv6(one) || isNetwork(one, 6)),
  'ipv6-range-exclude': (value) => isExcluded(value, (one) => isRange(one, isIPv6)),
  'vyatta-validate-type ipv6_addr_param': (value) =>
    isIPv6(value.replace(/^!/, '')) || withLength(value.replace(/^!/, ''), 6) !== undefined,
  'port-range': plainly(isPortOrRange),
  'port-multi': (value) => value.split(',').every((one) => isPortOrRange(one.replace(/^!/, ''))),
  valid_port_range: (value) => value.replace(/^!/, '').split(',').every(isPortOrRange),
  'vyatta-validate-type portrange': (value) => isRange(value, isPort),
  'ip-protocol': (value) => isProtocol(value.replace(/^!/, '')),
  'vyatta-validate-type protocol': plainly(isProtocol),
  'vyatta-validate-type protocol_negate': (value) => isProtocol(value.replace(/^!/, '')),
  'syntax-check-protocols': (value) => isProtocol(value) && value !== 'all' && value !== 'tcp_udp',
  'vrf-name': (value) =>
    /^(?!\d|(bond|br|dum|eth|lan|gnv|ipoe|l2tp|vtun|ppp|peth|tun|vti|vxlan|wg|wlan|wwan)\d)[^ ]{1,15}$/.test(value) &&
    value !== 'lo',
  fqdn: (value) => /^[A-Za-z0-9][-.A-Za-z0-9]*$/.test(value),
  'ipset-check-member address': (value) => isIPv4(value) || isRange(value, isIPv4),
  'ipset-check-member network': (value) => isNetwork(value, 4),
  'ipset-check-member port': plainly(isPortOrRange),
  'vyatta-ipset --action=check-member --set-type=address': (value) => isIPv4(value) || isRange(value, isIPv4),
  'vyatta-ipset --action=check-member --set-type=network': (value) => isNetwork(value, 4),
  'vyatta-ipset --action=check-member --set-type=port': plainly(isPortOrRange),
  'check_file_in_config_dir /config/auth': plainly(isFile),
  'mac-address': (value) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value),
  'file-path': leftToTheDevice,
  'interface-of-device': leftToTheDevice,
  // Held by conditions, which know the groups.
  'vyatta-ipset --action=is-group-defined': leftToTheDevice,
  // Natplan writes no name of a service, so that numbers alone pass.
  'vyatta-validate-type official_port': () => false,
}
