import type { Code, Platform } from '@natplan/core'

/** A good configuration that is broken in one way. */
export interface Break {
  readonly why: string
  readonly platform: Platform
  /** At the gateway of this site. */
  readonly at: 'cloud' | 'onpremise'
  /** This text, which stands in the configuration once or more, … */
  readonly replace: string | RegExp
  /** … becomes this one; added lines count as well. */
  readonly by: string
  /** All codes that are reported then, and no other. */
  readonly codes: readonly Code[]
}

type Row = readonly [why: string, at: Break['at'], replace: string | RegExp, by: string, codes: readonly Code[]]

function onPlatform(platform: Platform, rows: readonly Row[]): Break[] {
  return rows.map(([why, at, replace, by, codes]) => ({ why, platform, at, replace, by, codes }))
}

/** Added in front of everything, so that lines of the rest move. */
const first = /^/

const vyosPeer = 'set vpn ipsec site-to-site peer natplan-onpremise'
const sourceRule = 'set nat source rule 1000'
const interfaces =
  "set interfaces ethernet eth0 address '10.0.1.1/27'\nset interfaces ethernet eth1 address '203.0.113.10/24'\nset protocols static route 0.0.0.0/0 next-hop '203.0.113.254'"
const destinationRule = 'set nat destination rule 1000'

/** A rule of the cloud gateway with a number of its own. */
function vyosRule(direction: 'source' | 'destination', number: number, lines: readonly string[]): string {
  return lines.map((line) => `set nat ${direction} rule ${number} ${line}\n`).join('')
}

/** A tunnel to a gateway of which nothing is known. */
const otherPeer = [
  'authentication local-id 203.0.113.10',
  'authentication remote-id 198.51.100.99',
  'connection-type initiate',
  'default-esp-group natplan-onpremise',
  'ike-group natplan-onpremise',
  'local-address 203.0.113.10',
  'remote-address 198.51.100.99',
  'tunnel 1 local prefix 192.168.2.0/27',
  'tunnel 1 remote prefix 192.168.1.64/26',
]
  .map((line) => `set vpn ipsec site-to-site peer other ${line}\n`)
  .join('')

const vyos = onPlatform('vyos-1.4', [
  ['IKE versions', 'cloud', "key-exchange 'ikev2'", "key-exchange 'ikev1'", ['VERSIONS_DIFFER']],
  [
    'no IKE proposal in common',
    'cloud',
    "ike-group natplan-onpremise proposal 1 encryption 'aes256gcm128'",
    "ike-group natplan-onpremise proposal 1 encryption 'aes256'",
    ['IKE_PROPOSALS_DIFFER'],
  ],
  [
    'no ESP proposal in common',
    'onpremise',
    "esp-group natplan-cloud proposal 1 encryption 'aes256gcm128'",
    "esp-group natplan-cloud proposal 1 encryption 'aes128gcm128'",
    ['ESP_PROPOSALS_DIFFER'],
  ],
  ['perfect forward secrecy', 'cloud', "pfs 'dh-group20'", "pfs 'disable'", ['PFS_DIFFERS']],
  ['the local identity', 'cloud', "local-id '203.0.113.10'", "local-id '203.0.113.11'", ['IDENTITIES_DIFFER']],
  ['the remote identity', 'cloud', "remote-id '192.0.2.20'", "remote-id 'onpremise.example'", ['IDENTITIES_DIFFER']],
  [
    'the address of the peer',
    'cloud',
    "remote-address '192.0.2.20'",
    "remote-address '192.0.2.21'",
    ['ADDRESSES_DIFFER'],
  ],
  ['the own address', 'cloud', "local-address '203.0.113.10'", "local-address '203.0.113.12'", ['ADDRESSES_DIFFER']],
  ['the key', 'onpremise', "secret 'abc", "secret 'xyz", ['KEYS_DIFFER']],
  ['a key for others', 'cloud', /(?<=psk \S+ id ')[\d.]+/g, '192.0.2.77', ['KEYS_FOR_OTHERS']],
  [
    'lifetimes',
    'cloud',
    "esp-group natplan-onpremise lifetime '3600'",
    "esp-group natplan-onpremise lifetime '1800'",
    ['LIFETIMES_DIFFER'],
  ],
  [
    'a start that traps nothing',
    'cloud',
    "connection-type 'respond'",
    "connection-type 'initiate'",
    ['TUNNEL_MAY_LEAK'],
  ],
  [
    'a weak proposal beside the good one',
    'cloud',
    first,
    "set vpn ipsec ike-group natplan-onpremise proposal 2 encryption '3des'\nset vpn ipsec ike-group natplan-onpremise proposal 2 hash 'sha1'\nset vpn ipsec ike-group natplan-onpremise proposal 2 dh-group '14'\n",
    ['PROPOSAL_WEAK'],
  ],
  [
    'a proposal that can be broken',
    'cloud',
    first,
    "set vpn ipsec ike-group natplan-onpremise proposal 2 encryption 'aes128'\nset vpn ipsec ike-group natplan-onpremise proposal 2 hash 'md5'\nset vpn ipsec ike-group natplan-onpremise proposal 2 dh-group '14'\n",
    ['PROPOSAL_REFUSED'],
  ],
  [
    'a selector that is narrower than its mirror',
    'cloud',
    `tunnel 1000 remote prefix '192.168.1.0/24'`,
    `tunnel 1000 remote prefix '192.168.1.0/25'`,
    ['SELECTOR_NOT_MIRRORED', 'FLOW_REFUSED'],
  ],
  [
    'a selector that the peer lacks',
    'cloud',
    first,
    `${vyosPeer} tunnel 1010 local prefix '192.168.2.0/27'\n${vyosPeer} tunnel 1010 remote prefix '192.168.7.0/24'\n`,
    ['SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED'],
  ],
  [
    'a selector that is there twice',
    'cloud',
    first,
    `${vyosPeer} tunnel 1010 local prefix '192.168.2.0/27'\n${vyosPeer} tunnel 1010 remote prefix '192.168.1.0/24'\n`,
    ['SELECTOR_DUPLICATE'],
  ],
  [
    'a selector with real prefixes on one side',
    'cloud',
    `tunnel 1000 local prefix '192.168.2.0/27'`,
    `tunnel 1000 local prefix '10.0.1.0/27'`,
    ['SELECTOR_NOT_MIRRORED', 'NAT_UNSELECTED', 'FLOW_REFUSED'],
  ],
  [
    'local and remote overlap',
    'cloud',
    `tunnel 1000 remote prefix '192.168.1.0/24'`,
    `tunnel 1000 remote prefix '192.168.0.0/16'`,
    ['SELECTOR_NOT_MIRRORED', 'SELECTOR_UNBACKED', 'FLOW_UNENCRYPTED'],
  ],
  [
    'real and translated prefix differ in length',
    'cloud',
    `${sourceRule} translation address '192.168.2.0/27'`,
    `${sourceRule} translation address '192.168.2.0/28'`,
    ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF', 'FLOW_NOT_ONE_TO_ONE'],
  ],
  [
    'source NAT to something that no selector holds',
    'cloud',
    `${sourceRule} translation address '192.168.2.0/27'`,
    `${sourceRule} translation address '192.168.3.0/27'`,
    ['NAT_UNSELECTED', 'NAT_HALF', 'FLOW_UNENCRYPTED'],
  ],
  ['no source rule', 'cloud', new RegExp(`^${sourceRule}.*\n`, 'gm'), '', ['NAT_HALF', 'FLOW_UNENCRYPTED']],
  [
    'no destination rule',
    'cloud',
    new RegExp(`^${destinationRule}.*\n`, 'gm'),
    '',
    ['NAT_HALF', 'FLOW_NOT_TRANSLATED'],
  ],
  [
    'destination NAT for a part of what the peer sends',
    'cloud',
    `${destinationRule} destination address '192.168.2.0/27'`,
    `${destinationRule} destination address '192.168.2.0/28'`,
    ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF', 'FLOW_NOT_TRANSLATED'],
  ],
  [
    'a masquerade in front',
    'cloud',
    first,
    vyosRule('source', 10, ["source address '10.0.0.0/8'", "translation address 'masquerade'"]),
    ['NAT_SHADOWED', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a masquerade of the outside interface in front',
    'cloud',
    first,
    vyosRule('source', 10, ["outbound-interface name 'eth1'", "translation address 'masquerade'"]),
    ['NAT_CATCHES_TUNNEL', 'FLOW_UNENCRYPTED'],
  ],
  [
    'an exclusion in front for some hosts',
    'cloud',
    first,
    vyosRule('source', 10, ["outbound-interface name 'eth1'", "source address '10.0.1.0/28'", 'exclude']),
    ['NAT_PARTLY_SHADOWED', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a masquerade behind, which is as it should be',
    'cloud',
    first,
    vyosRule('source', 9000, ["outbound-interface name 'eth1'", "translation address 'masquerade'"]),
    [],
  ],
  [
    'a rule for the internet that is never reached',
    'cloud',
    first,
    vyosRule('source', 9000, ["outbound-interface name 'eth1'", "translation address 'masquerade'"]) +
      vyosRule('source', 9010, [
        "outbound-interface name 'eth1'",
        "source address '10.7.0.0/24'",
        "translation address '203.0.113.11'",
      ]),
    ['NAT_RULE_DEAD'],
  ],
  [
    'a source rule on the inside',
    'cloud',
    `${sourceRule} source address`,
    `${sourceRule} outbound-interface name 'eth0'\n${interfaces}\n${sourceRule} source address`,
    ['NAT_INTERFACE_WRONG', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a destination rule on the inside',
    'cloud',
    `${destinationRule} inbound-interface name 'eth1'`,
    `${destinationRule} inbound-interface name 'eth0'\n${interfaces}`,
    ['NAT_INTERFACE_WRONG', 'FLOW_NOT_TRANSLATED'],
  ],
  [
    'a network of the site where it sees the peer, and a source rule for the uplink only',
    'cloud',
    first,
    `${interfaces}\nset interfaces ethernet eth2 address '192.168.1.1/24'\n${sourceRule} outbound-interface name 'eth1'\n`,
    ['REMOTE_OCCUPIED', 'FLOW_STAYS_LOCAL'],
  ],
  [
    'a network of the site where it sees the peer',
    'cloud',
    first,
    `${interfaces}\nset interfaces ethernet eth0 address '192.168.1.1/24'\n`,
    ['REMOTE_OCCUPIED'],
  ],
  [
    'a network of the site where peers see it',
    'cloud',
    first,
    `${interfaces}\nset interfaces ethernet eth2 address '192.168.2.1/28'\n`,
    ['TRANSLATED_OCCUPIED'],
  ],
  [
    'a summary route to a router inside that holds what it sees',
    'cloud',
    first,
    `${interfaces}\nset protocols static route 192.168.0.0/16 next-hop 10.0.1.9\n`,
    ['REMOTE_ROUTED_INSIDE'],
  ],
  [
    'the same, and a source rule for the uplink only',
    'cloud',
    first,
    `${interfaces}\nset protocols static route 192.168.0.0/16 next-hop 10.0.1.9\n${sourceRule} outbound-interface name 'eth1'\n`,
    ['ROUTE_DIVERTS', 'FLOW_STAYS_LOCAL'],
  ],
  [
    'a static route into nothing for what it sees',
    'cloud',
    first,
    `${interfaces}\nset protocols static route 192.168.1.0/25 blackhole\n`,
    ['ROUTE_DIVERTS', 'FLOW_NO_ROUTE'],
  ],
  [
    'the same, where no address is shown and strongSwan may have a route that comes first',
    'cloud',
    first,
    'set protocols static route 192.168.1.0/25 blackhole\n',
    ['FLOW_NOT_KNOWN'],
  ],
  [
    'the same, where an interface has an address that is not known',
    'cloud',
    first,
    `${interfaces}\nset interfaces ethernet eth7 address 'dhcp'\nset protocols static route 192.168.1.0/25 blackhole\n`,
    ['FLOW_NOT_KNOWN'],
  ],
  ['no way to the peer', 'cloud', first, 'set protocols static route 192.0.2.20/32 blackhole\n', ['PEER_UNREACHABLE']],
  [
    'a line that is not understood',
    'cloud',
    first,
    "set nat source rule 77 frobnicate 'yes'\n",
    ['PROOF_INCOMPLETE', 'FLOW_NOT_KNOWN'],
  ],
  [
    'a static NAT rule',
    'cloud',
    first,
    "set nat static rule 10 destination address '192.168.9.0/24'\n",
    ['FLOW_NOT_KNOWN'],
  ],
  ['no segment size', 'cloud', /^.*adjust-mss.*\n/gm, '', ['MSS_MISSING']],
  [
    'a segment size that is set on the way out only',
    'cloud',
    /^.*eth0 ip adjust-mss.*\n/gm,
    interfaces.replace(/$/, '\n'),
    ['MSS_MISSING'],
  ],
  [
    'a second tunnel with a part of the same prefixes',
    'cloud',
    first,
    otherPeer,
    ['PEER_UNKNOWN', 'SELECTOR_OVERLAP', 'TUNNEL_MAY_LEAK', 'FLOW_WRONG_PEER', 'FLOW_FILTERED'],
  ],
  [
    'a second tunnel to the peer, which has one',
    'cloud',
    first,
    otherPeer
      .replace('203.0.113.10', '203.0.113.99')
      .replace('local-address 203.0.113.10', 'local-address 203.0.113.99')
      .replaceAll('198.51.100.99', '192.0.2.20')
      .replace('192.168.1.64/26', '192.168.9.0/24'),
    ['PEER_TUNNEL_MISSING', 'SELECTOR_UNBACKED', 'TUNNEL_MAY_LEAK'],
  ],
  [
    'a source rule towards the hosts as well',
    'onpremise',
    first,
    `set interfaces ethernet eth0 address '10.0.1.1/24'\nset interfaces bonding dp0bond1 address '192.0.2.20/24'\nset protocols static route 0.0.0.0/0 next-hop '192.0.2.254'\n${vyosRule(
      'source',
      20,
      ["outbound-interface name 'eth0'", "source address '192.168.2.0/27'", "translation address '10.8.2.0/27'"],
    )}`,
    ['FLOW_TRANSLATED_TWICE'],
  ],
  [
    'the same host rule for one service in front',
    'cloud',
    first,
    vyosRule('destination', 10, [
      "inbound-interface name 'eth1'",
      "destination address '192.168.2.9'",
      "protocol 'tcp'",
      "destination port '443'",
      "translation address '10.0.1.20'",
    ]),
    ['NAT_PARTLY_SHADOWED'],
  ],
  ['a segment size that does not fit', 'cloud', /adjust-mss '1398'/g, "adjust-mss '1460'", ['MSS_TOO_LARGE']],
])

const virtual = onPlatform('vyatta-5600', [
  [
    'a route as long as the remote prefix',
    'cloud',
    /^set protocols static interface-route 192.168.1.*\n(.*interface-route 192.168.1.*\n)?/gm,
    "set protocols static interface-route 192.168.1.0/24 next-hop-interface 'vfp0'\n",
    ['GATEWAY_ROUTE_MISSING', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a route for one half',
    'cloud',
    /^set protocols static interface-route 192.168.1.128.*\n/m,
    '',
    ['GATEWAY_ROUTE_MISSING', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a source rule on a real interface',
    'cloud',
    "source rule 1000 outbound-interface 'vfp0'",
    "source rule 1000 outbound-interface 'dp0bond1'",
    ['NAT_INTERFACE_WRONG', 'FLOW_NO_SELECTOR'],
  ],
  ['a segment size at the other gateway only', 'cloud', /^.*tcp-mss.*\n/m, '', []],
  ['IKE versions', 'onpremise', "ike-version '2'", "ike-version '1'", ['VERSIONS_DIFFER']],
  ['one end only responds', 'cloud', "connection-type 'initiate'", "connection-type 'respond'", []],
])

const linux = onPlatform('linux', [
  [
    'local and remote overlap on a platform that lets nothing pass',
    'cloud',
    'remote_ts = 192.168.1.0/24',
    'remote_ts = 192.168.0.0/16',
    ['SELECTOR_NOT_MIRRORED', 'SELECTOR_MEETS_ITSELF', 'SELECTOR_UNBACKED', 'FLOW_UNENCRYPTED'],
  ],
  [
    'a selector',
    'onpremise',
    'remote_ts = 192.168.2.0/27',
    'remote_ts = 192.168.2.0/28',
    ['SELECTOR_NOT_MIRRORED', 'FLOW_REFUSED'],
  ],
  [
    'a mapping of the wrong length',
    'onpremise',
    'map { 10.0.1.0/24 : 192.168.1.0/24 }',
    'map { 10.0.1.0/24 : 192.168.1.0/25 }',
    ['NAT_NOT_ONE_TO_ONE', 'NAT_HALF', 'FLOW_NOT_ONE_TO_ONE'],
  ],
  ['an end that waits for the other', 'cloud', 'start_action = trap', 'start_action = none', ['FLOW_TUNNEL_DOWN']],
  ['a key', 'cloud', 'secret = "abc', 'secret = "xyz', ['KEYS_DIFFER']],
  [
    'a key for others, and perhaps one elsewhere',
    'cloud',
    /(?<=id-(?:local|remote) = ")[\d.]+/g,
    '192.0.2.77',
    ['NEGOTIATION_NOT_KNOWN'],
  ],
  ['a certificate in place of a key', 'cloud', 'auth = psk', 'auth = pubkey', ['AUTHENTICATION_DIFFERS']],
])

const edgeos = onPlatform('edgeos', [
  [
    'a masquerade in front',
    'cloud',
    first,
    'set service nat rule 5 outbound-interface eth1\nset service nat rule 5 type masquerade\n',
    ['NAT_SHADOWED', 'FLOW_UNENCRYPTED'],
  ],
])

export const breaks: readonly Break[] = [...vyos, ...virtual, ...linux, ...edgeos]

/** The row of that name. */
export function breakNamed(why: string): Break {
  const found = breaks.find((one) => one.why === why)
  if (!found) throw new Error(`no configuration is broken by ${why}`)
  return found
}
