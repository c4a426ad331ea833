import { textOf as addressText, type GatewayPolicy, type TunnelPolicy } from '@natplan/core'
import { type CloudTunnel, type Mapping, prefixLabel } from '../../clouds/tunnels.ts'
import { dhWords, encryptionWords, hashWords, modeWords, pfsWords } from './words.ts'

/** The most that one key encrypts, in kilobytes: the gateway's own default. */
export const dataSize = 102_400_000

export interface NatRuleView {
  readonly name: string
  readonly mode: 'EgressSnat' | 'IngressSnat'
  readonly internal: string
  readonly external: string
}

/** Rules for own subnets are shared by connections. */
export function natRuleViews(tunnels: readonly CloudTunnel[]): NatRuleView[] {
  const all = tunnels.flatMap((one) => [...egressRules(one), ...ingressRules(one)])
  return [...new Map(all.map((rule) => [rule.name, rule])).values()]
}

export function egressRules({ egress }: CloudTunnel): NatRuleView[] {
  return egress.map((mapping) => natRule(`natplan-egress-${prefixLabel(mapping.internal)}`, 'EgressSnat', mapping))
}

export function ingressRules({ label, ingress }: CloudTunnel): NatRuleView[] {
  return ingress.map((mapping) =>
    natRule(`natplan-ingress-${label}-${prefixLabel(mapping.internal)}`, 'IngressSnat', mapping),
  )
}

function natRule(name: string, mode: NatRuleView['mode'], { internal, external }: Mapping): NatRuleView {
  return { name, mode, internal: internal.toString(), external: external.toString() }
}

export interface IpsecPolicy {
  readonly dhGroup: string
  readonly ikeEncryption: string
  readonly ikeIntegrity: string
  readonly ipsecEncryption: string
  readonly ipsecIntegrity: string
  readonly pfsGroup: string
  readonly lifetime: number
}

export function ipsecPolicy({ ike, esp }: TunnelPolicy): IpsecPolicy {
  const ipsecEncryption = encryptionWords[esp.encryption] ?? ''
  return {
    dhGroup: dhWords[ike.dhGroup] ?? '',
    ikeEncryption: encryptionWords[ike.encryption] ?? '',
    ikeIntegrity: hashWords[ike.hash] ?? '',
    ipsecEncryption,
    ipsecIntegrity: esp.hash === undefined ? ipsecEncryption : (hashWords[esp.hash] ?? ''),
    pfsGroup: esp.dhGroup === undefined ? 'None' : (pfsWords[esp.dhGroup] ?? ''),
    lifetime: esp.lifetime,
  }
}

export function connectionMode({ start }: TunnelPolicy): string {
  return modeWords[start]
}

export function azureView({ site, outside }: GatewayPolicy, tunnels: readonly CloudTunnel[]): object {
  return {
    site,
    address: addressText(outside.address),
    natRules: natRuleViews(tunnels),
    tunnels: tunnels.map((one) => connectionView(one)),
  }
}

function connectionView(one: CloudTunnel): object {
  const { tunnel, label, keyVariable, remotes, takesAll } = one
  const { peer, remote, ike, selectors } = tunnel
  const last = selectors.at(-1)
  return {
    peer,
    name: `natplan-${label}`,
    key: keyVariable,
    remoteAddress: addressText(remote.address),
    remotes: remotes.map((prefix) => ({ prefix: prefix.toString() })),
    protocol: `IKEv${ike.version}`,
    mode: connectionMode(tunnel),
    deadPeerTimeout: ike.deadPeer.timeout,
    ...ipsecPolicy(tunnel),
    dataSize,
    isNarrow: !takesAll,
    selectors: selectors.map((selector) => ({
      local: selector.local.toString(),
      remote: selector.remote.toString(),
      isLast: selector === last,
    })),
    egress: egressRules(one),
    ingress: ingressRules(one),
  }
}
