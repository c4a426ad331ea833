import { ownPrefix, type Platform } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'

/** Something that only one language of the family has. */
export interface Evidence {
  readonly platform: Platform
  /** As the end of a sentence. */
  readonly why: string
  readonly isThere: (root: ConfigNode, text: string) => boolean
  /** No other platform has it. */
  readonly isSure: boolean
}

/** The first that is there decides; what is not sure comes last. */
export const evidence: readonly Evidence[] = [
  node('vyatta-5600', 'security vpn'),
  node('vyatta-5600', 'service nat source'),
  node('vyatta-5600', 'service nat destination'),
  node('vyatta-5600', 'security firewall'),
  sure('vyatta-5600', 'it has interfaces of the data plane', hasDataPlane),
  sure('vyatta-5400', 'it names the syntax that NAT had up to Vyatta 6.3', (_, text) => isOldNat(text)),
  node('edgeos', 'port-forward'),
  node('edgeos', 'service gui'),
  node('edgeos', 'service unms'),
  node('edgeos', 'service ubnt-discover'),
  node('edgeos', 'system offload'),
  node('edgeos', 'system traffic-analysis'),
  node('edgeos', 'system analytics-handler'),
  node('edgeos', 'system crash-handler'),
  node('edgeos', 'interfaces switch'),
  node('edgeos', 'firewall options mss-clamp'),
  node('edgeos', 'vpn ipsec allow-access-to-local-interface'),
  node('vyos-1.5', 'nat64'),
  node('vyos-1.5', 'nat cgnat'),
  sure('vyos-1.5', 'it has "connection-type trap"', (root) =>
    peersOf(root).some((peer) => peer.peek('connection-type') === 'trap'),
  ),
  node('vyos-1.4', 'vpn ipsec authentication psk'),
  sure('vyos-1.4', 'its peers have names', (root) =>
    peersOf(root).some((peer) => peer.at('remote-address') !== undefined),
  ),
  node('vyos-1.4', 'vpn ipsec interface'),
  sure('vyos-1.4', 'its NAT rules say "interface name"', namesInterfaces),
  node('vyos-1.4', 'nat static'),
  node('vyos-1.4', 'nat66'),
  node('vyos-1.4', 'firewall ipv4'),
  node('vyos-1.4', 'firewall zone'),
  sure('vyos-1.4', 'it has "adjust-mss" at an interface', (root) =>
    interfacesOf(root).some(([, one]) => one.at('ip', 'adjust-mss') !== undefined),
  ),
  node('vyos-1.3', 'firewall options interface'),
  sure(
    'vyos-1.3',
    'it has "nat source" and "key-exchange"',
    (root) => (root.at('nat', 'source') ?? root.at('nat', 'destination')) !== undefined && saysKeyExchange(root),
  ),
  node('vyatta-5400', 'content-inspection'),
  sure('vyatta-5400', 'natplan wrote it without "key-exchange"', (root) =>
    root.children('vpn', 'ipsec', 'ike-group').some(([name]) => name.startsWith(ownPrefix)),
  ),
  likely(
    'edgeos',
    'it has "service nat rule", as Vyatta up to 6.3 has too',
    (root) => root.at('service', 'nat', 'rule') !== undefined,
  ),
  likely('vyos-1.3', 'it has "key-exchange"', saysKeyExchange),
  likely('vyatta-5400', 'it has IKE groups without "key-exchange"', (root) => ikeGroupsOf(root).length > 0),
  likely('vyos-1.3', 'its NAT rules name interfaces without the word "name"', hasPlainInterfaces),
]

/** A node at that path. */
function node(platform: Platform, path: string): Evidence {
  return sure(platform, `it has "${path}"`, (root) => root.at(...path.split(' ')) !== undefined)
}

function sure(platform: Platform, why: string, isThere: Evidence['isThere']): Evidence {
  return { platform, why, isThere, isSure: true }
}

function likely(platform: Platform, why: string, isThere: Evidence['isThere']): Evidence {
  return { platform, why, isThere, isSure: false }
}

function saysKeyExchange(root: ConfigNode): boolean {
  return ikeGroupsOf(root).some((group) => group.at('key-exchange') !== undefined)
}

function namesInterfaces(root: ConfigNode): boolean {
  return natInterfacesOf(root).some((leaf) => leaf.at('name') ?? leaf.at('group'))
}

function hasPlainInterfaces(root: ConfigNode): boolean {
  return natInterfacesOf(root).some((leaf) => leaf.children().some(([name]) => /\d$/.test(name)))
}

function natInterfacesOf(root: ConfigNode): ConfigNode[] {
  const rules = ['source', 'destination'].flatMap((list) => childrenOf(root, 'nat', list, 'rule'))
  return rules.flatMap((rule) => ['outbound-interface', 'inbound-interface'].flatMap((leaf) => rule.at(leaf) ?? []))
}

/** `dp0bond1`, `dp0s3`, `vfp0`. */
function hasDataPlane(root: ConfigNode): boolean {
  return interfacesOf(root).some(([name]) => /^(dp\d+|vfp\d)/.test(name))
}

function peersOf(root: ConfigNode): ConfigNode[] {
  return childrenOf(root, 'vpn', 'ipsec', 'site-to-site', 'peer')
}

function ikeGroupsOf(root: ConfigNode): ConfigNode[] {
  return childrenOf(root, 'vpn', 'ipsec', 'ike-group')
}

function interfacesOf(root: ConfigNode): [string, ConfigNode][] {
  return childrenOf(root, 'interfaces').flatMap((kind) => kind.children())
}

function childrenOf(root: ConfigNode, ...path: readonly string[]): ConfigNode[] {
  return root.children(...path).map(([, child]) => child)
}

/** The number of the NAT syntax in the last lines of a saved configuration; EdgeOS, which kept it, names its own versions beside. */
function isOldNat(text: string): boolean {
  const [, versions = ''] = /vyatta-config-version:\s*"([^"]*)"/.exec(text) ?? []
  return /\bnat@[1-3]\b/.test(versions) && !/\bubnt-/.test(versions)
}
