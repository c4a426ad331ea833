import { aboutEach, type Condition, carriesPorts, has, hasPort, leafOf } from './condition.ts'

/** What `must` of the 5600's YANG says of NAT. */
export const translations5600: Condition = (root) =>
  ['source', 'destination'].flatMap((direction) =>
    aboutEach(root, ['service', 'nat', direction, 'rule'], (rule) => {
      const translation = leafOf(rule, 'translation address')
      return [
        direction === 'source' &&
          translation === undefined &&
          !has(rule, 'translation port') &&
          !has(rule, 'exclude') &&
          'no translation',
        has(rule, 'exclude') && translation !== undefined && 'both a translation and an exclusion',
        hasPort(rule) && !carriesPorts(leafOf(rule, 'protocol')) && 'a port without a protocol that has ports',
      ]
    }),
  )

/** Routes of one distance lead one way; a route leads somewhere. */
export const routes5600: Condition = (root) =>
  ['', '6'].flatMap((family) => {
    const into = (prefix: string) =>
      root.entries('protocols', 'static', `interface-route${family}`, prefix, 'next-hop-interface')
    const distances = (prefix: string) => into(prefix).map(([, hop]) => leafOf(hop, 'distance') ?? '1')
    return [
      ...aboutEach(root, ['protocols', 'static', `route${family}`], (route, prefix) => [
        route.isEmpty && 'leads nowhere',
        has(route, 'blackhole') &&
          distances(prefix).includes(leafOf(route, 'blackhole distance') ?? '1') &&
          'to nowhere at the distance of a route into an interface',
      ]),
      ...aboutEach(root, ['protocols', 'static', `interface-route${family}`], (route) => [
        !has(route, 'next-hop-interface') && 'leads nowhere',
      ]),
    ]
  })

/** Limits of segments have a number; an interface of IPsec that a tunnel uses is there. */
export const interfaces5600: Condition = (root) => [
  ...root
    .names('interfaces')
    .flatMap((kind) =>
      aboutEach(root, ['interfaces', kind], (one) => [
        has(one, 'ip tcp-mss') &&
          !['limit', 'mtu', 'mtu-minus'].some((leaf) => has(one, `ip tcp-mss ${leaf}`)) &&
          'a limit of segments without a number',
      ]),
    ),
  ...aboutEach(root, ['security', 'vpn', 'ipsec', 'site-to-site', 'peer'], (peer) =>
    peer.entries('tunnel').map(([, tunnel]) => {
      const used = leafOf(tunnel, 'uses')
      return used !== undefined && !root.has('interfaces', 'virtual-feature-point', used) && `no interface ${used}`
    }),
  ),
]

/** ESP with a hash of its own (GCM) has none beside it, and others have one; IKE with GCM is IKEv2. */
export const algorithms5600: Condition = (root) =>
  ['esp-group', 'ike-group'].flatMap((kind) =>
    aboutEach(root, ['security', 'vpn', 'ipsec', kind], (group) =>
      group.entries('proposal').flatMap(([, proposal]) => {
        const isGcm = leafOf(proposal, 'encryption')?.includes('gcm') ?? false
        const isNull = leafOf(proposal, 'hash') === 'null'
        return [
          kind === 'esp-group' && isGcm !== isNull && 'GCM with a hash, or another cipher without',
          kind === 'ike-group' && isNull && 'no hash for IKE',
          kind === 'ike-group' && isGcm && leafOf(group, 'ike-version') === '1' && 'GCM with IKEv1',
        ]
      }),
    ),
  )

/** Rules of sets, and sets that interfaces name. */
export const filters5600: Condition = (root) => {
  const sets = root.at('security', 'firewall', 'name')
  const named = root
    .entries('interfaces')
    .flatMap(([, kind]) =>
      kind.entries().flatMap(([, one]) => ['in', 'out', 'local'].flatMap((way) => one.names('firewall', way))),
    )
  return [
    ...(sets?.names() ?? []).flatMap((set) =>
      aboutEach(root, ['security', 'firewall', 'name', set, 'rule'], (rule) => [
        !has(rule, 'action') && 'no action',
        hasPort(rule) && !carriesPorts(leafOf(rule, 'protocol')) && 'a port without a protocol that has ports',
        ...['source address', 'destination address'].map((path) => {
          const group = leafOf(rule, path)
          const isName = group !== undefined && !/[.:/]/.test(group)
          return isName && !root.has('resources', 'group', 'address-group', group) && `no group ${group}`
        }),
      ]),
    ),
    ...named.filter((set) => !sets?.has(set)).map((set) => `no set ${set}`),
  ]
}
