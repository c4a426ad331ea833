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

/** The same paths as a tree, by word. */
interface Words {
  readonly next: Map<string, Words>
  isContainer: boolean
}

const allContainers = treeOf(containers)

function treeOf(paths: readonly (readonly string[])[]): Words {
  const root: Words = { next: new Map(), isContainer: false }
  for (const path of paths) {
    let at = root
    for (const word of path) {
      const below = at.next.get(word) ?? { next: new Map(), isContainer: false }
      at.next.set(word, below)
      at = below
    }
    at.isContainer = true
  }
  return root
}

function endsAtContainer(words: Words | undefined, path: readonly string[], from: number): boolean {
  if (words === undefined) return false
  const word = path[from]
  if (word === undefined) return words.isContainer
  return endsAtContainer(words.next.get(word), path, from + 1) || endsAtContainer(words.next.get('*'), path, from + 1)
}

/** Reports whether a line that ends at that path says nothing that a device would do. */
export function isContainer(path: readonly string[]): boolean {
  return path.length === 1 || endsAtContainer(allContainers, path, 0)
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
