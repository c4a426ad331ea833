/** A kind of ICMP message (RFC 792, RFC 4443); without a code any of that type. */
export interface IcmpKind {
  readonly type: number
  readonly code?: number
}

/** Of ICMP by the names of iptables and nftables. */
const kinds: ReadonlyMap<string, IcmpKind> = new Map([
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

/** Of ICMPv6 by the names of ip6tables and nftables. */
const kindsOfIpv6: ReadonlyMap<string, IcmpKind> = new Map([
  ...named(1, 'destination-unreachable'),
  ...coded(
    1,
    'no-route communication-prohibited beyond-scope address-unreachable port-unreachable failed-policy reject-route',
  ),
  ...named(2, 'packet-too-big'),
  ...named(3, 'time-exceeded', 'ttl-exceeded'),
  ...coded(3, 'ttl-zero-during-transit ttl-zero-during-reassembly'),
  ...named(4, 'parameter-problem'),
  ...coded(4, 'bad-header unknown-header-type unknown-option'),
  ...named(128, 'echo-request', 'ping'),
  ...named(129, 'echo-reply', 'pong'),
  ...named(130, 'mld-listener-query'),
  ...named(131, 'mld-listener-report'),
  ...named(132, 'mld-listener-done', 'mld-listener-reduction'),
  ...named(133, 'nd-router-solicit', 'router-solicitation'),
  ...named(134, 'nd-router-advert', 'router-advertisement'),
  ...named(135, 'nd-neighbor-solicit', 'neighbor-solicitation', 'neighbour-solicitation'),
  ...named(136, 'nd-neighbor-advert', 'neighbor-advertisement', 'neighbour-advertisement'),
  ...named(137, 'nd-redirect', 'redirect'),
  ...named(138, 'router-renumbering'),
  ...named(141, 'ind-neighbor-solicit'),
  ...named(142, 'ind-neighbor-advert'),
  ...named(143, 'mld2-listener-report'),
])

export const icmpKinds: Readonly<Record<4 | 6, ReadonlyMap<string, IcmpKind>>> = { 4: kinds, 6: kindsOfIpv6 }

function named(type: number, ...names: readonly string[]): [string, IcmpKind][] {
  return names.map((name) => [name, { type }])
}

/** Names of the codes of a type, from 0. */
function coded(type: number, names: string): [string, IcmpKind][] {
  return names.split(' ').map((name, code) => [name, { type, code }])
}
