import { Prefix } from '../address/prefix.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { tcp, udp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import { type Abilities, abilities, type RoutedTunnels } from '../policy/abilities.ts'
import type { GatewayPolicy, NatRule, TunnelPolicy, VirtualInterface } from '../policy/gateway-policy.ts'
import { guardedBy } from '../policy/guarded.ts'
import { discardDistance } from '../policy/platform-needs.ts'
import { type TakeOver, takeOversOf } from '../policy/take-overs.ts'
import type { Device, DeviceInterface, DeviceRoute, DeviceRule, DeviceTunnel, RuleList, TunnelChild } from './device.ts'
import { stagesOf } from './stages.ts'

/** The device that does what a policy says and nothing else, before anybody rendered it. */
export function deviceOfPolicy(policy: GatewayPolicy): Device {
  const { platform, tunnels, nat, interfaces, clamps, outside, inside } = policy
  const { virtualInterface, natAhead, guards, routesByHand } = abilities[platform]
  const takeOvers = abilities[platform].routed?.staysUp ? takeOversOf(policy) : []
  return {
    platform,
    file: undefined,
    order: stagesOf({ virtualInterface }),
    interfaces: [
      ...[...new Set([outside.interface, ...tunnels.map((tunnel) => tunnel.interface)])].map((name) =>
        named(name, [{ kind: 'dynamic', line: undefined }]),
      ),
      ...(inside && inside.interface !== outside.interface ? [named(inside.interface, [])] : []),
      ...interfaces.map((one) => virtualInterfaceOf(one, policy)),
    ],
    routes: routesOf(policy),
    steering: [],
    lists: [...natLists(nat, natAhead), ...(guards ? guardsOf(policy) : [])],
    tunnels: tunnels.map((tunnel) => ({ ...tunnelOf(tunnel, abilities[platform]), ...whenDown(tunnel, takeOvers) })),
    installsRoutes: virtualInterface ? 'always' : routesByHand && isRouted(policy) ? 'never' : 'own-address',
    clamps: clamps.map((clamp) => ({ ...clamp, line: undefined })),
    ...proxyArpOf(policy),
    usedNumbers: nat.map(({ direction, number }) => ({ direction, number })),
    unread: [],
  }
}

/** Static routes lead into tunnels, so the daemon is told to make none. */
function isRouted({ tunnels }: GatewayPolicy): boolean {
  return tunnels.some(({ through }) => through?.kind === 'route')
}

/** Whether an interface answers for all is not the policy's. */
function proxyArpOf({ platform, proxied = [] }: GatewayPolicy): Pick<Device, 'proxyArp'> {
  if (abilities[platform].proxyArp !== 'each' || proxied.length === 0) return {}
  return { proxyArp: { entries: proxied.map((one) => ({ ...one, line: undefined })), isWhole: false } }
}

function routesOf(policy: GatewayPolicy): DeviceRoute[] {
  const { platform, routes, discards } = policy
  const known = { line: undefined, table: 'main' } as const
  const made = [
    ...(abilities[platform].discardRoutes ? discards : []).map(
      (prefix): DeviceRoute => ({ ...known, prefix, to: { kind: 'nowhere' }, distance: discardDistance }),
    ),
    ...routes.map(
      ({ prefix, to, distance, vrf }): DeviceRoute => ({
        ...known,
        table: tableOfVrf(policy, vrf),
        prefix,
        to,
        distance,
      }),
    ),
  ]
  return made.sort((a, b) => Prefix.compare(a.prefix, b.prefix))
}

/** The table of a VRF by its number; without one the main table. */
export function tableOfVrf({ vrfs }: Pick<GatewayPolicy, 'vrfs'>, vrf: string | undefined): string {
  const found = vrfs.find(({ name }) => name === vrf)
  return found ? String(found.table) : 'main'
}

/** The two ends of a cable are each other's next hop. */
function virtualInterfaceOf(
  { name, kind, vrf, joins, address }: VirtualInterface,
  policy: GatewayPolicy,
): DeviceInterface {
  return {
    ...named(name, kind === 'cable' && address ? [{ kind: 'known', ...address, line: undefined }] : []),
    kind: kind === 'cable' ? 'far' : 'virtual',
    table: tableOfVrf(policy, vrf),
    ...(vrf === undefined ? {} : { vrf, zone: tableOfVrf(policy, vrf) }),
    ...(joins === undefined ? {} : { joins }),
  }
}

function named(name: string, addresses: DeviceInterface['addresses']): DeviceInterface {
  return { name, kind: 'physical', addresses, table: 'main', line: undefined }
}

/** NAT rules as the two lists that most platforms have; `ahead`: by how much their priority is lower than usual. */
export function natLists(nat: readonly NatRule[], ahead: number): RuleList[] {
  const list = (direction: NatRule['direction'], hook: RuleList['hook'], priority: number): RuleList => ({
    name: direction,
    hook,
    priority: priority - ahead,
    kind: `${direction}-nat`,
    rules: nat.filter((rule) => rule.direction === direction).map(ruleOf),
    fallback: 'accept',
    line: undefined,
  })
  return [list('destination', 'prerouting', -100), list('source', 'postrouting', 100)]
}

export function ruleOf(rule: NatRule): DeviceRule {
  const { number, description, action } = rule
  return { number, description, action, match: matchOf(rule), line: undefined }
}

function matchOf({ direction, interface: name, source, destination, service }: NatRule): PacketMatch {
  const side = direction === 'source' ? 'out' : 'in'
  return {
    ...(name === undefined ? {} : { [side]: { names: [name], negated: false } }),
    ...(source ? { source: RangeSet.ofPrefixes([source]) } : {}),
    ...(destination ? { destination: RangeSet.ofPrefixes([destination]) } : {}),
    ...(service ? { protocol: only({ tcp, udp }[service.protocol]), destinationPort: only(service.port) } : {}),
  }
}

function only(value: number): RangeSet {
  return RangeSet.of([{ first: value, last: value }])
}

function whenDown(tunnel: TunnelPolicy, takeOvers: readonly TakeOver[]): Pick<DeviceTunnel, 'whenDown'> {
  const found = takeOvers.find((one) => one.tunnel === tunnel)
  return found ? { whenDown: { takesRoutesInto: found.interface } } : {}
}

function tunnelOf(
  tunnel: TunnelPolicy,
  { staysAtAddress, routed }: Pick<Abilities, 'staysAtAddress' | 'routed'>,
): DeviceTunnel {
  const { peer, local, remote, ike, esp, authentication, start, forceNatTraversal } = tunnel
  return {
    name: peer,
    local,
    remote,
    versions: [ike.version],
    ike: [
      {
        encryption: ike.encryption,
        hash: isAead(ike.encryption) ? undefined : ike.hash,
        prf: ike.hash,
        dhGroup: ike.dhGroup,
      },
    ],
    esp: [{ encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup, extendedSequence: undefined }],
    isWhole: true,
    lifetimes: { ike: ike.lifetime, esp: esp.lifetime },
    deadPeer: ike.deadPeer,
    authentication: authentication.kind,
    ...(authentication.kind === 'certificate' ? { certificates: authentication.names } : {}),
    keyDigest: undefined,
    start,
    forceNatTraversal,
    ...(staysAtAddress ? { mobike: false } : {}),
    children: childrenOf(tunnel, routed?.any),
    line: undefined,
  }
}

const everything = { 4: Prefix.parse('0.0.0.0/0'), 6: Prefix.parse('::/0') }

function childrenOf(tunnel: TunnelPolicy, any: RoutedTunnels['any'] | undefined): TunnelChild[] {
  const { selectors, through, start } = tunnel
  const child = { kind: 'protect', priority: undefined, start, line: undefined } as const
  if (through?.kind === 'route' && through.takes === 'any') {
    const { kind, interface: name } = through
    return familiesOf(tunnel, any).map((family) => ({
      ...child,
      name,
      number: undefined,
      through: { kind, interface: name },
      local: everything[family],
      remote: everything[family],
    }))
  }
  const bound = through && { kind: through.kind, interface: through.interface }
  return selectors.map(({ number, local, remote }) => ({
    ...child,
    name: String(number),
    number,
    through: bound,
    local,
    remote,
  }))
}

/** A child of IKEv1 has one pair of prefixes only (RFC 2409, quick mode). */
function familiesOf({ selectors, ike }: TunnelPolicy, any: RoutedTunnels['any'] | undefined): (4 | 6)[] {
  const both = [4, 6] as const
  if (any === 'asked') return both.filter((one) => selectors.some(({ local }) => local.family === one))
  return any === 'both' && ike.version === 2 ? [...both] : [4]
}

function isAead(encryption: string): boolean {
  return /gcm|ccm|chacha/.test(encryption)
}

/**
 * What is dropped where natplan writes guards: packets for a peer in clear, packets that come in clear with a peer's addresses, and packets
 * for what only peers call this site, which is in use nowhere.
 */
function guardsOf(policy: GatewayPolicy): RuleList[] {
  const { peers, spared, towardsNat } = guardedBy(policy)
  const [remotes, called] = [RangeSet.ofPrefixes(peers), RangeSet.ofPrefixes(policy.discards)]
  const elsewhere = spared.length > 0 ? { names: spared, negated: true } : undefined
  const asked = towardsNat.length > 0 ? { out: { names: towardsNat, negated: true } } : {}
  return [
    guard('guard-in', { hook: 'prerouting', priority: -150 }, [
      { ...(elsewhere ? { in: elsewhere } : {}), source: remotes, arrived: 'clear' },
    ]),
    guard('guard-out', { hook: 'postrouting', priority: 150 }, [
      { ...(elsewhere ? { out: elsewhere } : {}), destination: remotes, leaving: 'clear' },
      ...(called.isEmpty ? [] : [{ ...asked, destination: called }]),
    ]),
  ]
}

function guard(name: string, at: Pick<RuleList, 'hook' | 'priority'>, dropped: readonly PacketMatch[]): RuleList {
  const rules = dropped.map(
    (match): DeviceRule => ({
      number: undefined,
      match,
      action: { kind: 'drop' },
      description: undefined,
      line: undefined,
    }),
  )
  return { name, ...at, kind: 'filter', rules, fallback: 'accept', line: undefined }
}
