import type { VyattaDialect } from './dialect.ts'

/** What lines of a tree could change about a packet, when nobody reads them. */
export type Touches = 'nothing' | 'nat' | 'filters' | 'routes' | 'tunnels'

type Member = VyattaDialect['platform']

/** One tree of a configuration; the longest path that fits a line decides. */
export interface Tree {
  /** Words with blanks between them; `*` is any one word. */
  readonly path: string
  readonly touches: Touches
  /** The members of the family that have it; without, all. */
  readonly platforms?: readonly Member[]
}

const vyos: readonly Member[] = ['vyos-1.3', 'vyos-1.4', 'vyos-1.5']
const newVyos: readonly Member[] = ['vyos-1.4', 'vyos-1.5']
const vyatta: readonly Member[] = ['vyatta-5400', 'vyos-1.3', 'edgeos']

function trees(touches: Touches, paths: readonly string[], platforms?: readonly Member[]): Tree[] {
  return paths.map((path) => ({ path, touches, ...(platforms && { platforms }) }))
}

/**
 * All first words of the family's configurations, and the paths below them that differ from their tree (node.def of vyatta-cfg-*,
 * interface-definitions of vyos-1x, the YANG modules of DANOS). A word that is not here is not known: it could be anything.
 */
export const knownTrees: readonly Tree[] = [
  ...trees('nothing', ['service', 'system', 'pki']),
  ...trees('nothing', ['user', 'cluster-name', 'multicast-name', 'management', 'opsd', 'configd'], ['vyatta-5600']),
  ...trees('nothing', ['custom-attribute', 'unms', 'gui', 'content-inspection', 'webproxy'], ['edgeos', 'vyatta-5400']),

  ...trees('nat', ['service nat']),
  ...trees('nat', ['service upnp', 'service upnp2'], ['edgeos', 'vyos-1.4', 'vyos-1.5', 'vyatta-5400']),
  ...trees('nat', ['service webproxy', 'service suricata'], ['edgeos', 'vyatta-5400', ...vyos]),
  ...trees('nat', ['nat'], ['vyatta-5400', ...vyos]),
  ...trees('nat', ['port-forward'], ['edgeos']),
  ...trees('nat', ['nat66', 'nat64'], newVyos),
  ...trees('nat', ['load-balancing reverse-proxy', 'load-balancing haproxy'], newVyos),
  ...trees('nat', ['high-availability virtual-server'], vyos),
  ...trees('nat', ['system conntrack ignore', 'system conntrack modules'], ['edgeos', 'vyatta-5400', ...vyos]),
  ...trees('nat', ['system session', 'system alg'], ['vyatta-5600']),

  ...trees('filters', ['firewall', 'zone-policy'], ['vyatta-5400', 'edgeos', ...vyos]),
  ...trees('filters', ['security'], ['vyatta-5600']),
  ...trees('filters', ['security zone-policy', 'security firewall', 'security ip-packet-filter'], ['vyatta-5600']),
  ...trees('filters', ['qos', 'qos-policy', 'traffic-policy', 'traffic-control']),
  ...trees('filters', ['service ids', 'service ips'], ['vyatta-5400', ...vyos]),
  ...trees('filters', ['service connsync'], ['vyatta-5600']),
  ...trees('filters', ['system ip disable-forwarding', 'system ipv6 disable-forwarding'], vyos),
  ...trees('filters', ['system ipv6 disable', 'system sysctl', 'system option kernel', 'system acceleration']),

  ...trees('routes', ['interfaces', 'protocols', 'policy']),
  ...trees('routes', ['load-balancing'], ['vyatta-5400', ...vyos]),
  ...trees('routes', ['load-balance'], ['edgeos']),
  ...trees('routes', ['routing', 'resources', 'vrrp'], ['vyatta-5600']),
  ...trees('routes', ['high-availability', 'vrf', 'netns', 'container', 'vpp'], vyos),
  ...trees('routes', ['cluster'], ['vyatta-5400', 'edgeos']),
  ...trees('routes', ['system gateway-address', 'system static-host-mapping route'], vyatta),
  ...trees('routes', ['system ip', 'system ipv6', 'system vrf']),
  ...trees('nothing', ['system ip arp', 'system ip nht', 'system ip tcp', 'system ip override-hostname']),
  ...trees('nothing', ['system ipv6 neighbor', 'system ipv6 nht', 'system ipv6 strict-dad', 'resources service-users']),
  ...trees('nothing', ['policy route-map * description', 'policy route-map * rule * description']),

  ...trees('filters', ['interfaces * * firewall', 'interfaces * * vif * firewall', 'interfaces * * ipv6 firewall']),
  ...trees('filters', ['interfaces * * policy', 'interfaces * * traffic-policy', 'interfaces * * redirect']),
  ...trees('filters', ['interfaces * * ip source-validation', 'interfaces * * ip disable-forwarding']),
  ...trees(
    'nothing',
    [
      'description',
      'duplex',
      'speed',
      'hw-id',
      'mac',
      'smp_affinity',
      'smp-affinity',
      'link-detect',
      'poe',
      'ring-buffer',
    ].flatMap((leaf) => [`interfaces * * ${leaf}`, `interfaces * * vif * ${leaf}`]),
  ),
  ...trees(
    'nothing',
    ['disable-flow-control', 'offload', 'flow-control', 'dhcp-options', 'dhcpv6-options', 'lldp'].map(
      (leaf) => `interfaces * * ${leaf}`,
    ),
  ),

  ...trees('tunnels', ['vpn'], ['vyatta-5400', 'edgeos', ...vyos]),
  ...trees('tunnels', ['security vpn'], ['vyatta-5600']),
  ...trees('nothing', ['vpn ipsec logging', 'vpn ipsec log', 'security vpn ipsec logging']),
]

const firstWords = new Set(knownTrees.map(({ path }) => path.split(' ')[0]))

/** Reports whether any member of the family has a tree of that name. */
export function isTree(word: string): boolean {
  return firstWords.has(word)
}

/** What a line of that path could change on that platform; `undefined` when the platform has no tree of that name. */
export function touchedBy(path: readonly string[], platform: Member): Touches | undefined {
  const fitting = (byFirstWord.get(path[0] ?? '') ?? []).filter(
    ({ words, tree }) => (tree.platforms?.includes(platform) ?? true) && fits(words, path),
  )
  return fitting.reduce<Split | undefined>(
    (best, one) => (best && best.words.length > one.words.length ? best : one),
    undefined,
  )?.tree.touches
}

interface Split {
  readonly words: readonly string[]
  readonly tree: Tree
}

const byFirstWord = grouped(
  knownTrees.map((tree): Split => ({ words: tree.path.split(' '), tree })),
  ({ words }) => words[0] ?? '',
)

function grouped<Key, Thing>(things: readonly Thing[], keyOf: (thing: Thing) => Key): Map<Key, Thing[]> {
  const groups = new Map<Key, Thing[]>()
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing])
  return groups
}

function fits(words: readonly string[], path: readonly string[]): boolean {
  return words.length <= path.length && words.every((word, index) => word === '*' || word === path[index])
}

/** Trees that are pasted without what they stand in, where only one place takes them: how they begin, and where they belong. */
export const lostTrees: readonly { readonly path: readonly string[]; readonly home: readonly string[] }[] = [
  ...['ipsec', 'l2tp', 'pptp', 'openconnect', 'sstp'].map((word) => ({ path: [word], home: ['vpn'] })),
  ...['site-to-site', 'ike-group', 'esp-group', 'ipsec-interfaces', 'auto-firewall-nat-exclude'].map((word) => ({
    path: [word],
    home: ['vpn', 'ipsec'],
  })),
  { path: ['peer'], home: ['vpn', 'ipsec', 'site-to-site'] },
  ...['ethernet', 'bonding', 'loopback', 'dummy', 'vti', 'pppoe', 'switch', 'dataplane', 'virtual-feature-point'].map(
    (word) => ({
      path: [word],
      home: ['interfaces'],
    }),
  ),
  ...['route', 'route6', 'interface-route', 'arp', 'table'].map((word) => ({
    path: ['static', word],
    home: ['protocols'],
  })),
  ...['source', 'destination'].map((word) => ({ path: [word, 'rule', '*', 'translation'], home: ['nat'] })),
]

/**
 * Nodes that hold others and say nothing by being there. Sets of a firewall are none of them: an empty one drops everything.
 */
const containers = [
  ...['vpn', 'security vpn'].flatMap((vpn) => [
    vpn,
    `${vpn} ipsec`,
    ...['site-to-site', 'authentication', 'authentication psk *', 'ipsec-interfaces', 'nat-networks', 'options'].map(
      (below) => `${vpn} ipsec ${below}`,
    ),
    ...['ike-group', 'esp-group'].flatMap((group) => [
      `${vpn} ipsec ${group} *`,
      `${vpn} ipsec ${group} * proposal *`,
      `${vpn} ipsec ${group} * dead-peer-detection`,
    ]),
    ...['', ' authentication', ' tunnel *', ' tunnel * local', ' tunnel * remote', ' vti'].map(
      (below) => `${vpn} ipsec site-to-site peer *${below}`,
    ),
  ]),
  ...['nat', 'service nat'].flatMap((nat) => [
    nat,
    ...[nat, `${nat} source`, `${nat} destination`, `${nat} static`].flatMap((list) => [
      list,
      `${list} rule *`,
      ...[
        'source',
        'destination',
        'translation',
        'inside-address',
        'outside-address',
        'outbound-interface',
        'inbound-interface',
      ].map((below) => `${list} rule * ${below}`),
    ]),
  ]),
  ...['name', 'ipv6-name', 'ipv4', 'ipv6', 'zone', 'options'].map((below) => `firewall ${below}`),
  ...['protocols static', 'protocols static route *', 'protocols static route6 *', 'firewall group'],
  ...['interfaces * *', 'interfaces * * vif *', 'interfaces * * ip'],
].map((path) => path.split(' '))

const containersByLength = grouped(containers, ({ length }) => length)

/** Reports whether a line that ends at that path says nothing that a device would do. */
export function isContainer(path: readonly string[]): boolean {
  return path.length === 1 || (containersByLength.get(path.length) ?? []).some((words) => fits(words, path))
}

/** The names of lists whose members have names of their own: with `up`, a member is left together with the list's name. */
const lists = new Set(
  (
    'rule peer tunnel ike-group esp-group proposal psk name ipv6-name zone vif vif-s vif-c interface route route6 interface-route group ' +
    'address-group network-group port-group ethernet bonding bridge loopback dummy vti openvpn wireguard vxlan pppoe switch dataplane ' +
    'virtual-feature-point bgp neighbor table prefix-list access-list route-map from user instance vrf'
  ).split(' '),
)

/** The path above one that an `edit` names, as `up` goes: a member of a list and the list's name are one step. */
export function above(path: readonly string[]): string[] {
  const isMember = path.length > 1 && (lists.has(path.at(-2) ?? '') || !/^[a-z-]+$/.test(path.at(-1) ?? ''))
  return path.slice(0, isMember ? -2 : -1)
}
