import { textOf as addressText, type GatewayPolicy, type TunnelPolicy } from '@natplan/core'
import { type CloudTunnel, cloudConnections, type Mapping, prefixLabel } from '../../clouds/tunnels.ts'
import { dhWords, encryptionWords, hashWords, modeWords, pfsWords } from './words.ts'

/** The most that one key encrypts, in kilobytes: the gateway's own default. */
export const dataSize = 102_400_000

export interface NatRuleView {
  readonly name: string
  readonly mode: 'EgressSnat' | 'IngressSnat'
  readonly internal: string
  readonly external: string
  /** Which IP configuration of the gateway has it; `undefined` for the one of a gateway in standby. */
  readonly configuration: Configuration | undefined
}

/** A gateway with two active instances has two. */
type Configuration = '1' | '2'

/** What each connection of a gateway is, and the rules of NAT of all. */
export interface AzureGateway {
  /** Connections by their first tunnels, with their own rules. */
  readonly connections: readonly {
    readonly one: CloudTunnel
    readonly egress: readonly NatRuleView[]
    readonly ingress: readonly NatRuleView[]
  }[]
  /** Rules for own subnets are shared by connections. */
  readonly rules: readonly NatRuleView[]
  /** `undefined` for one in standby. */
  readonly configurations: readonly Configuration[] | undefined
  readonly addresses: readonly string[]
}

export function azureGateway(tunnels: readonly CloudTunnel[]): AzureGateway {
  const all = cloudConnections(tunnels)
  const configurations = all.some((one) => one.tunnels.length > 1) ? (['1', '2'] as const) : undefined
  const connections = all.map(({ first }) => ({
    one: first,
    egress: rulesOf(first.egress, { name: 'natplan-egress', mode: 'EgressSnat', configurations }),
    ingress: rulesOf(first.ingress, { name: `natplan-ingress-${first.label}`, mode: 'IngressSnat', configurations }),
  }))
  const rules = connections.flatMap(({ egress, ingress }) => [...egress, ...ingress])
  return {
    connections,
    rules: [...new Map(rules.map((rule) => [rule.name, rule])).values()],
    configurations,
    addresses: [...new Set(tunnels.map(({ tunnel }) => addressText(tunnel.local.address)))],
  }
}

/** A rule is of one instance, so that two of them have two. */
function rulesOf(
  mappings: readonly Mapping[],
  { name, mode, configurations }: Pick<NatRuleView, 'name' | 'mode'> & Pick<AzureGateway, 'configurations'>,
): NatRuleView[] {
  return mappings.flatMap(({ internal, external }) =>
    (configurations ?? [undefined]).map((configuration) => ({
      name: [name, prefixLabel(internal), ...(configuration === '2' ? ['second'] : [])].join('-'),
      mode,
      internal: internal.toString(),
      external: external.toString(),
      configuration,
    })),
  )
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

export function azureView({ site }: GatewayPolicy, tunnels: readonly CloudTunnel[]): object {
  const { connections, rules, configurations = [], addresses } = azureGateway(tunnels)
  return {
    site,
    addresses: addresses.map((address) => ({ address })),
    natRules: rules,
    configurations: rules.length > 0 ? configurations.map((number) => ({ number })) : [],
    tunnels: connections.map((one) => connectionView(one)),
  }
}

function connectionView({ one, egress, ingress }: AzureGateway['connections'][number]): object {
  const { tunnel, label, keyVariable, remotes, takesAll } = one
  const { site, remote, ike, selectors } = tunnel
  const last = selectors.at(-1)
  return {
    peer: site,
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
    egress,
    ingress,
  }
}
