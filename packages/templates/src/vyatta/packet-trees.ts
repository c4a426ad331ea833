import type { Touch } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'

/** What the lines of one tree could change about a packet. */
export interface PacketTree {
  /** Words with blanks between them. */
  readonly path: string
  /** `read`: a reader of its own says what it did not understand. */
  readonly touches: Touch | 'nothing' | 'read'
}

/** The trees of the family; the longest path that fits a line decides, and a line that none fits touches anything. */
export const packetTrees: readonly PacketTree[] = [
  ...treesThat('read', ['firewall', 'zone-policy', 'security firewall', 'security zone-policy']),
  ...treesThat('read', ['nat', 'nat64', 'nat66', 'service nat', 'port-forward']),
  ...treesThat('read', ['vpn ipsec', 'security vpn ipsec']),
  ...treesThat('read', ['interfaces', 'protocols', 'policy', 'vrf', 'routing', 'system gateway-address']),
  ...treesThat('read', ['load-balance', 'load-balancing wan', 'resources group']),

  ...treesThat('nothing', ['service', 'system', 'pki', 'qos', 'traffic-policy', 'traffic-control', 'qos-policy']),
  ...treesThat('nothing', ['load-balancing haproxy', 'load-balancing reverse-proxy']),
  ...treesThat('nothing', [
    'container',
    'high-availability',
    'cluster',
    'configuration',
    'custom-attribute',
    'resources',
  ]),
  ...treesThat('nothing', [
    'vpn',
    'security vpn',
    'security ssh-known-hosts',
    'tech-support',
    'opsd',
    'configd',
    'vpp',
  ]),
  ...treesThat('nothing', ['content-inspection', 'webproxy', 'gui', 'unms', 'user', 'management', 'vrrp']),

  ...treesThat('nat', ['high-availability virtual-server', 'service upnp', 'service upnp2', 'service webproxy']),
  ...treesThat('filters', ['system ip disable-forwarding', 'system sysctl', 'service suricata', 'security dpi']),
  ...treesThat('nothing', [
    'service webproxy domain-block',
    'service webproxy cache-size',
    'service webproxy url-filtering',
  ]),
]

function treesThat(touches: PacketTree['touches'], paths: readonly string[]): PacketTree[] {
  return paths.map((path) => ({ path, touches }))
}

const byPath = new Map(packetTrees.map(({ path, touches }) => [path, touches]))

/** Reports whether some tree of the table lies below a path. */
const branching = new Set(
  packetTrees.flatMap(({ path }) => {
    const words = path.split(' ')
    return words.slice(1).map((_, index) => words.slice(0, index + 1).join(' '))
  }),
)

/** The parts of a configuration that no reader reads and that may touch packets. */
export function otherTrees(root: ConfigNode): { readonly touches: Touch; readonly node: ConfigNode }[] {
  return below(root, '', 'anything')
}

function below(node: ConfigNode, path: string, touches: PacketTree['touches']): { touches: Touch; node: ConfigNode }[] {
  return [...node.entries()].flatMap(([word, child]) => {
    const own = path === '' ? word : `${path} ${word}`
    const known = byPath.get(own) ?? touches
    if (known === 'read') return []
    if (branching.has(own)) return below(child, own, known)
    return known === 'nothing' ? [] : [{ touches: known, node: child }]
  })
}
