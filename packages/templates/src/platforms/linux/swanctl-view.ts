import {
  type CertificateNames,
  exampleOf,
  type GatewayPolicy,
  ifIdOf,
  knownAddress,
  type NamedAddress,
  type Prefix,
  type Selector,
  type Start,
  selectorRules,
  type TunnelPolicy,
  takeOversOf,
  textOf,
} from '@natplan/core'
import type { RenderOptions } from '../../platform.ts'
import { espProposal, ikeProposal } from './algorithms.ts'

export interface TunnelView {
  readonly peer: string
  readonly version: number
  readonly localAddress: string
  readonly remoteAddress: string
  /** The address that packets for the peer go to; `undefined` where it is not known beforehand. */
  readonly knownRemote: string | undefined
  /** Where they come from, for people. */
  readonly from: string
  readonly isCalled: boolean
  readonly auth: 'psk' | 'pubkey'
  /** Names of files below /etc/swanctl; `undefined` with a key. */
  readonly certificate: { readonly own: string; readonly ca: string } | undefined
  readonly localIdentity: string
  readonly remoteIdentity: string
  /** `undefined` for a missing key, and with a certificate. */
  readonly key: string | undefined
  readonly ikeProposal: string
  readonly ikeLifetime: number
  readonly deadPeerInterval: number
  readonly deadPeerTimeout: number
  readonly deadPeerAction: string
  readonly encap: 'yes' | 'no'
  readonly espProposal: string
  readonly espRekey: number
  readonly espLifetime: number
  readonly startAction: string
  /** What the tunnel has in common with its virtual interface; `undefined` where it has none. */
  readonly ifId: number | undefined
  /** By this interface packets of hosts go into it; `undefined` where that is the outside one. */
  readonly entry: string | undefined
  /** Another tunnel takes over from it, so that its routes come and go with it. */
  readonly isSwitching: boolean
  readonly firstChild: string
  readonly children: readonly ChildView[]
  /** Whether this gateway calls until somebody answers. */
  readonly keepsTrying: boolean
  /** Whether it calls again when the peer ends the tunnel, since the peer does not. */
  readonly reopens: boolean
  readonly selectors: readonly SelectorView[]
  /** The prefixes of the peer, each once. */
  readonly remotes: readonly { readonly example: string }[]
}

/** What is loaded as one: a pair of prefixes, or everything. */
interface ChildView {
  readonly name: string
  readonly local: string
  readonly remote: string
}

interface SelectorView {
  /** Both as hosts at home know them. */
  readonly remote: string
  readonly real: string
  /** What a host at home calls to reach the peer, and as whom the peer sees it. */
  readonly remoteExample: string
  readonly localExample: string
}

const startActions: Readonly<Record<Start, string>> = { trap: 'trap', initiate: 'start', respond: 'none' }

/** Child keys are renewed after nine tenths of their life: strongSwan would renew them after an hour, however long they live. */
const rekeyShare = 0.9

/** The tunnels that this gateway brings up by itself: who is refused is called again. */
export function callingTunnels({ tunnels }: Pick<GatewayPolicy, 'tunnels'>): TunnelPolicy[] {
  return tunnels.filter(({ start, remote }) => start === 'initiate' && remote.address.kind !== 'any')
}

export function tunnelViews(policy: GatewayPolicy, { secrets }: RenderOptions): TunnelView[] {
  const rulesOf = selectorRules(policy)
  const switching = new Set(takeOversOf(policy).map(({ tunnel }) => tunnel.peer))
  return policy.tunnels.map((tunnel) => {
    const { peer, local, remote, ike, esp, selectors, through, authentication } = tunnel
    const children = childrenOf(tunnel)
    const isKeyed = authentication.kind === 'key'
    return {
      peer,
      version: ike.version,
      localAddress: addressWord(local.address),
      remoteAddress: addressWord(remote.address),
      knownRemote: knownAddress(remote.address)?.toString(),
      from: textOf(remote.address),
      isCalled: remote.address.kind !== 'any',
      auth: isKeyed ? 'psk' : 'pubkey',
      certificate: isKeyed ? undefined : filesOf(authentication.names),
      localIdentity: local.identity,
      remoteIdentity: remote.identity,
      key: secrets.get(peer)?.reveal(),
      ikeProposal: ikeProposal(ike),
      ikeLifetime: ike.lifetime,
      deadPeerInterval: ike.deadPeer.interval,
      deadPeerTimeout: ike.deadPeer.timeout,
      deadPeerAction: ike.deadPeer.action,
      encap: tunnel.forceNatTraversal ? 'yes' : 'no',
      espProposal: espProposal(esp),
      espRekey: Math.floor(esp.lifetime * rekeyShare),
      espLifetime: esp.lifetime,
      startAction: startActions[tunnel.start],
      ifId: through?.kind === 'route' ? ifIdOf(through.interface) : undefined,
      entry: policy.interfaces.find((one) => one.peer === peer && one.vrf === undefined)?.name,
      isSwitching: switching.has(peer),
      firstChild: children[0]?.name ?? '',
      children,
      selectors: selectors.map((selector) =>
        selectorView(
          selector,
          rulesOf(selector).sources.flatMap(({ source }) => source ?? []),
          called(policy, selector),
        ),
      ),
      remotes: remotesOf(policy, tunnel),
      keepsTrying: tunnel.start === 'initiate',
      reopens: tunnel.start === 'initiate' && tunnel.peerStart === 'respond',
    }
  })
}

/** One for each pair, or one for everything that is routed into its interface. */
function childrenOf({ selectors, through }: TunnelPolicy): ChildView[] {
  if (through?.kind === 'route' && through.takes === 'any') {
    const families = new Set(selectors.map(({ local }) => local.family))
    const everything = [...families].sort().map((family) => (family === 4 ? '0.0.0.0/0' : '::/0'))
    return [{ name: 'any', local: everything.join(','), remote: everything.join(',') }]
  }
  return selectors.map(({ number, local, remote }) => ({
    name: String(number),
    local: local.toString(),
    remote: remote.toString(),
  }))
}

/** What hosts here call the remote prefix of a pair: behind a cable it has another name. */
function called({ nat }: GatewayPolicy, { local, remote }: Selector): Prefix {
  const forPeer = nat.find(
    ({ direction, source, destination }) =>
      direction === 'source' && source?.equals(remote) && destination?.equals(local),
  )
  return forPeer?.action.kind === 'map' ? forPeer.action.to : remote
}

/** What is not known is whatever fits: the address of the interface that leads to the peer, or any peer. */
function addressWord(address: NamedAddress): string {
  if (address.kind === 'known') return address.address.toString()
  return address.kind === 'host' ? address.name : '%any'
}

/** In x509 and x509ca; the daemon loads every key that lies in private. */
function filesOf({ certificate, ca }: CertificateNames): NonNullable<TunnelView['certificate']> {
  return { own: `${certificate}.pem`, ca: `${ca}.pem` }
}

/** `reals`: what this site itself calls the local prefix; several subnets may hide behind it. */
function selectorView({ local }: Selector, reals: readonly Prefix[], remote: Prefix): SelectorView {
  const [real = local, ...others] = reals
  const hosts = exampleOf({ real, translated: local })
  return {
    remote: remote.toString(),
    real: others.length > 0 ? `{ ${reals.join(', ')} }` : real.toString(),
    remoteExample: hostOf(remote),
    localExample: real.equals(local) ? `${hosts.real}` : `${hosts.translated} for ${hosts.real}`,
  }
}

function remotesOf(policy: GatewayPolicy, { selectors }: TunnelPolicy): { readonly example: string }[] {
  const all = selectors.map((selector) => called(policy, selector))
  const remotes = new Map(all.map((remote) => [remote.toString(), { example: hostOf(remote) }]))
  return [...remotes.values()]
}

/** An address of the kind that people try first. */
function hostOf(prefix: Prefix): string {
  return exampleOf({ real: prefix, translated: prefix }).real.toString()
}
