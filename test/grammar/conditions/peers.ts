import { isIPv6 } from 'node:net'
import type { Tree } from '../configuration.ts'
import { aboutEach, type Condition, has, leafOf } from './condition.ts'

/** How the releases that call peers by their addresses differ in what they refuse at commit (vpn-config.pl, vyatta-vti-config.pl). */
export interface PeerRules {
  readonly root: readonly string[]
  /** Interfaces of IPsec must be named. */
  readonly namesInterfaces: boolean
  /** Selectors must have the IP version of the addresses of the tunnel. */
  readonly keepsFamily: boolean
}

export function conditionsOfPeers(rules: PeerRules): readonly Condition[] {
  const { root: vpn, namesInterfaces } = rules
  return [
    (root) =>
      ['esp-group', 'ike-group'].flatMap((kind) =>
        aboutEach(root, [...vpn, kind], (group) => {
          const proposals = group.entries('proposal')
          const isHalf = proposals.some(([, one]) => !has(one, 'encryption') || !has(one, 'hash'))
          return [
            proposals.length === 0 && 'no proposal',
            proposals.length > 10 && 'more than ten proposals',
            isHalf && 'half a proposal',
          ]
        }),
      ),
    (root) =>
      aboutEach(root, [...vpn, 'site-to-site', 'peer'], (peer, name) => peerComplaints(root, peer, name, rules)),
    (root) => twiceBound(root, vpn),
    (root) =>
      namesInterfaces &&
      root.has(...vpn, 'site-to-site') &&
      root.names(...vpn, 'ipsec-interfaces', 'interface').length === 0
        ? ['no interfaces of IPsec']
        : [],
  ]
}

function peerComplaints(root: Tree, peer: Tree, name: string, rules: PeerRules): (string | false)[] {
  const tunnels = peer.entries('tunnel')
  return [
    ...groupComplaints(root, peer, rules),
    ...authenticationComplaints(peer),
    ...addressComplaints(peer, name),
    tunnels.length === 0 && !has(peer, 'vti') && 'no tunnel',
    tunnels.length > 0 && has(peer, 'vti') && 'both tunnels and a virtual interface',
    ...tunnels.flatMap(([, tunnel]) => selectorComplaints(tunnel, name, rules)),
    ...(has(peer, 'vti') ? bindComplaints(root, peer, name) : []),
  ]
}

function groupComplaints(root: Tree, peer: Tree, { root: vpn }: PeerRules): (string | false)[] {
  const ike = leafOf(peer, 'ike-group')
  const usual = leafOf(peer, 'default-esp-group')
  const users = [
    ...peer.entries('tunnel').map(([, tunnel]) => tunnel),
    ...[peer.at('vti')].filter((vti) => vti !== undefined),
  ]
  return [
    ike === undefined && 'no IKE group',
    ike !== undefined && !root.has(...vpn, 'ike-group', ike) && `no IKE group ${ike}`,
    ...users.map((user) => {
      const group = leafOf(user, 'esp-group') ?? usual
      return group === undefined ? 'no ESP group' : !root.has(...vpn, 'esp-group', group) && `no ESP group ${group}`
    }),
  ]
}

function authenticationComplaints(peer: Tree): (string | false)[] {
  const mode = leafOf(peer, 'authentication mode')
  const needed = mode === 'x509' ? ['x509 ca-cert-file', 'x509 cert-file', 'x509 key file'] : ['pre-shared-secret']
  return [
    mode === undefined && 'no kind of authentication',
    ...needed.map((leaf) => !has(peer, `authentication ${leaf}`) && `no ${leaf}`),
  ]
}

function addressComplaints(peer: Tree, name: string): (string | false)[] {
  const local = leafOf(peer, 'local-address')
  return [
    local === undefined && !has(peer, 'dhcp-interface') && 'no address of its own',
    local !== undefined && has(peer, 'dhcp-interface') && 'an address of its own and one of DHCP',
    isIPv6(name) && local !== undefined && !isIPv6(local) && 'ends of two IP versions',
  ]
}

function selectorComplaints(tunnel: Tree, peer: string, { keepsFamily }: PeerRules): (string | false)[] {
  const [local, remote] = ['local prefix', 'remote prefix'].map((path) => leafOf(tunnel, path) ?? '')
  const family = (text = '') => (text.includes(':') ? 6 : 4)
  return [
    local === remote && 'the same prefix on both sides',
    family(local) !== family(remote) && 'prefixes of two IP versions',
    keepsFamily && family(local) !== (isIPv6(peer) ? 6 : 4) && 'IPv6 in a tunnel of IPv4, or the other way round',
  ]
}

/** A virtual interface is made from two addresses. */
function bindComplaints(root: Tree, peer: Tree, name: string): (string | false)[] {
  const bind = leafOf(peer, 'vti bind')
  const isOpen = (address: string | undefined) => address !== undefined && !/^[\da-f.:]+$/i.test(address)
  return [
    bind === undefined && 'no virtual interface',
    bind !== undefined && !root.has('interfaces', 'vti', bind) && `no virtual interface ${bind}`,
    (isOpen(name) || name === '0.0.0.0') && 'a virtual interface to a peer without an address',
    isOpen(leafOf(peer, 'local-address')) && 'a virtual interface from any address',
  ]
}

function twiceBound(root: Tree, vpn: readonly string[]): string[] {
  const binds = root.entries(...vpn, 'site-to-site', 'peer').flatMap(([, peer]) => leafOf(peer, 'vti bind') ?? [])
  return binds.filter((bind, at) => binds.indexOf(bind) < at).map((bind) => `${bind} is bound twice`)
}
