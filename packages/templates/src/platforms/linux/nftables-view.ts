import {
  type Clamp,
  type GatewayPolicy,
  guardedBy,
  type NatRule,
  outermost,
  type Prefix,
  type VirtualInterface,
} from '@natplan/core'
import { oneToOneOf } from '../../one-to-one.ts'
import { commentOf } from './unsupported.ts'

export interface NftablesView {
  readonly outside: string
  /** The interfaces that the guards leave alone. */
  readonly spared: readonly { readonly name: string }[]
  /** By these packets for what only the peers call the site go to where that is translated. */
  readonly towardsNat: readonly { readonly name: string }[]
  readonly sets: readonly SetView[]
  readonly families: readonly FamilyView[]
  /** The sets of what the site's own subnets are called by their peers: addresses that are in use nowhere at the site. */
  readonly called: readonly { readonly keyword: 'ip' | 'ip6'; readonly set: string }[]
  /**
   * Interfaces of VRFs: connections are tracked apart there, or a packet that keeps its addresses on the way over the cable would be taken for
   * one that NAT has seen already.
   */
  readonly zones: readonly { readonly name: string; readonly zone: number }[]
  readonly hasZones: boolean
  readonly source: readonly NatRuleView[]
  readonly destination: readonly NatRuleView[]
  readonly clamps: readonly ClampView[]
  readonly forwardsSix: boolean
}

/** The prefixes of the peers in one IP version. */
interface FamilyView {
  readonly keyword: 'ip' | 'ip6'
  readonly peers: string
}

interface SetView {
  readonly name: string
  readonly type: 'ipv4_addr' | 'ipv6_addr'
  /** The rows as nft lists them. */
  readonly first: string
  readonly rest: readonly { readonly row: string }[]
}

interface NatRuleView {
  readonly interface: string
  readonly source: string
  readonly destination: string
  readonly from: string
  readonly to: string
  /** The addresses that all hosts of `from` share, in place of `to`. */
  readonly shared: string | undefined
  /** The port that leads to a host: `tcp dport 443`, and where it leads. */
  readonly port: string | undefined
  readonly host: string | undefined
  readonly comment: string
}

interface ClampView {
  readonly direction: 'iifname' | 'oifname'
  readonly interface: string
  /** `ip daddr @peers4`; `undefined` where all that passes is for the tunnels. */
  readonly match: string | undefined
  readonly mss: number
}

const families = [
  { family: 4, keyword: 'ip', type: 'ipv4_addr', perRow: 2 },
  { family: 6, keyword: 'ip6', type: 'ipv6_addr', perRow: 1 },
] as const

export function nftablesView(policy: GatewayPolicy): NftablesView {
  const guarded = guardedBy(policy)
  const peers = setsOf('peers', guarded.peers)
  const own = setsOf('own', policy.discards)
  const used = peers.map(({ keyword, set }) => ({ keyword, peers: set.name }))
  return {
    outside: policy.outside.interface,
    spared: named(guarded.spared),
    towardsNat: named(guarded.towardsNat),
    sets: [...peers, ...own].map(({ set }) => set),
    families: used,
    called: own.map(({ keyword, set }) => ({ keyword, set: set.name })),
    zones: zonesOf(policy),
    hasZones: policy.vrfs.length > 0,
    source: natViews(policy.nat, 'source'),
    destination: natViews(policy.nat, 'destination'),
    clamps: policy.clamps.flatMap((clamp) => clampViews(policy, clamp, used)),
    forwardsSix: used.some(({ keyword }) => keyword === 'ip6'),
  }
}

/** The number of a VRF's table is its zone. */
function zonesOf({ interfaces, vrfs }: GatewayPolicy): NftablesView['zones'] {
  return interfaces.flatMap(({ name, vrf }) => {
    const found = vrfs.find((one) => one.name === vrf)
    return found ? [{ name, zone: found.table }] : []
  })
}

function named(names: readonly string[]): { readonly name: string }[] {
  return names.map((name) => ({ name }))
}

/** One set for each IP version that has a prefix: `peers4`. */
function setsOf(
  name: string,
  prefixes: readonly Prefix[],
): { readonly keyword: 'ip' | 'ip6'; readonly set: SetView }[] {
  return families.flatMap(({ family, keyword, type, perRow }) => {
    const [first, ...rest] = rowsOf(outermost(prefixes.filter((prefix) => prefix.family === family)), perRow)
    if (first === undefined) return []
    return [{ keyword, set: { name: `${name}${family}`, type, first, rest: rest.map((row) => ({ row })) } }]
  })
}

function rowsOf(prefixes: readonly Prefix[], perRow: number): string[] {
  const rows: string[] = []
  for (let start = 0; start < prefixes.length; start += perRow) {
    const isLast = start + perRow >= prefixes.length
    const row = prefixes
      .slice(start, start + perRow)
      .map(listed)
      .join(', ')
    rows.push(isLast ? `${row} }` : `${row},`)
  }
  return rows
}

/** A prefix as nft lists it: a single address without a length. */
function listed(prefix: Prefix): string {
  return prefix.first.equals(prefix.last) ? prefix.first.toString() : prefix.toString()
}

/** With the port, where the host has another one. */
function hostText({ action }: NatRule): string {
  if (action.kind !== 'map') return ''
  return action.ports ? `${action.to.first}:${action.ports.first}` : `${action.to.first}`
}

/**
 * An exemption maps a prefix to itself: `accept` would end this chain only, and a masquerade in a later one would still take the
 * packet, while a packet that is mapped is not asked about again.
 */
function natViews(rules: readonly NatRule[], direction: NatRule['direction']): NatRuleView[] {
  return rules.flatMap((rule) => {
    const form = oneToOneOf(rule)
    if (rule.direction !== direction || rule.interface === undefined || typeof form === 'string') return []
    const { source, destination, from, to, isShared } = form
    return [
      {
        interface: rule.interface,
        source: listed(source),
        destination: listed(destination),
        from: listed(from),
        to: listed(to),
        shared: isShared ? listed(to) : undefined,
        port: rule.service && `${rule.service.protocol} dport ${rule.service.port}`,
        host: rule.service && hostText(rule),
        comment: commentOf(rule),
      },
    ]
  })
}

/**
 * On the outside interface both directions are limited, which is enough by itself whatever interface the hosts are behind, and so is what
 * goes into a tunnel's own interface and comes out of it; on another, what leaves through it.
 */
function clampViews(policy: GatewayPolicy, { interface: name, mss }: Clamp, used: readonly FamilyView[]): ClampView[] {
  if (name === undefined) return []
  const tunnel = policy.interfaces.find((one) => one.kind === 'tunnel' && one.name === name)
  if (tunnel) return tunnelWays(policy, tunnel).map((way) => ({ ...way, match: undefined, mss }))
  return used.flatMap(({ keyword, peers }): ClampView[] => {
    const toPeers = { interface: name, match: `${keyword} daddr @${peers}`, mss }
    const fromPeers = { interface: name, match: `${keyword} saddr @${peers}`, mss }
    if (name !== policy.outside.interface) return [{ direction: 'oifname', ...fromPeers }]
    return [
      { direction: 'oifname', ...toPeers },
      { direction: 'iifname', ...fromPeers },
    ]
  })
}

/** In a VRF packets come in by the VRF as the forward chain sees them, and leave by the cable. */
function tunnelWays(
  { interfaces }: GatewayPolicy,
  { name, vrf }: VirtualInterface,
): Pick<ClampView, 'direction' | 'interface'>[] {
  const cable = interfaces.find((one) => one.kind === 'cable' && one.vrf !== undefined && one.vrf === vrf)
  return [
    { direction: 'oifname', interface: name },
    cable ? { direction: 'oifname', interface: cable.name } : { direction: 'iifname', interface: name },
  ]
}
