import type { Tree } from '../configuration.ts'
import { aboutEach, type Condition, carriesPorts, has, hasPort, interfacesIn, leafOf } from './condition.ts'

/** What `verify()` of VyOS 1.4 and 1.5 refuses of what natplan writes: nat.py. */
const translations: Condition = (root) =>
  ['source', 'destination'].flatMap((direction) =>
    aboutEach(root, ['nat', direction, 'rule'], (rule) => {
      const leaf = direction === 'source' ? 'outbound-interface' : 'inbound-interface'
      const isGiven = has(rule, 'translation address') || has(rule, 'translation port') || has(rule, 'exclude')
      return [
        !isGiven && 'neither a translation nor an exclusion',
        hasPort(rule) && !carriesPorts(leafOf(rule, 'protocol')) && 'a port without a protocol that has ports',
        has(rule, `${leaf} name`) && has(rule, `${leaf} group`) && 'both a name and a group of interfaces',
      ]
    }),
  )

/** vpn_ipsec.py */
const ipsec: Condition = (root) => {
  const vpn = ['vpn', 'ipsec']
  const interfaces = interfacesIn(root)
  return [
    ...aboutEach(root, [...vpn, 'authentication', 'psk'], (key) => [
      (!has(key, 'id') || !has(key, 'secret')) && 'a key without its identities or its secret',
    ]),
    ...root
      .names(...vpn, 'interface')
      .filter((name) => !interfaces.has(name))
      .map((name) => `vpn ipsec interface ${name}: no such interface`),
    ...aboutEach(root, [...vpn, 'site-to-site', 'peer'], (peer, name) => [
      /[.:]/.test(name) && 'a dot or colon in the name of a peer',
      ...groupsOf(root, peer),
      ...authenticationOf(root, peer),
      !has(peer, 'local-address') && !has(peer, 'dhcp-interface') && 'no address of its own',
      !has(peer, 'vti') && !has(peer, 'tunnel') && 'no tunnel',
      has(peer, 'vti bind') &&
        !interfaces.has(leafOf(peer, 'vti bind') ?? '') &&
        'bound to an interface that is not there',
      ...peer
        .entries('tunnel')
        .map(
          ([, tunnel]) =>
            !has(tunnel, 'esp-group') && !has(peer, 'default-esp-group') && 'a tunnel without an ESP group',
        ),
    ]),
  ]
}

function groupsOf(root: Tree, peer: Tree): (string | false)[] {
  const esp = ['default-esp-group', 'vti esp-group'].map((path) => leafOf(peer, path))
  const all = [...esp, ...peer.entries('tunnel').map(([, tunnel]) => leafOf(tunnel, 'esp-group'))]
  const ike = leafOf(peer, 'ike-group')
  return [
    ike === undefined && 'no IKE group',
    ike !== undefined && !root.has('vpn', 'ipsec', 'ike-group', ike) && `no IKE group ${ike}`,
    ...all.map(
      (group) => group !== undefined && !root.has('vpn', 'ipsec', 'esp-group', group) && `no ESP group ${group}`,
    ),
  ]
}

function authenticationOf(root: Tree, peer: Tree): (string | false)[] {
  const mode = leafOf(peer, 'authentication mode')
  if (mode !== 'x509') return [mode === undefined && 'no kind of authentication']
  const names = ['ca-certificate', 'certificate'].map(
    (leaf) => [leaf, leafOf(peer, `authentication x509 ${leaf}`)] as const,
  )
  return names.flatMap(([leaf, name]) => [
    name === undefined && `no ${leaf}`,
    name !== undefined &&
      !root.has('pki', leaf === 'certificate' ? leaf : 'ca', name) &&
      `no ${leaf} ${name} on the device`,
  ])
}

/** interfaces_virtual-ethernet.py, and of every interface its VRF. */
const cables: Condition = (root) => {
  const path = ['interfaces', 'virtual-ethernet']
  const peerOf = (name: string) => root.value(...path, name, 'peer-name')
  return [
    ...aboutEach(root, path, (_, name) => {
      const peer = peerOf(name)
      return [
        peer === undefined && 'no other end',
        peer !== undefined && (peer === name || peerOf(peer) !== name) && 'its other end has another',
      ]
    }),
    ...root.names('interfaces').flatMap((kind) =>
      aboutEach(root, ['interfaces', kind], (one) => {
        const vrf = leafOf(one, 'vrf')
        return [vrf !== undefined && !root.has('vrf', 'name', vrf) && `no VRF ${vrf}`]
      }),
    ),
  ]
}

/** vrf.py; the names are those that the kernel's tools take for words of their own. */
const vrfs: Condition = (root) => {
  const reserved = ['add', 'all', 'broadcast', 'default', 'delete', 'dev', 'get', 'inet', 'mtu', 'link', 'type', 'vrf']
  const tables = root.entries('vrf', 'name').map(([, vrf]) => leafOf(vrf, 'table'))
  return aboutEach(root, ['vrf', 'name'], (vrf, name) => {
    const table = leafOf(vrf, 'table')
    return [
      reserved.includes(name) && 'a name that is reserved',
      table === undefined && 'no table',
      tables.filter((one) => one === table).length > 1 && 'a table that another VRF has',
    ]
  })
}

/** A route that leads nowhere at all is none. */
const routes: Condition = (root) => {
  const tables = [
    ['protocols', 'static'],
    ...root.names('vrf', 'name').map((name) => ['vrf', 'name', name, 'protocols', 'static']),
  ]
  return tables.flatMap((table) =>
    ['route', 'route6'].flatMap((leaf) =>
      aboutEach(root, [...table, leaf], (route) => [route.isEmpty && 'leads nowhere']),
    ),
  )
}

/** firewall.py */
const filters: Condition = (root) =>
  ['ipv4', 'ipv6'].flatMap((family) =>
    ['forward', 'input', 'output', 'name'].flatMap((hook) =>
      root
        .names('firewall', family, hook)
        .flatMap((set) =>
          aboutEach(root, ['firewall', family, hook, set, 'rule'], (rule) => filterRule(root, rule, family)),
        ),
    ),
  )

function filterRule(root: Tree, rule: Tree, family: string): (string | false)[] {
  const protocol = leafOf(rule, 'protocol')
  return [
    !has(rule, 'action') && 'no action',
    hasPort(rule) && !carriesPorts(protocol) && 'a port without a protocol that has ports',
    protocol === (family === 'ipv6' ? 'icmp' : 'ipv6-icmp') && 'ICMP of the other IP version',
    ...['source', 'destination'].flatMap((side) => [
      has(rule, `${side} address`) && has(rule, `${side} group`) && 'both an address and a group',
      ...rule.entries(side, 'group').map(([kind, names]) => {
        const group = names.names()[0] ?? ''
        const own = family === 'ipv6' ? `ipv6-${kind}` : kind
        return !root.has('firewall', 'group', own, group.replace(/^!/, '')) && `no ${own} ${group}`
      }),
    ]),
  ]
}

/** Zones of firewall.py: sets and zones that rules between two zones name. */
const zones: Condition = (root) =>
  root.names('firewall', 'zone').flatMap((zone) =>
    aboutEach(root, ['firewall', 'zone', zone, 'from'], (from, name) => {
      const set = leafOf(from, 'firewall name')
      return [
        !root.has('firewall', 'zone', name) && 'no such zone',
        set !== undefined && !root.has('firewall', 'ipv4', 'name', set) && `no set ${set}`,
      ]
    }),
  )

export const conditionsOfVyos: readonly Condition[] = [translations, ipsec, cables, vrfs, routes, filters, zones]
