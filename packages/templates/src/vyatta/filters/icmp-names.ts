/** A kind of ICMP message (RFC 792); without a code any of that type. */
export interface IcmpKind {
  readonly type: number
  readonly code?: number
}

/** By the names of iptables and nftables. */
export const icmpKinds: ReadonlyMap<string, IcmpKind> = new Map([
  ...named(0, 'echo-reply', 'pong'),
  ...named(3, 'destination-unreachable'),
  ...coded(
    3,
    'network-unreachable host-unreachable protocol-unreachable port-unreachable fragmentation-needed source-route-failed ' +
      'network-unknown host-unknown - network-prohibited host-prohibited TOS-network-unreachable TOS-host-unreachable ' +
      'communication-prohibited host-precedence-violation precedence-cutoff',
  ),
  ...named(4, 'source-quench'),
  ...named(5, 'redirect'),
  ...coded(5, 'network-redirect host-redirect TOS-network-redirect TOS-host-redirect'),
  ...named(8, 'echo-request', 'ping'),
  ...named(9, 'router-advertisement'),
  ...named(10, 'router-solicitation'),
  ...named(11, 'time-exceeded', 'ttl-exceeded'),
  ...coded(11, 'ttl-zero-during-transit ttl-zero-during-reassembly'),
  ...named(12, 'parameter-problem'),
  ...coded(12, 'ip-header-bad required-option-missing'),
  ...named(13, 'timestamp-request'),
  ...named(14, 'timestamp-reply'),
  ...named(15, 'info-request'),
  ...named(16, 'info-reply'),
  ...named(17, 'address-mask-request'),
  ...named(18, 'address-mask-reply'),
])

function named(type: number, ...names: readonly string[]): [string, IcmpKind][] {
  return names.map((name) => [name, { type }])
}

/** Names of the codes of a type, from 0. */
function coded(type: number, names: string): [string, IcmpKind][] {
  return names.split(' ').map((name, code) => [name, { type, code }])
}
