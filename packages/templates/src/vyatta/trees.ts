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

/** The same paths as a tree: behind each word either certain ones or any, so that a path is in one place. */
export class ContainerPlace {
  readonly #named = new Map<string, ContainerPlace>()
  #any: ContainerPlace | undefined
  isContainer = false

  grow(word: string): ContainerPlace {
    const place = this.below(word) ?? new ContainerPlace()
    if (word === '*') this.#any = place
    else this.#named.set(word, place)
    if (this.#any && this.#named.size > 0) throw new Error(`any word and ${word} in one place`)
    return place
  }

  below(word: string): ContainerPlace | undefined {
    return this.#any ?? (this.#named.size === 0 ? undefined : this.#named.get(word))
  }
}

export const noPath = new ContainerPlace()
for (const path of containers) path.reduce((place, word) => place.grow(word), noPath).isContainer = true

/** Reports whether a line that ends at a path of that length says nothing that a device would do. `place`: where it is among containers, if anywhere. */
export function endsAtContainer(place: ContainerPlace | undefined, length: number): boolean {
  return length === 1 || place?.isContainer === true
}

/** The same of a path. */
export function isContainer(path: readonly string[]): boolean {
  return endsAtContainer(
    path.reduce<ContainerPlace | undefined>((place, word) => place?.below(word), noPath),
    path.length,
  )
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
