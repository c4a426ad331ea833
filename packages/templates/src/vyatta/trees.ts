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

/** The same paths as a tree. */
class Words {
  readonly named = new Map<string, Words>()
  /** Behind any word. */
  any: Words | undefined
  isContainer = false
  /** In a list of its own. */
  readonly alone: ContainerPlaces = [this]

  below(word: string): Words {
    if (word === '*') {
      this.any ??= new Words()
      return this.any
    }
    const below = this.named.get(word) ?? new Words()
    this.named.set(word, below)
    return below
  }
}

/** Where a path may be among those of containers: there are two ways where a word is also any word; mostly there is none. */
export type ContainerPlaces = readonly Words[]

const nowhere: ContainerPlaces = []
export const noPath = treeOf(containers).alone

function treeOf(paths: readonly (readonly string[])[]): Words {
  const root = new Words()
  for (const path of paths) path.reduce((at, word) => at.below(word), root).isContainer = true
  return root
}

/** Where a path is with one word more. */
export function placesBehind(places: ContainerPlaces, word: string): ContainerPlaces {
  let behind = nowhere
  for (const { named, any } of places) {
    const found = named.size === 0 ? undefined : named.get(word)
    for (const one of [found, any]) if (one) behind = behind.length === 0 ? one.alone : [...behind, one]
  }
  return behind
}

/** Reports whether a line that ends at a path of that length says nothing that a device would do. */
export function endsAtContainer(places: ContainerPlaces, length: number): boolean {
  return length === 1 || places.some(({ isContainer }) => isContainer)
}

/** The same of a path. */
export function isContainer(path: readonly string[]): boolean {
  return endsAtContainer(path.reduce(placesBehind, noPath), path.length)
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
