import {
  abilities,
  type Finding,
  findingOf,
  type GatewayPolicy,
  inPlan,
  lockNumber,
  type NatAction,
  type NatRule,
  type Prefix,
  type TunnelPolicy,
} from '@natplan/core'
import type { RenderOptions } from '../platform.ts'
import type { Secret } from '../secret.ts'
import { type InterfacePlace, knownInterface, ownPrefix, type VyattaDialect } from './dialect.ts'
import { type RoutedView, routedView } from './routed-view.ts'

/** What the templates of the family print. Lists are in the order in which a device shows them. */
export interface VyattaView extends FormerClamps, RoutedView {
  readonly site: string
  readonly outside: string
  /** With `kind` on platforms whose tree has interfaces by kind. */
  readonly clamps: readonly ClampView[]
  readonly destinations: readonly NatView[]
  readonly sources: readonly NatView[]
  readonly groups: readonly GroupView[]
  readonly peers: readonly PeerView[]
  /** The peers to which this gateway brings the tunnel up by itself. */
  readonly initiators: readonly { readonly key: string }[]
  /** What only the peers call the site's subnets; in use nowhere at the site. */
  readonly discards: readonly { readonly node: string; readonly prefix: string }[]
  readonly trials: readonly TrialView[]
}

interface NatView {
  readonly number: number
  readonly description: string
  /** Missing where a rule without one is for all. */
  readonly interface: string | undefined
  readonly source: string
  readonly destination: string
  /** Missing for an exemption. */
  readonly translation: string | undefined
  /** Of a forward; a rule without is for all packets. */
  readonly protocol: string | undefined
  readonly port: number | undefined
  /** The port of the host, where it is another one. */
  readonly toPort: number | undefined
}

interface GroupView {
  readonly name: string
  readonly ikeVersion: string
  readonly ikeLifetime: number
  readonly ikeEncryption: string
  readonly ikeHash: string
  readonly ikeDhGroup: number
  readonly deadPeerAction: string
  readonly deadPeerInterval: number
  readonly deadPeerTimeout: number
  readonly espLifetime: number
  readonly espEncryption: string
  readonly espHash: string
  readonly pfs: string
}

interface PeerView {
  readonly key: string
  readonly peer: string
  readonly group: string
  readonly localAddress: string
  readonly localIdentity: string
  readonly remoteAddress: string
  readonly remoteIdentity: string
  readonly start: string
  readonly forceNatTraversal: boolean
  /** Missing when the key is not known or not to be shown. */
  readonly secret: string | undefined
  /** The virtual interface that the tunnel is bound to. */
  readonly bind: string | undefined
  /** None where it is bound and takes everything. */
  readonly tunnels: readonly {
    readonly number: number
    readonly local: string
    readonly remote: string
    readonly interface: string | undefined
  }[]
}

interface ClampView extends InterfacePlace {
  readonly mss: number
}

/** The segment sizes again, by what is known of those that were there before natplan's. */
interface FormerClamps {
  readonly replacedClamps: readonly (ClampView & { readonly former: number })[]
  readonly addedClamps: readonly ClampView[]
  readonly unknownClamps: readonly ClampView[]
}

/** A pair of addresses to try, by hand, from a host. */
interface TrialView {
  readonly from: string
  readonly to: string
  readonly peer: string
}

/** The view of a policy; what the dialect cannot say is an error finding. */
export function viewOf(
  policy: GatewayPolicy,
  { dialect, secrets, former }: { readonly dialect: VyattaDialect } & Pick<RenderOptions, 'secrets' | 'former'>,
): { readonly view: VyattaView; readonly findings: readonly Finding[] } {
  const nat = (direction: NatRule['direction']) =>
    policy.nat.filter((rule) => rule.direction === direction).map((rule) => natView(rule, dialect))
  const clamps = clampViews(policy, dialect)
  const peers = policy.tunnels.map((tunnel) => peerView(tunnel, { dialect, secrets }))
  peers.sort((a, b) => compareNatural(a.key, b.key))
  const initiating = new Set<string>(policy.tunnels.filter(({ start }) => start === 'initiate').map(({ peer }) => peer))
  const view: VyattaView = {
    site: policy.site,
    outside: policy.outside.interface,
    clamps: clamps.views,
    ...formerClamps(clamps.views, former),
    ...routedView(policy),
    destinations: nat('destination'),
    sources: nat('source'),
    groups: policy.tunnels.map((tunnel) => groupView(tunnel, dialect)).sort((a, b) => compareNatural(a.name, b.name)),
    peers,
    initiators: peers.filter(({ peer }) => initiating.has(peer)).map(({ key }) => ({ key })),
    discards: policy.discards.map((prefix) => ({
      node: prefix.family === 4 ? 'route' : 'route6',
      prefix: prefix.toString(),
    })),
    trials: trialsOf(policy),
  }
  return { view, findings: [...clamps.findings, ...policy.nat.flatMap((rule) => unsupported(rule, policy))] }
}

function natView(rule: NatRule, dialect: VyattaDialect): NatView {
  return {
    number: rule.number,
    description: rule.description ?? '',
    interface: rule.interface ?? dialect.anyInterface,
    source: rule.source ? prefixText(rule.source, dialect) : '',
    destination: rule.destination ? prefixText(rule.destination, dialect) : '',
    translation: translationText(rule, dialect),
    protocol: rule.service?.protocol,
    port: rule.service?.port,
    toPort: rule.action.kind === 'map' ? rule.action.ports?.first : undefined,
  }
}

/** A single address is written plainly where it does not stand for one other: with a length it would be a prefix that theirs is mapped to. */
function translationText({ action, source, direction, service }: NatRule, dialect: VyattaDialect): string | undefined {
  if (action.kind === 'pool') return `${action.first}-${action.last}`
  if (action.kind !== 'map') return undefined
  const isShared = service !== undefined || (direction === 'source' && source?.length !== action.to.length)
  return isShared ? action.to.first.toString() : prefixText(action.to, dialect)
}

function prefixText(prefix: Prefix, { plainAddresses }: VyattaDialect): string {
  const isSingle = prefix.bits === prefix.lastBits
  return plainAddresses && isSingle ? prefix.first.toString() : prefix.toString()
}

/** Policies that natplan derives have prefixes, an interface and a description in every rule; others are not written. */
function unsupported(rule: NatRule, { platform, site }: GatewayPolicy): Finding[] {
  const canBeWritten =
    rule.source !== undefined &&
    rule.destination !== undefined &&
    (rule.interface !== undefined || (rule.direction === 'source' && abilities[platform].sourceRulesEverywhere)) &&
    rule.description !== undefined &&
    (rule.action.kind === 'exempt' || (isTranslating(rule.action) && portsFit(rule)))
  if (canBeWritten) return []
  const message = `${rule.direction} rule ${rule.number} of ${site} is of a kind that natplan does not write for ${platform}`
  return [findingOf('POLICY_UNSUPPORTED', inPlan(['sites', site, 'gateway']), { message })]
}

/** Only a forward changes a port, and to a single one. */
function portsFit({ service, action }: NatRule): boolean {
  const ports = 'ports' in action ? action.ports : undefined
  return ports === undefined || (service !== undefined && ports.first === ports.last)
}

function isTranslating({ kind }: NatAction): boolean {
  return kind === 'map' || kind === 'pool'
}

function clampViews(
  { clamps, site, platform }: GatewayPolicy,
  { clamp: form }: VyattaDialect,
): { readonly views: VyattaView['clamps']; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const views = clamps.flatMap(({ interface: target = '', mss }) => {
    if (form !== 'interface') return [{ kind: '', name: target, vif: undefined, mss }]
    const known = knownInterface(target)
    if (known?.takesSegmentSize) return [{ ...known.place, mss }]
    const message = known
      ? `${platform} has no segment size for ${target}, since it is a ${known.place.kind} interface`
      : `natplan does not know of which kind the interface ${target} is on ${platform}`
    const hint = known
      ? `set "ip adjust-mss ${mss}" on the interfaces by which packets of the tunnels leave`
      : `set "ip adjust-mss ${mss}" on it by hand`
    findings.push(findingOf('MSS_BY_HAND', inPlan(['sites', site, 'gateway']), { message, hint }))
    return []
  })
  return { views: views.sort((a, b) => compareNatural(orderOf(a), orderOf(b))), findings }
}

/** A size that is natplan's may have replaced another one. */
function formerClamps(clamps: readonly ClampView[], former: RenderOptions['former']): FormerClamps {
  const all = clamps.map((clamp) => {
    const name = clamp.vif === undefined ? clamp.name : `${clamp.name}.${clamp.vif}`
    return { clamp, found: former?.find((one) => (one.interface ?? '') === name)?.mss }
  })
  const isUnknown = ({ clamp, found }: (typeof all)[number]) => !former || found === clamp.mss
  const known = all.filter((one) => !isUnknown(one))
  return {
    replacedClamps: known.flatMap(({ clamp, found }) => (found === undefined ? [] : [{ ...clamp, former: found }])),
    addedClamps: known.filter(({ found }) => found === undefined).map(({ clamp }) => clamp),
    unknownClamps: all.filter(isUnknown).map(({ clamp }) => clamp),
  }
}

function orderOf({ kind, name, vif }: InterfacePlace): string {
  return `${kind} ${name} ${vif ?? ''}`
}

function groupView({ peer, ike, esp }: TunnelPolicy, dialect: VyattaDialect): GroupView {
  const espHash = esp.hash === undefined ? (dialect.gcmHash ?? dialect.hashes[ike.hash]) : dialect.hashes[esp.hash]
  return {
    name: `${ownPrefix}${peer}`,
    ikeVersion: dialect.ikeVersion?.words[ike.version] ?? '',
    ikeLifetime: ike.lifetime,
    ikeEncryption: ike.encryption,
    ikeHash: dialect.hashes[ike.hash],
    ikeDhGroup: ike.dhGroup,
    deadPeerAction: ike.deadPeer.action === 'trap' ? dialect.deadPeerTrap : ike.deadPeer.action,
    deadPeerInterval: ike.deadPeer.interval,
    deadPeerTimeout: ike.deadPeer.timeout,
    espLifetime: esp.lifetime,
    espEncryption: esp.encryption,
    espHash,
    pfs: esp.dhGroup === undefined ? 'disable' : `dh-group${esp.dhGroup}`,
  }
}

function peerView(
  tunnel: TunnelPolicy,
  { dialect, secrets }: { readonly dialect: VyattaDialect; readonly secrets: ReadonlyMap<string, Secret> },
): PeerView {
  const { peer, local, remote, start, forceNatTraversal, selectors, through } = tunnel
  const word = dialect.starts[start]
  if (word === undefined) throw new Error(`${dialect.platform} has no word for start: ${start}`)
  return {
    key: dialect.peerKey === 'name' ? `${ownPrefix}${peer}` : remote.address.toString(),
    peer,
    group: `${ownPrefix}${peer}`,
    localAddress: local.address.toString(),
    localIdentity: local.identity,
    remoteAddress: remote.address.toString(),
    remoteIdentity: remote.identity,
    start: word,
    forceNatTraversal,
    secret: secrets.get(peer)?.reveal(),
    bind: through?.kind === 'route' ? through.interface : undefined,
    tunnels: (through?.kind === 'route' && through.takes === 'any' ? [] : selectors).map((one) => ({
      number: one.number,
      local: one.local.toString(),
      remote: one.remote.toString(),
      interface: through?.kind === 'feature' ? through.interface : undefined,
    })),
  }
}

/** One try for each tunnel: from a real address of the near side to what it sees of the far side. */
function trialsOf({ tunnels, nat, platform }: GatewayPolicy): TrialView[] {
  const realOf = new Map<number, Prefix>()
  for (const rule of nat) {
    if (rule.direction === 'source' && rule.source) realOf.set(lockNumber(rule, platform), rule.source)
  }
  return tunnels.flatMap(({ peer, selectors: [first] }) =>
    first ? [{ from: hostIn(realOf.get(first.number) ?? first.local), to: hostIn(first.remote), peer }] : [],
  )
}

/** An address that people use: not the first, which is often the router's, where there is room. */
function hostIn(prefix: Prefix): string {
  const size = Number(prefix.size)
  return prefix.at(prefix.family === 6 ? BigInt(Math.min(5, size - 1)) : size > 8 ? 5 : size > 2 ? 1 : 0).toString()
}

/** Names as the devices sort them: runs of digits by value. */
function compareNatural(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? []
  const left = parts(a)
  const right = parts(b)
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index] ?? ''
    const other = right[index] ?? ''
    if (one === other) continue
    const isNumeric = /^\d/.test(one) && /^\d/.test(other)
    if (isNumeric && Number(one) !== Number(other)) return Number(one) - Number(other)
    return one < other ? -1 : 1
  }
  return 0
}
