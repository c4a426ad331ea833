import {
  abilities,
  type Finding,
  findingOf,
  type GatewayPolicy,
  inPlan,
  lockNumber,
  type NamedAddress,
  type NatAction,
  type NatRule,
  ownPrefix,
  type Prefix,
  type TunnelPolicy,
} from '@natplan/core'
import type { RenderOptions } from '../platform.ts'
import type { Secret } from '../secret.ts'
import { type InterfacePlace, knownInterface, type VyattaDialect } from './dialect.ts'
import { compareNatural } from './natural-order.ts'
import { certificateFolder, peerKeyOf, remoteText } from './peer-key.ts'
import { interfaceKinds, type RoutedView, routedView } from './routed-view.ts'

/** What the templates of the family print. Lists are in the order in which a device shows them. */
export interface VyattaView extends FormerClamps, RoutedView {
  readonly site: string
  readonly outside: string
  /** The interfaces by which packets of tunnels leave. */
  readonly outsides: readonly { readonly name: string }[]
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
  /** Whether that is a virtual interface, which a tunnel is bound to or a cable. */
  readonly isBound: boolean
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
  /** What happens when the peer ends the tunnel; missing for nothing. */
  readonly closeAction: string | undefined
  readonly deadPeerAction: string
  readonly deadPeerInterval: number
  readonly deadPeerTimeout: number
  readonly espLifetime: number
  readonly espEncryption: string
  readonly espHash: string
  readonly pfs: string
  /** Whether the tunnel has a pre-shared key. */
  readonly hasKey: boolean
}

interface PeerView {
  readonly key: string
  readonly peer: string
  readonly group: string
  /** Missing where the tunnel starts from whatever address an interface gets, and that interface is named. */
  readonly localAddress: string | undefined
  readonly dhcpInterface: string | undefined
  readonly localIdentity: string
  readonly remoteAddress: string
  /** Where its packets come from, for people. */
  readonly from: string
  /** Missing where both ends have a key. */
  readonly certificate: CertificateView | undefined
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

/** Names of what the device has; on some members of the family those of files, and of the file with the private key. */
interface CertificateView {
  readonly certificate: string
  readonly ca: string
  readonly keyFile: string
}

interface ClampView extends InterfacePlace {
  readonly mss: number
}

/** The segment sizes again: those of natplan's own interfaces, and others by what is known of those that were there before. */
interface FormerClamps {
  readonly ownClamps: readonly ClampView[]
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
    policy.nat.filter((rule) => rule.direction === direction).map((rule) => natView(rule, policy, dialect))
  const clamps = clampViews(policy, dialect)
  const peers = policy.tunnels.map((tunnel) => peerView(tunnel, { dialect, secrets }))
  peers.sort((a, b) => compareNatural(a.key, b.key))
  const initiating = new Set<string>(policy.tunnels.filter(({ start }) => start === 'initiate').map(({ peer }) => peer))
  const view: VyattaView = {
    site: policy.site,
    outside: policy.outside.interface,
    outsides: [...new Set(policy.tunnels.map((tunnel) => tunnel.interface))].sort().map((name) => ({ name })),
    clamps: clamps.views,
    ...formerClamps(clamps.views, policy, former),
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

function natView(rule: NatRule, { interfaces }: GatewayPolicy, dialect: VyattaDialect): NatView {
  return {
    number: rule.number,
    description: rule.description ?? '',
    interface: rule.interface ?? dialect.anyInterface,
    isBound: interfaces.some(({ kind, name }) => kind !== 'feature' && name === rule.interface),
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
  { clamps, site, platform, interfaces }: GatewayPolicy,
  { clamp: form }: VyattaDialect,
): { readonly views: VyattaView['clamps']; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const views = clamps.flatMap(({ interface: target = '', mss }) => {
    if (form !== 'interface') return [{ kind: kindOf(target, interfaces), name: target, vif: undefined, mss }]
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

/** Of one of the policy's own. */
function kindOf(name: string, interfaces: GatewayPolicy['interfaces']): string {
  const own = interfaces.find((one) => one.name === name)
  return own ? interfaceKinds[own.kind] : ''
}

/** A size that is natplan's may have replaced another one, unless it is on an interface that natplan made. */
function formerClamps(
  clamps: readonly ClampView[],
  { interfaces }: GatewayPolicy,
  former: RenderOptions['former'],
): FormerClamps {
  const isOwn = ({ name }: ClampView) => interfaces.some(({ kind, name: own }) => kind !== 'feature' && own === name)
  const all = clamps
    .filter((clamp) => !isOwn(clamp))
    .map((clamp) => {
      const name = clamp.vif === undefined ? clamp.name : `${clamp.name}.${clamp.vif}`
      return { clamp, found: former?.find((one) => (one.interface ?? '') === name)?.mss }
    })
  const isUnknown = ({ clamp, found }: (typeof all)[number]) => !former || found === clamp.mss
  const known = all.filter((one) => !isUnknown(one))
  return {
    ownClamps: clamps.filter(isOwn),
    replacedClamps: known.flatMap(({ clamp, found }) => (found === undefined ? [] : [{ ...clamp, former: found }])),
    addedClamps: known.filter(({ found }) => found === undefined).map(({ clamp }) => clamp),
    unknownClamps: all.filter(isUnknown).map(({ clamp }) => clamp),
  }
}

function orderOf({ kind, name, vif }: InterfacePlace): string {
  return `${kind} ${name} ${vif ?? ''}`
}

function groupView(tunnel: TunnelPolicy, dialect: VyattaDialect): GroupView {
  const { peer, ike, esp, authentication, start, peerStart } = tunnel
  const espHash = esp.hash === undefined ? (dialect.gcmHash ?? dialect.hashes[ike.hash]) : dialect.hashes[esp.hash]
  return {
    name: `${ownPrefix}${peer}`,
    ikeVersion: dialect.ikeVersion?.words[ike.version] ?? '',
    ikeLifetime: ike.lifetime,
    ikeEncryption: ike.encryption,
    ikeHash: dialect.hashes[ike.hash],
    ikeDhGroup: ike.dhGroup,
    // A peer that only answers does not call again itself.
    closeAction: start === 'initiate' && peerStart === 'respond' ? dialect.reopens : undefined,
    deadPeerAction: ike.deadPeer.action === 'trap' ? dialect.deadPeerTrap : ike.deadPeer.action,
    deadPeerInterval: ike.deadPeer.interval,
    deadPeerTimeout: ike.deadPeer.timeout,
    espLifetime: esp.lifetime,
    espEncryption: esp.encryption,
    espHash,
    pfs: esp.dhGroup === undefined ? 'disable' : `dh-group${esp.dhGroup}`,
    hasKey: authentication.kind === 'key',
  }
}

function peerView(
  tunnel: TunnelPolicy,
  { dialect, secrets }: { readonly dialect: VyattaDialect; readonly secrets: ReadonlyMap<string, Secret> },
): PeerView {
  const { peer, local, remote, start, forceNatTraversal, selectors, through } = tunnel
  // The device only answers a peer that may be anywhere, whatever stands there.
  const word = dialect.starts[start] ?? (remote.address.kind === 'any' ? dialect.starts.trap : undefined)
  if (word === undefined) throw new Error(`${dialect.platform} has no word for start: ${start}`)
  return {
    key: peerKeyOf(tunnel, dialect),
    peer,
    group: `${ownPrefix}${peer}`,
    ...localView(local.address, dialect),
    localIdentity: local.identity,
    remoteAddress: remoteText(remote.address),
    from: remote.address.kind === 'any' ? 'anywhere' : remoteText(remote.address),
    certificate: certificateView(tunnel, dialect),
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

/** Interfaces that get their address in another way than by DHCP. */
const dialled = /^(?:ppp|wwan|wlm|lte)/

function localView(
  address: NamedAddress,
  { peerKey }: VyattaDialect,
): Pick<PeerView, 'localAddress' | 'dhcpInterface'> {
  if (address.kind === 'known') return { localAddress: address.address.toString(), dhcpInterface: undefined }
  const name = address.kind === 'dynamic' ? address.interface : undefined
  if (peerKey === 'name' || name === undefined || dialled.test(name)) {
    return { localAddress: 'any', dhcpInterface: undefined }
  }
  return { localAddress: undefined, dhcpInterface: name }
}

function certificateView({ authentication }: TunnelPolicy, { peerKey }: VyattaDialect): CertificateView | undefined {
  if (authentication.kind !== 'certificate') return undefined
  const { certificate, ca } = authentication.names
  if (peerKey === 'name') return { certificate, ca, keyFile: '' }
  return {
    certificate: `${certificateFolder}${certificate}.pem`,
    ca: `${certificateFolder}${ca}.pem`,
    keyFile: `${certificateFolder}${certificate}.key`,
  }
}

/** One try for each tunnel: from a real address of the near side to what it sees of the far side. */
function trialsOf({ tunnels, nat, platform }: GatewayPolicy): TrialView[] {
  const realOf = new Map<number, Prefix>()
  for (const rule of nat) {
    if (rule.direction === 'source' && rule.source) realOf.set(lockNumber(rule, platform), rule.source)
  }
  return tunnels.flatMap(({ peer, selectors: [first] }) =>
    first
      ? [{ from: hostIn(realOf.get(first.number) ?? first.local), to: hostIn(first.visible ?? first.remote), peer }]
      : [],
  )
}

/** An address that people use: not the first, which is often the router's, where there is room. */
function hostIn(prefix: Prefix): string {
  const size = Number(prefix.size)
  return prefix.at(prefix.family === 6 ? BigInt(Math.min(5, size - 1)) : size > 8 ? 5 : size > 2 ? 1 : 0).toString()
}
