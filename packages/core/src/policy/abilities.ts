import type { Start } from '../network/network.ts'
import type { Platform } from '../network/written.ts'
import type { DhGroup, Encryption, Hash } from './gateway-policy.ts'

/** What a platform can do, as far as a policy depends on it. */
export interface Abilities {
  readonly ikeVersions: readonly (1 | 2)[]
  readonly encryptions: readonly Encryption[]
  readonly hashes: readonly Hash[]
  readonly dhGroups: readonly DhGroup[]
  readonly starts: readonly Start[]
  /** A tunnel that the gateway brings up by itself is tried when it is configured and not again. */
  readonly triesOnce: boolean
  /** Nothing leaves unencrypted while a tunnel is down, whoever starts it: a virtual interface or a guard holds packets back. */
  readonly failsClosed: boolean
  /** Rules of natplan's own drop packets for peers that would leave in clear, and those that come in clear with a peer's addresses. */
  readonly guards: boolean
  /** A static route to nowhere takes what no destination rule took: these are asked before routes are. */
  readonly discardRoutes: boolean
  /** By how much NAT of natplan's comes before the usual priority, so that rules of others take nothing first. */
  readonly natAhead: number
  /** natplan's configuration is files that are replaced as a whole, not lines that are added to others. */
  readonly filesReplacedWhole: boolean
  /** A person enters everything: there is a sheet to hand over and no commands. */
  readonly enteredByHand: boolean
  readonly forceNatTraversal: boolean
  /** What natplan writes keeps IKE at the address where it began (no MOBIKE, RFC 4555). */
  readonly staysAtAddress: boolean
  /** What a rule of a set of filters accepts is still asked by what comes behind the set (iptables: RETURN). */
  readonly acceptReturns: boolean
  /**
   * Source rules are for every interface, so that IPSec gets its packets whatever uplink routing chooses; on others a rule names the
   * outside interface.
   */
  readonly sourceRulesEverywhere: boolean
  /** Packets for peers must be routed to a virtual interface, where NAT happens. */
  readonly virtualInterface: boolean
  /**
   * Whether packets out of a virtual interface of IPSec still count as such (`meta ipsec`, `match-ipsec`): an XFRM interface keeps that, a
   * VTI of the kernel does not; `undefined` where a gateway may have either.
   */
  readonly virtualKeepsMark: boolean | undefined
  /** The virtual interfaces that tunnels can be bound to; `undefined` for none. */
  readonly routed: RoutedTunnels | undefined
  /** Can be told that the IKE daemon makes no routes of its own. */
  readonly routesByHand: boolean
  /** Can have a second routing table behind a cable inside itself, and so translate at both ends of it. */
  readonly domains: boolean
  /** Where the TCP segment size is set: on the outside and inside interface, the virtual one, everywhere at once, or nowhere. */
  readonly clamp: 'sides' | 'virtual' | 'everywhere' | 'none'
  /** Seconds; the plan file takes 2 to 3600 between two questions to a silent peer. */
  readonly leastDeadPeerInterval: {
    readonly seconds: number
    /** Whether the platform is known to refuse less. */
    readonly isSure: boolean
  }
  readonly numbers: RuleNumbers
  /** A peer without an address of its own is called by its identity (`peer @NAME`), which is taken for the name of a host. */
  readonly peersByIdentity: boolean
  /** How sets of the gateway's own firewall are named; `undefined` where natplan writes no rules into them. */
  readonly filters: FilterNaming | undefined
}

/**
 * How the names of the interfaces begin, and what such a tunnel can carry; `any`: of IPv4 alone, of both IP versions, or of those that its pairs
 * have.
 */
export interface RoutedTunnels {
  readonly prefix: string
  readonly takes: readonly ('any' | 'narrow')[]
  readonly any: 'ipv4' | 'both' | 'asked'
}

/**
 * `sets`: by a name. `chains`: by a name, or as a chain of the device's own (`forward filter`). `nft`: family, table, chain. `last`: the highest
 * number of a rule, where rules have numbers.
 */
export interface FilterNaming {
  readonly kind: 'sets' | 'chains' | 'nft'
  readonly last: number | undefined
  /** Whether IPv6 has groups that rules can name. */
  readonly hasGroups6: boolean
  /** A rule names a single port. */
  readonly singlePort?: true
}

/** The numbers that NAT rules may have. */
export interface RuleNumbers {
  readonly first: number
  readonly last: number
  /** Distance between two rules, so that others fit between. */
  readonly step: number
  /** What is added for source rules, on platforms with one list for both directions. */
  readonly sourceOffset: number
}

const cbc = ['aes256', 'aes192', 'aes128', '3des'] as const
const gcm = ['aes256gcm128', 'aes128gcm128'] as const
const withoutAes192 = ['aes256', 'aes128', '3des'] as const
const hashes = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'] as const
const dhGroups = [21, 20, 19, 18, 17, 16, 15, 14, 5, 2] as const

const strongswan = {
  ikeVersions: [2, 1],
  encryptions: [...gcm, ...cbc],
  hashes,
  dhGroups,
  starts: ['trap', 'initiate', 'respond'],
  triesOnce: false,
  failsClosed: false,
  guards: false,
  discardRoutes: true,
  natAhead: 0,
  filesReplacedWhole: false,
  enteredByHand: false,
  forceNatTraversal: true,
  staysAtAddress: false,
  acceptReturns: false,
  sourceRulesEverywhere: false,
  virtualInterface: false,
  virtualKeepsMark: true,
  routed: { prefix: 'vti', takes: ['any', 'narrow'], any: 'both' },
  routesByHand: true,
  domains: false,
  clamp: 'sides',
  leastDeadPeerInterval: { seconds: 2, isSure: true },
  numbers: { first: 1, last: 999_999, step: 10, sourceOffset: 0 },
  peersByIdentity: false,
  filters: undefined,
} as const satisfies Abilities

// The highest number by firewall/common-rule.xml.i of vyos-1x; 9999 by node.def of name/node.tag/rule in Vyatta Core.
const vyos = {
  ...strongswan,
  sourceRulesEverywhere: true,
  domains: true,
  filters: { kind: 'chains', last: 999_999, hasGroups6: true },
} as const satisfies Abilities

/** Tunnels with selectors exclude a virtual interface there, which gets 0.0.0.0/0 on both sides (vpn-config.pl). */
const vti = { prefix: 'vti', takes: ['any'], any: 'ipv4' } as const

const vyattaSets = { kind: 'sets', last: 9999, hasGroups6: false } as const

/**
 * The abilities of each platform. Sources: the schemas of vyos-1x (1.4), vyatta-cfg-vpn and vyatta-nat (1.3: branch equuleus; Vyatta
 * Core 6.5: branch pacifica, where `respond` only adds the connection), DANOS (5600). EdgeOS publishes no schema: the list
 * holds what its own examples show.
 */
export const abilities: Readonly<Record<Platform, Abilities>> = {
  'vyos-1.5': vyos,
  'vyos-1.4': vyos,
  // `respond` is strongSwan's `auto=route`, the trap; there is no purely passive mode.
  'vyos-1.3': {
    ...vyos,
    peersByIdentity: true,
    starts: ['trap', 'initiate'],
    acceptReturns: true,
    virtualKeepsMark: false,
    routed: vti,
    domains: false,
    filters: { kind: 'sets', last: 999_999, hasGroups6: true },
  },
  'vyatta-5600': {
    ...strongswan,
    peersByIdentity: true,
    encryptions: [...gcm, ...withoutAes192],
    dhGroups: dhGroups.filter((group) => group !== 21),
    starts: ['initiate', 'respond'],
    triesOnce: true,
    failsClosed: true,
    forceNatTraversal: false,
    virtualInterface: true,
    routed: vti,
    routesByHand: false,
    clamp: 'virtual',
    numbers: { first: 1, last: 9999, step: 10, sourceOffset: 0 },
    filters: { kind: 'sets', last: 9999, hasGroups6: false, singlePort: true },
  },
  'vyatta-5400': {
    ...strongswan,
    peersByIdentity: true,
    ikeVersions: [1],
    encryptions: withoutAes192,
    hashes: ['sha1', 'md5'],
    dhGroups: [5, 2],
    starts: ['initiate', 'respond'],
    forceNatTraversal: false,
    acceptReturns: true,
    virtualKeepsMark: false,
    routed: vti,
    routesByHand: false,
    clamp: 'none',
    leastDeadPeerInterval: { seconds: 15, isSure: true },
    numbers: { first: 1, last: 9999, step: 10, sourceOffset: 0 },
    filters: vyattaSets,
  },
  edgeos: {
    ...strongswan,
    peersByIdentity: true,
    encryptions: withoutAes192,
    dhGroups: [16, 15, 14, 5, 2],
    starts: ['initiate', 'respond'],
    acceptReturns: true,
    virtualKeepsMark: false,
    routed: vti,
    routesByHand: false,
    clamp: 'everywhere',
    // It descends from the same code as the 5400.
    leastDeadPeerInterval: { seconds: 15, isSure: false },
    // Step 1: the set-up wizard's masquerade is rule 5010, and source rules must come before it.
    numbers: { first: 1000, last: 4999, step: 1, sourceOffset: 4000 },
    filters: vyattaSets,
  },
  // The rules that natplan writes beside strongSwan drop what would leave in clear, however the tunnel is started.
  linux: {
    ...strongswan,
    failsClosed: true,
    guards: true,
    discardRoutes: false,
    natAhead: 10,
    filesReplacedWhole: true,
    virtualKeepsMark: undefined,
    routed: { prefix: 'ipsec', takes: ['any', 'narrow'], any: 'asked' },
    domains: true,
    staysAtAddress: true,
    filters: { kind: 'nft', last: undefined, hasGroups6: true },
  },
  generic: { ...strongswan, discardRoutes: false, enteredByHand: true },
}
