import type { Start } from '../network/network.ts'
import type { Platform } from '../network/platforms.ts'
import type { DhGroup, Encryption, Hash } from './gateway-policy.ts'

/** What a platform can do, as far as a policy depends on it. */
export interface Abilities {
  readonly ikeVersions: readonly (1 | 2)[]
  readonly encryptions: readonly Encryption[]
  readonly hashes: readonly Hash[]
  /** Where ESP has others than IKE. */
  readonly espHashes?: readonly Hash[]
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
  /** What it translated is undone for answers only that come in by the interface that the first packet left by. */
  readonly keepsNatAtInterface?: true
  /**
   * Source rules are for every interface, so that IPsec gets its packets whatever uplink routing chooses; on others a rule names the
   * outside interface.
   */
  readonly sourceRulesEverywhere: boolean
  /** Packets for peers must be routed to a virtual interface, where NAT happens. */
  readonly virtualInterface: boolean
  /**
   * Whether packets out of a virtual interface of IPsec still count as such (`meta ipsec`, `match-ipsec`): an XFRM interface keeps that, a
   * VTI of the kernel does not; `undefined` where a gateway may have either.
   */
  readonly virtualKeepsMark: boolean | undefined
  /** The virtual interfaces that tunnels can be bound to; `undefined` for none. */
  readonly routed: RoutedTunnels | undefined
  /** Can be told that the IKE daemon makes no routes of its own. */
  readonly routesByHand: boolean
  /** Priorities of `ip rule` at which natplan asks VRFs before the gateway's own addresses; the kernel's own rule is the first until then. */
  readonly vrfPriorities: readonly number[]
  /** Its virtual interfaces go down with their tunnel, and routes into them with that, so that those of another tunnel take over. */
  readonly switchesOver: boolean
  /**
   * What a gateway can translate on a tunnel: nothing, its own subnets, or those of both ends. `domain`: at both ends of a cable to a second
   * routing table inside itself; `rules`: by rules that give a subnet of either end its other name.
   */
  readonly translates: 'nothing' | 'own' | 'domain' | 'rules'
  /** What a gateway that a cloud runs takes; `undefined` for devices. */
  readonly cloud: CloudBounds | undefined
  /** Where the TCP segment size is set: on the outside and inside interface, the virtual one, everywhere at once, nowhere, or by the other end alone. */
  readonly clamp: 'sides' | 'virtual' | 'everywhere' | 'none' | 'peer'
  /** Seconds; the plan file takes 2 to 3600 between two questions to a silent peer. */
  readonly leastDeadPeerInterval: {
    readonly seconds: number
    /** Whether the platform is known to refuse less. */
    readonly isSure: boolean
  }
  readonly numbers: RuleNumbers
  /**
   * How it can be told to answer ARP for addresses of others: `each`: for single ones, which natplan writes; `interface`: on an interface for
   * all that it routes elsewhere, which is left to its administrator; `none`: it has no neighbours who would ask.
   */
  readonly proxyArp: 'each' | 'interface' | 'none'
  /** A tunnel carries prefixes of another IP version than that of the addresses at its ends. */
  readonly mixesFamilies: boolean
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
  /** Only between addresses that are known: its own, and the peer's. */
  readonly needsAddresses?: true
  /** They stay up while their tunnel is down, so that the routes into them count and nothing leaves by others. */
  readonly staysUp?: true
}

/** The bounds of a cloud's own gateway, which nobody logs in to; `undefined` where there is none. */
export interface CloudBounds {
  /**
   * What has the further addresses of a gateway. `tunnels`: every tunnel has one of its own, two of them are a connection, and the cloud works on one
   * of these at a time; `instances`: the second instance of the gateway, which has the same connections; `gateways`: another gateway beside it.
   */
  readonly uplinks: 'tunnels' | 'instances' | 'gateways'
  /** Whatever its routes say, packets for a peer may leave by any tunnel to it that is up. */
  readonly choosesTunnel: boolean
  /** Pairs of prefixes that the selectors of one tunnel may have, and those of all. */
  readonly pairs: { readonly ofTunnel: number | undefined; readonly ofGateway: number | undefined }
  /** Rules of NAT, and static routes into tunnels. */
  readonly rules: number
  readonly routes: number | undefined
  /** Seconds; `undefined` where the cloud has its own, which need not be those of the peer. */
  readonly ikeLifetime: Bounds | undefined
  readonly espLifetime: Bounds | undefined
  readonly deadPeerTimeout: Bounds | undefined
  /** Whether the two ends of a tunnel can have addresses inside it. */
  readonly hasLink: boolean
}

export interface Bounds {
  readonly least: number
  readonly most: number
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
  /** Names of sets have letters, digits, dashes and underscores, a letter or digit first. */
  readonly plainNames?: true
  /** Rules cannot ask whether a packet came out of a tunnel. */
  readonly seesNoTunnel?: true
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
  vrfPriorities: [],
  switchesOver: true,
  translates: 'own',
  cloud: undefined,
  clamp: 'sides',
  leastDeadPeerInterval: { seconds: 2, isSure: true },
  numbers: { first: 1, last: 999_999, step: 10, sourceOffset: 0 },
  proxyArp: 'interface',
  mixesFamilies: true,
  peersByIdentity: false,
  filters: undefined,
} as const satisfies Abilities

// The highest number by firewall/common-rule.xml.i of vyos-1x; 9999 by node.def of name/node.tag/rule in Vyatta Core.
const vyos = {
  ...strongswan,
  sourceRulesEverywhere: true,
  translates: 'domain',
  proxyArp: 'each',
  filters: { kind: 'chains', last: 999_999, hasGroups6: true },
} as const satisfies Abilities

/**
 * Tunnels with selectors exclude a virtual interface there, which gets 0.0.0.0/0 on both sides (vpn-config.pl); it is made from the two
 * addresses, and refused without them (vyatta-vti-config.pl).
 */
const vti = { prefix: 'vti', takes: ['any'], any: 'ipv4', needsAddresses: true } as const

/**
 * What the gateways of clouds have in common: they start tunnels by themselves, and what has no tunnel is dropped, since nobody routes private
 * addresses beyond a cloud's network. NAT between the gateways is found, never forced. Sources: docs/clouds.md.
 */
const service = {
  ...strongswan,
  encryptions: [...gcm, 'aes256', 'aes128'],
  starts: ['initiate', 'respond'],
  failsClosed: true,
  discardRoutes: false,
  forceNatTraversal: false,
  virtualKeepsMark: undefined,
  routed: { prefix: 'tunnel', takes: ['any', 'narrow'], any: 'ipv4' },
  translates: 'nothing',
  clamp: 'peer',
  proxyArp: 'none',
} as const satisfies Abilities

const vyattaSets = { kind: 'sets', last: 9999, hasGroups6: false } as const

/**
 * The abilities of each platform. Sources: the schemas of vyos-1x (1.4), vyatta-cfg-vpn and vyatta-nat (1.3: branch equuleus; Vyatta
 * Core 6.5: branch pacifica, where `respond` only adds the connection), DANOS (5600). EdgeOS publishes no schema: the list
 * holds what its own examples show. Clouds: docs/clouds.md.
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
    translates: 'own',
    proxyArp: 'interface',
    filters: { kind: 'sets', last: 999_999, hasGroups6: true },
  },
  'vyatta-5600': {
    ...strongswan,
    // vpn-config.pl refuses IPv6 over IPv4, and IPv4 over IPv6; that of VyOS 1.3 does not.
    mixesFamilies: false,
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
    keepsNatAtInterface: true,
    filters: { kind: 'sets', last: 9999, hasGroups6: false, singlePort: true, plainNames: true, seesNoTunnel: true },
  },
  'vyatta-5400': {
    ...strongswan,
    mixesFamilies: false,
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
    // Presumed, by descent from the code of the 5400.
    mixesFamilies: false,
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
    routed: { prefix: 'ipsec', takes: ['any', 'narrow'], any: 'asked', staysUp: true },
    // It would make none for XFRM interfaces, and has to for tunnels beside them.
    routesByHand: false,
    vrfPriorities: [0, 1, 2],
    translates: 'domain',
    proxyArp: 'each',
    staysAtAddress: true,
    filters: { kind: 'nft', last: undefined, hasGroups6: true },
  },
  azure: {
    ...service,
    hashes: ['sha384', 'sha256', 'sha1', 'md5'],
    espHashes: ['sha256', 'sha1', 'md5'],
    dhGroups: [20, 19, 14, 2],
    translates: 'rules',
    cloud: {
      uplinks: 'instances',
      choosesTunnel: true,
      pairs: { ofTunnel: undefined, ofGateway: 200 },
      rules: 100,
      routes: undefined,
      ikeLifetime: undefined,
      espLifetime: { least: 300, most: 86_400 },
      deadPeerTimeout: { least: 9, most: 3600 },
      hasLink: false,
    },
  },
  // With IKEv1 it starts no tunnel by itself.
  aws: {
    ...service,
    ikeVersions: [2],
    hashes: ['sha512', 'sha384', 'sha256', 'sha1'],
    dhGroups: [21, 20, 19, 18, 17, 16, 15, 14, 2],
    cloud: {
      uplinks: 'tunnels',
      choosesTunnel: true,
      pairs: { ofTunnel: 1, ofGateway: undefined },
      rules: 0,
      routes: 100,
      ikeLifetime: { least: 900, most: 28_800 },
      espLifetime: { least: 900, most: 3600 },
      deadPeerTimeout: { least: 30, most: 86_400 },
      hasLink: true,
    },
  },
  // It always starts tunnels. What it takes with IKEv1 is not known well enough.
  gcp: {
    ...service,
    ikeVersions: [2],
    hashes: ['sha512', 'sha384', 'sha256', 'sha1'],
    dhGroups: [21, 20, 19, 18, 16, 15, 14, 5, 2],
    starts: ['initiate'],
    cloud: {
      uplinks: 'gateways',
      choosesTunnel: false,
      pairs: { ofTunnel: 1, ofGateway: undefined },
      rules: 0,
      routes: undefined,
      ikeLifetime: undefined,
      espLifetime: undefined,
      deadPeerTimeout: undefined,
      hasLink: false,
    },
  },
  generic: { ...strongswan, discardRoutes: false, enteredByHand: true },
}
