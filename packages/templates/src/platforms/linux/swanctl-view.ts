import {
  exampleOf,
  type GatewayPolicy,
  type Prefix,
  type Selector,
  selectorRules,
  type Start,
  type TunnelPolicy,
} from '@natplan/core'
import type { RenderOptions } from '../../platform.ts'
import { espProposal, ikeProposal } from './algorithms.ts'

export interface TunnelView {
  readonly peer: string
  readonly version: number
  readonly localAddress: string
  readonly remoteAddress: string
  readonly localIdentity: string
  readonly remoteIdentity: string
  /** `undefined` for a missing key. */
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
  readonly firstNumber: number
  readonly selectors: readonly SelectorView[]
  /** The prefixes of the peer, each once. */
  readonly remotes: readonly { readonly example: string }[]
}

interface SelectorView {
  readonly number: number
  readonly local: string
  readonly remote: string
  /** The local prefix as its own hosts know it. */
  readonly real: string
  /** What a host at home calls to reach the peer, and as whom the peer sees it. */
  readonly remoteExample: string
  readonly localExample: string
}

const startActions: Readonly<Record<Start, string>> = { trap: 'trap', initiate: 'start', respond: 'none' }

/** Child keys are renewed after nine tenths of their life: strongSwan would renew them after an hour, however long they live. */
const rekeyShare = 0.9

export function tunnelViews(policy: GatewayPolicy, { secrets }: RenderOptions): TunnelView[] {
  const rulesOf = selectorRules(policy)
  return policy.tunnels.map((tunnel) => {
    const { peer, local, remote, ike, esp, selectors } = tunnel
    return {
      peer,
      version: ike.version,
      localAddress: local.address.toString(),
      remoteAddress: remote.address.toString(),
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
      firstNumber: selectors[0]?.number ?? 0,
      selectors: selectors.map((one) =>
        selectorView(
          one,
          rulesOf(one).sources.flatMap(({ source }) => source ?? []),
        ),
      ),
      remotes: remotesOf(tunnel),
    }
  })
}

/** `reals`: what this site itself calls the local prefix; several subnets may hide behind it. */
function selectorView({ number, local, remote }: Selector, reals: readonly Prefix[]): SelectorView {
  const [real = local, ...others] = reals
  const hosts = exampleOf({ real, translated: local })
  return {
    number,
    local: local.toString(),
    remote: remote.toString(),
    real: others.length > 0 ? `{ ${reals.join(', ')} }` : real.toString(),
    remoteExample: hostOf(remote),
    localExample: real.equals(local) ? `${hosts.real}` : `${hosts.translated} for ${hosts.real}`,
  }
}

function remotesOf({ selectors }: TunnelPolicy): { readonly example: string }[] {
  const remotes = new Map(selectors.map(({ remote }) => [remote.toString(), { example: hostOf(remote) }]))
  return [...remotes.values()]
}

/** An address of the kind that people try first. */
function hostOf(prefix: Prefix): string {
  return exampleOf({ real: prefix, translated: prefix }).real.toString()
}
