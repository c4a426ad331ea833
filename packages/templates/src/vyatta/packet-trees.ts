import type { Touch } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { isTreeOf, type Member } from './member-trees.ts'

/** What the lines of some trees could change about a packet. */
export interface PacketTrees {
  /** Where they stand: words with blanks between them, or empty; `*` is any one word, and of words with `|` between them each stands for the same. */
  readonly above: string
  /** Of the same words. */
  readonly paths: readonly string[]
  /** `read`: a reader of its own says what it did not understand. */
  readonly touches: Touch | 'nothing' | 'read'
}

/** Kinds of interfaces that packets of a site pass. */
const portKinds = 'ethernet|bonding|bridge|switch|dataplane|vti|virtual-feature-point'

/** The trees of the family; the longest path that fits a line decides, and a line that none fits touches anything. */
export const packetTrees = (): readonly PacketTrees[] => [
  treesThat('read', ['system gateway-address', 'load-balancing wan rule', 'resources group', 'vrf name * protocols']),
  treesThat('read', ['vpn ipsec', 'security vpn ipsec']),

  treesThat('nothing', ['service', 'system', 'pki', 'qos', 'traffic-policy', 'traffic-control', 'qos-policy']),
  treesThat('nothing', ['container', 'high-availability', 'cluster', 'configuration', 'custom-attribute', 'vpp']),
  treesThat('nothing', ['vpn', 'security vpn', 'security ssh-known-hosts', 'tech-support', 'opsd', 'configd', 'user']),
  treesThat('routes', ['vrf name * disable', 'vrf name * ip disable-forwarding', 'vrf name * ip protocol']),
  treesThat('nothing', ['content-inspection', 'webproxy', 'gui', 'unms', 'management', 'vrrp', 'resources', 'vrf']),
  treesThat('nothing', ['load-balancing', 'load-balance', 'nat66', 'nat64', 'port-forward']),

  treesThat('nat', ['high-availability virtual-server', 'service upnp', 'service upnp2']),
  // what connection tracking ignores is not translated
  treesThat('nat', ['service webproxy listen-address', 'system conntrack ignore']),
  treesThat('filters', ['system ip disable-forwarding', 'service suricata', 'security dpi']),

  treesThat('nat', ['nat', 'service nat']),
  wordsThat('read', 'nat', 'source destination static rule cgnat'),
  wordsThat('read', 'service nat', 'source destination rule cgnat pool'),
  wordsThat('nothing', 'service nat', 'nptv6 nat64 ipv6-to-ipv4'),

  treesThat('filters', [
    'firewall',
    'security firewall',
    'zone-policy',
    'security zone-policy',
    'firewall global-options',
  ]),
  wordsThat('read', 'firewall', 'name modify ipv4 bridge zone interface state-policy source-validation group options'),
  wordsThat('read', 'firewall global-options', 'state-policy source-validation'),
  wordsThat(
    'nothing',
    'firewall global-options',
    'all-ping broadcast-ping directed-broadcast ip-src-route ipv6-receive-redirects ipv6-src-route log-martians ' +
      'receive-redirects send-redirects syn-cookies twa-hazards-protection resolver-cache resolver-interval timeout ' +
      'ipv6-source-validation apply-to-bridged-traffic',
  ),
  wordsThat(
    'nothing',
    'firewall',
    'ipv6 ipv6-name ipv6-modify flowtable all-ping broadcast-ping config-trap ip-src-route ipv6-receive-redirects ' +
      'ipv6-src-route log-martians receive-redirects send-redirects syn-cookies twa-hazards-protection ' +
      'conntrack-expect-table-size conntrack-hash-size conntrack-table-size conntrack-tcp-loose resolver-cache ' +
      'resolver-interval directed-broadcast',
  ),
  wordsThat('read', 'zone-policy', 'zone'),
  wordsThat('read', 'security zone-policy', 'zone'),
  wordsThat('read', 'security firewall', 'name group'),
  wordsThat(
    'nothing',
    'security firewall',
    'all-ping broadcast-ping config-trap global-state-policy icmp-strict session-log syn-cookies tcp-strict fragment-buffer-mode',
  ),

  treesThat('routes', ['policy', 'protocols', 'routing', 'vrf name * protocols']),
  wordsThat('read', 'policy', 'route local-route'),
  wordsThat(
    'nothing',
    'policy',
    'route6 local-route6 route-map prefix-list prefix-list6 access-list access-list6 as-path-list community-list ' +
      'extcommunity-list large-community-list qos ip ipv6 add',
  ),
  ...['protocols', 'vrf name * protocols', 'routing routing-instance * protocols'].flatMap((protocols) => [
    treesThat('routes', [protocols]),
    wordsThat('read', protocols, 'static bgp ospf ospfv3 rip ripng isis eigrp babel openfabric nhrp failover'),
    wordsThat(
      'nothing',
      protocols,
      'igmp igmp-proxy pim pim6 bfd rpki mpls multicast segment-routing traffic-engineering vrf lldp',
    ),
  ]),
  treesThat('nothing', ['routing routing-instance']),

  treesThat('nothing', ['interfaces']),
  ...['*', '* vif *', '* vif-s *', '* vif-c *', '* vif-s * vif-c *'].flatMap((place) =>
    interfaceWords(`interfaces ${portKinds} ${place}`),
  ),
]

/** Whatever else stands at an interface that packets pass could touch them. */
function interfaceWords(path: string): PacketTrees[] {
  return [
    treesThat('anything', [path]),
    wordsThat(
      'nothing',
      path,
      'address description disable offload-options duplex speed mtu mac hw-id offload ring-buffer vif vif-s vif-c vrf ip ipv6 vrrp ' +
        'dhcp-options dhcpv6-options dhcpv6-pd disable-link-detect link-detect disable-flow-control flow-control mirror ' +
        'redirect evpn eapol traffic-policy firewall policy bridge-group bond-group pppoe ingress-qos egress-qos ' +
        'smp_affinity smp-affinity poe bandwidth mode member hash-policy primary arp-monitor min-links lacp-rate aging ' +
        'stp priority enable-vlan hello-time max-age forwarding-delay forward-delay promiscuous igmp-snooping igmp ' +
        'switch-port interface-group vlan log_martians lacp-options ipv6-address qos-policy switch ethertype ' +
        'protocol-version multicast storm-control breakout stpid xdp mii-mon-interval system-mac bond_mode snmp ' +
        'interface vlan-protocol ip-nat flow-monitoring portmonitor lldp bridge l2tp-session pvid dpi dev type',
    ),
  ]
}

function treesThat(touches: PacketTrees['touches'], paths: readonly string[]): PacketTrees {
  return { above: '', paths, touches }
}

function wordsThat(touches: PacketTrees['touches'], above: string, words: string): PacketTrees {
  return { above, paths: words.split(' '), touches }
}

/** The table as a tree, so that each line of a configuration is looked up by one step a word. */
interface Branch {
  touches: PacketTrees['touches'] | undefined
  /** Most have none. */
  below: Map<string, Branch> | undefined
}

let known: Branch | undefined

/** Made when a configuration is read, which most commands do not. */
function top(): Branch {
  known ??= rooted(packetTrees())
  return known
}

function rooted(trees: readonly PacketTrees[]): Branch {
  const made: Branch = { touches: 'anything', below: undefined }
  for (const { above, paths, touches } of trees) {
    const branch = above === '' ? made : grown(made, above)
    for (const path of paths) grown(branch, path).touches = touches
  }
  return made
}

/** The branch behind a path, made as far as it is missing. */
function grown(from: Branch, path: string): Branch {
  let branch = from
  for (const step of path.split(' ')) {
    branch.below ??= new Map()
    const words = step.split('|')
    const next: Branch = branch.below.get(words[0] ?? '') ?? { touches: undefined, below: undefined }
    for (const word of words) branch.below.set(word, next)
    branch = next
  }
  return branch
}

/**
 * What a line of that path could change on that platform; `read`: a reader says. `undefined` for a tree that the platform does not have,
 * which may be one of another member of the family.
 */
export function touchedBy(path: readonly string[], platform: Member): PacketTrees['touches'] | undefined {
  if (!isTreeOf(path, platform)) return undefined
  let branches: readonly Branch[] = [top()]
  let touches: PacketTrees['touches'] = 'anything'
  for (const word of path) {
    branches = nextOf(branches, word)
    touches = saidOf(branches) ?? touches
  }
  return touches
}

/**
 * The parts of a configuration that no reader reads and that may touch packets; a node that holds others says nothing by itself. Trees
 * of other members of the family could do anything.
 */
export function otherTrees(
  root: ConfigNode,
  platform: Member,
): { readonly touches: Touch; readonly node: ConfigNode }[] {
  return entriesOf(root).flatMap(({ path, node }) =>
    isTreeOf(path, platform)
      ? below({ path, node, platform }, nextOf([top()], path[0] ?? ''), 'anything')
      : foreign(node),
  )
}

interface Place {
  readonly path: readonly string[]
  readonly node: ConfigNode
}

function entriesOf(node: ConfigNode, path: readonly string[] = []): Place[] {
  return node.children().map(([word, child]) => ({ path: [...path, word], node: child }))
}

function foreign(node: ConfigNode): { touches: Touch; node: ConfigNode }[] {
  return [{ touches: 'anything', node }]
}

function nextOf(branches: readonly Branch[], word: string): readonly Branch[] {
  return branches.flatMap((branch) => [branch.below?.get(word), branch.below?.get('*')]).filter((one) => !!one)
}

function saidOf(branches: readonly Branch[]): PacketTrees['touches'] | undefined {
  return branches.find((branch) => branch.touches !== undefined)?.touches
}

function below(
  { path, node, platform }: Place & { readonly platform: Member },
  branches: readonly Branch[],
  above: PacketTrees['touches'],
): { touches: Touch; node: ConfigNode }[] {
  if (!isTreeOf(path, platform)) return foreign(node)
  const touches = saidOf(branches) ?? above
  if (touches === 'read') return []
  if (branches.every((branch) => branch.below === undefined)) return touches === 'nothing' ? [] : [{ touches, node }]
  return entriesOf(node, path).flatMap((place) =>
    below({ ...place, platform }, nextOf(branches, place.path.at(-1) ?? ''), touches),
  )
}
