import { normalize, planNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { acceptance, formed, hiding } from '../golden/platforms/cases.ts'
import type { Written } from '../support/policies.ts'
import { casesOf } from './cases.ts'
import { complaintsOf, isMember, type Member, members, tableOf } from './device.ts'
import { type Result, resultsOf } from './results.ts'
import { passes, unknownIn } from './values.ts'

function resultOf(member: Member, written: Written, wanted: string): Result {
  const { value } = normalize({ version: 1, ...written })
  const plan = value && planNetwork(value).plan
  const result = plan && resultsOf(plan).find(({ site }) => site === wanted)
  if (result?.member !== member) throw new Error(`there is no ${member}`)
  return result
}

/** Good texts, to be broken in one place. */
const texts = {
  policy: (member) => resultOf(member, acceptance(member, 'vyos-1.4'), 'cloud'),
  route: (member) => resultOf(member, formed(member, { mode: 'route', link: '169.254.10.0/30' }), 'left'),
  cable: (member) => resultOf(member, formed(member, { translateAt: 'left' }), 'left'),
  hiding: (member) => resultOf(member, hiding(member), 'branch'),
  certificate: (member) => resultOf(member, casesOf(member)['long names'] as Written, `L${'x'.repeat(30)}`),
  filters: (member) => resultOf(member, casesOf(member)['filters of many subnets'] as Written, 'here'),
} satisfies Record<string, (member: Member) => Result>

/** A text, what in it is replaced by what, and what the device then says. */
type Row = readonly [text: keyof typeof texts, replaced: RegExp, by: string, says: RegExp]

const without = (line: string): RegExp => new RegExp(`^.*${line}.*\n`, 'm')

const ofLines: readonly Row[] = [
  ['policy', /lifetime /, 'lifetme ', /no node .* lifetme/],
  ['policy', /(ike-group .* lifetime )'?\d+'?/, '$186401', /86401 is no value of/],
  ['policy', /(rule \d+ description) .*/, '$1', /description lacks its value/],
  ['policy', /(rule) \d+ description/, '$1 0 description', /0 is no value of/],
  ['policy', /^(set .* esp-group .* mode '?)tunnel/m, '$1funnel', /funnel is no value/],
  ['policy', /(set .* lifetime )('?)\d+('?\n)/, '$1$2100$3$1$2200$3', /one value/],
  ['policy', /^set /m, 'sett ', /no such command/],
  ['policy', /(local prefix) .*/, '$1 10.0.0.0/24;reboot', /shell/],
]

const tenMore = Array.from({ length: 10 }, (_, at) => at + 2)
  .map((at) => `$1 proposal ${at} encryption aes256\n$1 proposal ${at} hash sha1\n`)
  .join('')

const ofPeers: readonly Row[] = [
  ['policy', /(set .* esp-group \S+) proposal 1 hash .*\n/, `$&${tenMore}`, /more than ten proposals/],
  ['policy', /^.*(default-esp-group|tunnel \d+ esp-group).*\n/gm, '', /no ESP group/],
  ['policy', /(?<before>peer )192\.0\.2\.20/g, '$<before>2001:db8::2', /ends of two IP versions/],
  ['route', /(?<before>peer )192\.0\.2\.20/g, '$<before>@there', /to a peer without an address/],
  ['route', /(set .* peer 192\.0\.2\.30) ike-group .*\n/, '$&$1 vti bind vti100\n', /bound twice/],
  ['policy', /(tunnel) \d+ local/, '$1 x local', /x is no value/],
  ['policy', without(' ike-group \\S+ proposal 1 hash'), '', /half a proposal/],
  [
    'policy',
    / esp-group (\S+) proposal [\s\S]*? esp-group \S+ proposal 1 hash.*\n/,
    ' esp-group $1 lifetime 3600\n',
    /no proposal/,
  ],
  ['policy', without('peer \\S+ ike-group'), '', /no IKE group/],
  ['policy', /(peer \S+ ike-group) .*/, '$1 other', /no IKE group other/],
  ['policy', without('authentication mode'), '', /no kind of authentication/],
  ['policy', without('pre-shared-secret .*[a-z]'), '', /no pre-shared-secret|no kind/],
  ['policy', without('local-address'), '', /no address of its own/],
  ['policy', /(set .* peer \S+) local-address .*\n/, '$&$1 dhcp-interface eth1\n', /and one of DHCP/],
  ['policy', /^.* tunnel \d+ .*\n/gm, '', /no tunnel/],
  ['policy', /(set .* peer \S+) ike-group .*\n/, '$&$1 vti bind vti7\n', /both tunnels and a virtual interface/],
  [
    'policy',
    /(tunnel (\d+) local prefix) .*(\n.*tunnel \2 remote prefix) .*/,
    '$1 10.0.0.0/24$3 10.0.0.0/24',
    /the same prefix on both sides/,
  ],
  ['policy', /(tunnel \d+ local prefix) .*/, "$1 'fd00::/64'", /two IP versions/],
  ['route', /^set interfaces vti .*\n/gm, '', /no virtual interface vti100/],
  ['route', without('vti bind'), '', /no virtual interface/],
  ['route', /(local-address) .*/g, "$1 'any'", /from any address/],
  ['certificate', without('x509 cert-file'), '', /no x509 cert-file/],
  ['certificate', /(ca-cert-file) .*/, "$1 'ca.pem'", /is no value of/],
]

const ofVyos: readonly Row[] = [
  ['policy', without('translation address'), '', /neither a translation nor an exclusion/],
  ['hiding', without("protocol 'tcp'"), '', /a port without a protocol/],
  [
    'policy',
    /set nat destination rule 1000 inbound-interface name .*\n/,
    "$&set nat destination rule 1000 inbound-interface group 'x'\n",
    /both a name and a group/,
  ],
  ['policy', without('psk \\S+ secret'), '', /without its identities or its secret/],
  ['policy', /(set vpn ipsec interface) .*/, "$1 'eth9'", /no such interface/],
  ['policy', /(site-to-site peer )natplan-/g, '$1natplan.', /natplan\.\S+ is no value/],
  ['policy', /(peer \S+ ike-group) .*/, "$1 'other'", /no IKE group other/],
  ['policy', /(default-esp-group) .*/, "$1 'other'", /no ESP group other/],
  ['policy', without('default-esp-group'), '', /a tunnel without an ESP group/],
  ['policy', without('authentication mode'), '', /no kind of authentication/],
  ['policy', without('local-address'), '', /no address of its own/],
  ['policy', /^.* tunnel \d+ .*\n/gm, '', /no tunnel/],
  ['route', /^set interfaces vti .*\n/gm, '', /not there/],
  ['certificate', without('x509 ca-certificate'), '', /no ca-certificate/],
  ['certificate', /(x509 certificate) .*/, "$1 'other'", /no certificate other on the device/],
  ['cable', without('veth200 peer-name'), '', /no other end/],
  ['cable', /(veth200 peer-name) .*/, "$1 'veth7'", /its other end has another/],
  ['cable', without('vrf name natplan100 table'), '', /no table/],
  ['cable', /(veth201 vrf) .*/, "$1 'other'", /no VRF other/],
  ['cable', /vrf name natplan100 table .*\n/, "$&set vrf name other table '1100'\n", /a table that another VRF has/],
  ['cable', /(vrf name natplan100 table) .*/, "$1 '99'", /99 is no value/],
  ['policy', / blackhole distance '254'/, '', /leads nowhere/],
  ['filters', without('rule 1000 action'), '', /no action/],
  ['filters', / (source group network-group) natplan-own/, ' $1 natplan-none', /no network-group natplan-none/],
  [
    'filters',
    / (source group) network-group natplan/,
    ' $1 ipv6-network-group natplan',
    /no node .* ipv6-network-group/,
  ],
  ['filters', without('protocol udp'), '', /a port without a protocol/],
]

const ofVyatta: readonly Row[] = [
  ['policy', without('outbound-interface'), '', /no interface/],
  ['policy', without('(translation|outside-address) address'), '', /no translation/],
  ['hiding', without("protocol '?tcp'?$"), '', /a port without a protocol|no node/],
  ['filters', without('rule 1000 action'), '', /no action/],
  ['filters', / (source group network-group) natplan-own/, ' $1 natplan-none', /no network-group natplan-none/],
  ['filters', without('protocol udp'), '', /a port without a protocol/],
  [
    'hiding',
    /(translation|inside-address) address '?10\.20\.0\.10'?/,
    '$1 address 10.20.0.10/32',
    /a port beside a prefix/,
  ],
]

const otherFamily = (says: RegExp): Row => [
  'policy',
  /(tunnel (\d+) local prefix) .*(\n.*tunnel \2 remote prefix) .*/,
  '$1 fd00::/64$3 fd01::/64',
  says,
]

/** What 1.3 lets pass. */
const ofOldVyatta: readonly Row[] = [
  otherFamily(/IPv6 in a tunnel of IPv4/),
  ['policy', /(source address '?10\.0\.1\.0)\/27/, '$1/26', /two lengths/],
  ['policy', /(rule \d+ source address) '?10.*/, '$1 10.0.1.7', /what is no prefix|two lengths/],
]

const of5600: readonly Row[] = [
  otherFamily(/IPv6 in a tunnel of IPv4/),
  ['policy', without('outbound-interface'), '', /outbound-interface is missing/],
  ['policy', without('source rule \\d+ translation address'), '', /no translation/],
  [
    'policy',
    /(source rule (\d+)) description/,
    '$1 exclude\nset service nat source rule $2 description',
    /both a translation and an exclusion/,
  ],
  ['policy', /^set interfaces virtual-feature-point .*\n/gm, '', /no interface vfp0/],
  ['policy', / ip tcp-mss limit .*/, ' ip tcp-mss', /alone says nothing/],
  ['policy', /(esp-group \S+ proposal 1 hash) .*/, "$1 'sha2_256'", /GCM with a hash/],
  ['route', / blackhole distance '254'/, " blackhole distance '1'", /at the distance of a route/],
  ['hiding', without("protocol 'tcp'"), '', /a port without a protocol/],
  ['filters', without('rule 1000 action'), '', /action is missing/],
  ['filters', / (source address) natplan-own/, ' $1 natplan-none', /no group natplan-none/],
]

const rows: Readonly<Record<Member, readonly Row[]>> = {
  'vyos-1.5': [...ofLines, ...ofVyos],
  'vyos-1.4': [...ofLines, ...ofVyos],
  'vyos-1.3': [
    ...[...ofLines, ...ofPeers, ...ofVyatta],
    otherFamily(/^$/),
    [
      'filters',
      / (source group) network-group natplan/,
      ' $1 ipv6-network-group natplan',
      /no node .* ipv6-network-group/,
    ],
  ],
  'vyatta-5400': [
    ...ofLines,
    ...ofPeers,
    ...ofVyatta,
    ...ofOldVyatta,
    ['policy', without('ipsec-interfaces'), '', /no interfaces of IPsec/],
  ],
  edgeos: [...ofLines, ...ofPeers, ...ofVyatta, ...ofOldVyatta, ['policy', without('type source'), '', /no type/]],
  'vyatta-5600': [...ofLines, ...ofPeers, ...of5600],
}

describe.each(members)('the checker of %s', (member) => {
  it('knows how to judge every value of its table', () => {
    const tests = Object.values(tableOf(member).nodes).flatMap(({ is }) => (is === undefined ? [] : [is]))
    expect([...new Set(tests.flatMap(unknownIn))]).toEqual([])
    for (const test of tests) expect(typeof passes('x', test)).toBe('boolean')
  })

  it.each(rows[member].map((row) => [`${row[0]}: ${row[1]} → ${row[2]}`, row] as const))('speaks of %s', (_, row) => {
    const [name, replaced, by, says] = row
    const { others, configure } = texts[name](member)
    expect(complaintsOf(member, { others, texts: [configure] })).toEqual([])
    const changed = configure.replace(replaced, by)
    expect(changed).not.toBe(configure)
    expect(complaintsOf(member, { others, texts: [changed] }).join('\n')).toMatch(says)
  })

  it('refuses to take away what is not there', () => {
    const { others, configure, remove } = texts.policy(member)
    expect(complaintsOf(member, { others, texts: [configure, remove] })).toEqual([])
    const twice = complaintsOf(member, { others, texts: [configure, remove, remove] })
    expect(twice.length).toBeGreaterThan(3)
    expect(twice.every((complaint) => complaint.endsWith('there is nothing of the kind'))).toBe(true)
  })
})

const zone = 'set firewall zone LAN from WAN firewall name S\n'
const ike = (...leaves: readonly string[]) =>
  leaves.map((leaf) => `set security vpn ipsec ike-group G ${leaf}\n`).join('')

/** Lines of which a device says something, and their like of which it does not. */
const alone: readonly (readonly [member: Member, bad: string, says: RegExp, good: string])[] = [
  ['vyos-1.4', zone, /no set S/, `${zone}set firewall ipv4 name S default-action drop\n`],
  ['vyos-1.4', zone, /no such zone/, zone.replace('WAN', 'LAN')],
  ['vyos-1.5', 'set vrf name vrf table 200\n', /a name that is reserved/, 'set vrf name other table 200\n'],
  [
    'vyatta-5600',
    'set interfaces dataplane dp0s3 firewall in S\n',
    /no set S/,
    'set interfaces dataplane dp0s3 firewall in S\nset security firewall name S default-action drop\n',
  ],
  [
    'vyatta-5600',
    ike('proposal 1 encryption aes256gcm128', 'proposal 1 hash sha1', 'ike-version 1'),
    /GCM with IKEv1/,
    ike('proposal 1 encryption aes256gcm128', 'proposal 1 hash sha1', 'ike-version 2'),
  ],
  [
    'vyatta-5600',
    ike('proposal 1 encryption aes256', 'proposal 1 hash null'),
    /no hash for IKE/,
    ike('proposal 1 encryption aes256', 'proposal 1 hash sha1'),
  ],
]

it.each(alone)('speaks on %s of %s', (member, bad, says, good) => {
  expect(complaintsOf(member, { texts: [bad] }).join('\n')).toMatch(says)
  expect(complaintsOf(member, { texts: [good] }).join('\n')).not.toMatch(says)
})

it('is for members of the family alone', () => {
  expect((['linux', 'generic', 'azure'] as const).filter(isMember)).toEqual([])
})
