import {
  cableOf,
  exampleOf,
  filterPlaces,
  type GatewayPolicy,
  hidesHosts,
  lockNumber,
  type NatRule,
  type Prefix,
  type Selector,
  type TunnelEnd,
  type TunnelPolicy,
  textOf,
} from '@natplan/core'
import { endWords, packetWords, placeWords } from '../../filter-words.ts'
import { type OneToOne, oneToOneOf } from '../../one-to-one.ts'
import { capabilities } from './capabilities.ts'
import { deadPeerWords, dhGroupWords, encryptionWords, hashWords, isGcm, startWords } from './words.ts'

export interface SheetView {
  readonly site: string
  readonly outsideInterface: string
  readonly outsideAddress: string
  readonly insideInterface: string
  readonly mss: number | undefined
  /** The largest packet that passes unbroken, in bytes. */
  readonly mtu: number | undefined
  readonly translates: boolean
  /** Peers open connections to translated addresses. */
  readonly isCalled: boolean
  /** What only the peers call the site's subnets. */
  readonly discards: readonly { readonly prefix: string }[]
  /** Addresses of peers that hosts take for neighbours. */
  readonly proxied: readonly { readonly address: string }[]
  /** Selectors choose the packets of some tunnel. */
  readonly hasSelectors: boolean
  readonly exempts: boolean
  /** Whether some tunnel has a pre-shared key. */
  readonly hasKeys: boolean
  readonly tunnels: readonly TunnelSheet[]
}

interface TunnelSheet {
  readonly peer: string
  readonly localAddress: string
  readonly remoteAddress: string
  readonly localIdentity: string
  readonly remoteIdentity: string
  readonly localIdentityKind: string
  readonly remoteIdentityKind: string
  readonly authentication: string
  /** Names of what this gateway has; `undefined` with a key. */
  readonly certificate: string | undefined
  readonly ca: string | undefined
  readonly ikeVersion: number
  readonly ikeEncryption: string
  readonly ikeIntegrity: string
  readonly ikePrf: string
  readonly ikeGroup: string
  readonly ikeLifetime: number
  readonly espEncryption: string
  readonly espIntegrity: string
  readonly espGroup: string
  readonly espLifetime: number
  readonly deadPeerInterval: number
  /** `undefined` with IKEv2, which has no such setting. */
  readonly deadPeerTimeout: number | undefined
  readonly deadPeerAction: string
  readonly natTraversal: string
  readonly start: string
  readonly peerTriesOnce: boolean
  readonly selectors: readonly SelectorRow[]
  /** Some of what it carries is of sites beyond its ends. */
  readonly handsOn: boolean
  readonly source: readonly RuleRow[]
  /** Source rules that give many hosts few addresses. */
  readonly hiding: readonly RuleRow[]
  readonly destination: readonly RuleRow[]
  readonly forwards: readonly ForwardRow[]
  readonly exemptions: readonly RuleRow[]
  readonly hasNat: boolean
  /** The other end could do it instead. */
  readonly presumesNat: boolean
  /** What this gateway does in place of the peer. */
  readonly far: readonly RuleRow[]
  readonly virtualInterface: boolean
  readonly takesAll: boolean
  readonly linkAddress: string | undefined
  readonly routes: readonly { readonly prefix: string; readonly of: string }[]
  /** Selectors of several pairs. */
  readonly isCrowded: boolean
  readonly calls: readonly CallRow[]
  /** Of hosts that hide: nobody calls them back. */
  readonly callsOut: readonly CallRow[]
  readonly firewall: readonly FirewallRow[]
  readonly firstCall: CallRow | undefined
  /** Its host can be called, too. */
  readonly isMutual: boolean
}

/** A pair of prefixes, and the sites that they are of. */
interface SelectorRow {
  readonly number: number
  readonly local: string
  readonly localSite: string
  readonly remote: string
  readonly remoteSite: string
}

interface RuleRow {
  /** Of the pair, as its selector has it. */
  readonly number: number
  readonly source: string
  readonly destination: string
  readonly to: string
}

interface ForwardRow {
  readonly number: number
  readonly source: string
  readonly destination: string
  readonly service: string
  readonly to: string
  readonly toPort: number
}

/** One call from each side, with every address on the way. */
interface CallRow {
  readonly host: string
  readonly hostVisible: string
  readonly peerHost: string
}

/** Packets that firewalls must let pass, as they see them at one place. */
interface FirewallRow {
  readonly where: string
  readonly what: string
  readonly from: string
  readonly to: string
  readonly first: string
}

export function sheetView(policy: GatewayPolicy): SheetView {
  const {
    site,
    platform,
    outside,
    inside,
    tunnels,
    peersThatTryOnce = [],
    nat,
    discards,
    clamps,
    proxied = [],
  } = policy
  const rules = nat.map((rule) => ({ ...rule, pair: lockNumber(rule, platform) }))
  const mss = clamps.length > 0 ? Math.min(...clamps.map((clamp) => clamp.mss)) : undefined
  const isSix = tunnels.some(({ selectors }) => selectors.some(({ local }) => local.family === 6))
  return {
    site,
    outsideInterface: outside.interface,
    outsideAddress: textOf(outside.address),
    insideInterface: inside?.interface ?? 'the one towards the subnets of this site',
    mss,
    mtu: mss === undefined ? undefined : mss + (isSix ? 60 : 40),
    translates: nat.some(({ action }) => action.kind !== 'exempt'),
    isCalled: nat.some(({ direction }) => direction === 'destination'),
    hasKeys: tunnels.some(({ authentication }) => authentication.kind === 'key'),
    discards: discards.map((prefix) => ({ prefix: prefix.toString() })),
    proxied: proxied.map(({ address }) => ({ address: address.toString() })),
    hasSelectors: tunnels.some(({ through }) => through?.kind !== 'route'),
    exempts: nat.some(({ action }) => action.kind === 'exempt'),
    tunnels: tunnels.map((tunnel) => {
      const firewall = firewallRows({ ...policy, tunnels: [tunnel] })
      return { ...tunnelSheet(tunnel, policy, rules), firewall, peerTriesOnce: peersThatTryOnce.includes(tunnel.peer) }
    }),
  }
}

/** A rule with the number of the pair that it is for. */
type PairRule = NatRule & { readonly pair: number }

function tunnelSheet(
  tunnel: TunnelPolicy,
  policy: GatewayPolicy,
  rules: readonly PairRule[],
): Omit<TunnelSheet, 'peerTriesOnce' | 'firewall'> {
  const { peer, local, remote, ike } = tunnel
  const { own, far } = rulesOf(tunnel, policy, rules)
  const isMap = ({ direction, action }: PairRule) => direction === 'source' && action.kind === 'map'
  const farRows = ruleRows(far, isMap)
  const made = tunnel.selectors.flatMap((selector) => callRows(selector, { own, far }))
  const [calls, callsOut] = [false, true].map((isHidden) => made.filter((one) => one.isHidden === isHidden))
  const selectors = selectorRows(tunnel, policy)
  const source = ruleRows(own, (rule) => isMap(rule) && !hidesHosts(rule))
  return {
    peer,
    localAddress: textOf(local.address),
    remoteAddress: textOf(remote.address),
    ...authenticationWords(tunnel),
    localIdentity: local.identity,
    remoteIdentity: remote.identity,
    localIdentityKind: identityKind(local),
    remoteIdentityKind: identityKind(remote),
    ...proposalWords(tunnel),
    deadPeerInterval: ike.deadPeer.interval,
    deadPeerTimeout: ike.version === 1 ? ike.deadPeer.timeout : undefined,
    deadPeerAction: deadPeerWords[ike.deadPeer.action],
    natTraversal: tunnel.forceNatTraversal ? 'forced: UDP 4500 always' : 'automatic',
    start: startWords[tunnel.start],
    selectors,
    handsOn: tunnel.selectors.some(({ between }) => between !== undefined),
    source,
    hiding: ruleRows(own, hidesHosts),
    destination: ruleRows(own, ({ direction, service }) => direction === 'destination' && !service),
    forwards: own.flatMap(forwardRow),
    exemptions: ruleRows(own, ({ action }) => action.kind === 'exempt'),
    far: farRows,
    hasNat: own.length + farRows.length > 0,
    presumesNat: source.length > 0 && farRows.length === 0,
    ...virtualPart(tunnel, policy),
    isCrowded: selectors.length > 1,
    calls: calls ?? [],
    callsOut: callsOut ?? [],
    firstCall: made[0],
    isMutual: made[0]?.isHidden === false,
  }
}

/** Those of a tunnel with interfaces of its own name them; others have the numbers of its selectors. */
function rulesOf(
  tunnel: TunnelPolicy,
  policy: GatewayPolicy,
  rules: readonly PairRule[],
): { readonly own: readonly PairRule[]; readonly far: readonly PairRule[] } {
  const { selectors, through } = tunnel
  if (through?.kind !== 'route') {
    const numbers = new Set(selectors.flatMap(({ number, also = [] }) => [number, ...also]))
    return { own: rules.filter(({ pair }) => numbers.has(pair)), far: [] }
  }
  const cable = cableOf(policy, tunnel)
  const at = (name: string | undefined) => rules.filter((rule) => name !== undefined && rule.interface === name)
  return { own: at(cable?.near.name ?? through.interface), far: at(cable?.far.name) }
}

function selectorRows({ selectors, site: peer, through }: TunnelPolicy, { site }: GatewayPolicy): SelectorRow[] {
  const [first] = selectors
  if (first && through?.kind === 'route' && through.takes === 'any') {
    const { number } = first
    return [{ number, local: '0.0.0.0/0', localSite: 'all', remote: '0.0.0.0/0', remoteSite: 'all' }]
  }
  return selectors.map(({ number, local, remote, between = { local: site, remote: peer } }) => ({
    number,
    local: local.toString(),
    localSite: between.local ?? several,
    remote: remote.toString(),
    remoteSite: between.remote ?? several,
  }))
}

/** Of a summary. */
const several = 'several sites'

/** The site that a route is for. */
function siteBehind(prefix: Prefix, { selectors, site: peer }: TunnelPolicy): string {
  const found = selectors.find(({ remote, visible = remote }) => visible.equals(prefix))
  return found?.between ? (found.between.remote ?? several) : peer
}

function virtualPart(tunnel: TunnelPolicy, { interfaces, routes }: GatewayPolicy) {
  const { through, peer } = tunnel
  const isRouted = through?.kind === 'route'
  const own = interfaces.find((one) => one.kind === 'tunnel' && one.peer === peer)
  const names = new Set(interfaces.filter((one) => one.peer === peer).map(({ name }) => name))
  const into = routes.filter(({ to, vrf }) => to.kind !== 'nowhere' && vrf === undefined && names.has(to.interface))
  return {
    virtualInterface: isRouted,
    takesAll: isRouted && through.takes === 'any',
    linkAddress: own?.address && `${own.address.address}/${own.address.network.length}`,
    routes: isRouted ? into.map(({ prefix }) => ({ prefix: prefix.toString(), of: siteBehind(prefix, tunnel) })) : [],
  }
}

function proposalWords({ ike, esp }: TunnelPolicy) {
  const gcm = 'none of its own: GCM brings it'
  return {
    ikeVersion: ike.version,
    ikeEncryption: encryptionWords[ike.encryption],
    ikeIntegrity: isGcm(ike.encryption) ? gcm : hashWords[ike.hash],
    ikePrf: hashWords[ike.hash],
    ikeGroup: dhGroupWords[ike.dhGroup],
    ikeLifetime: ike.lifetime,
    espEncryption: encryptionWords[esp.encryption],
    espIntegrity: esp.hash === undefined ? gcm : hashWords[esp.hash],
    espGroup: esp.dhGroup === undefined ? 'off' : dhGroupWords[esp.dhGroup],
    espLifetime: esp.lifetime,
  }
}

function identityKind({ address, identity }: TunnelEnd): string {
  if (address.kind === 'known' && identity === address.address.toString()) return 'IP address'
  if (/^[0-9.]+$/.test(identity) || identity.includes(':')) return 'IP address (not that of the packets)'
  return identity.startsWith('@') ? 'name (FQDN, without the @)' : identity.includes('@') ? 'e-mail' : 'name (FQDN)'
}

function authenticationWords({ authentication }: TunnelPolicy) {
  if (authentication.kind === 'key') return { authentication: 'pre-shared key', certificate: undefined, ca: undefined }
  const { certificate, ca } = authentication.names
  return { authentication: 'certificate', certificate, ca }
}

function ruleRows(rules: readonly PairRule[], wanted: (rule: PairRule) => boolean): RuleRow[] {
  return rules.filter(wanted).flatMap((rule) => {
    const form = oneToOneOf(rule)
    return typeof form === 'string' ? [] : [ruleRow(rule, form)]
  })
}

function ruleRow({ pair }: PairRule, { source, destination, to, isShared }: OneToOne): RuleRow {
  const given = isShared ? endWords(to) : to.toString()
  return { number: pair, source: source.toString(), destination: destination.toString(), to: given }
}

function forwardRow({ pair, source, destination, service, action }: PairRule): ForwardRow[] {
  if (!service || !source || !destination || action.kind !== 'map') return []
  return [
    {
      number: pair,
      source: source.toString(),
      destination: endWords(destination),
      service: `${service.protocol.toUpperCase()} ${service.port}`,
      to: endWords(action.to),
      toPort: action.ports?.first ?? service.port,
    },
  ]
}

type MadeCall = CallRow & { readonly isHidden: boolean }

/** What hosts here call the prefix of a peer's hosts behind a pair of prefixes. */
function calledAs({ local, remote }: Pick<Selector, 'local' | 'remote'>, far: readonly PairRule[]): Prefix {
  const rule = far.find(
    ({ direction, source, destination }) =>
      direction === 'source' && source?.equals(remote) && destination?.equals(local),
  )
  return rule?.action.kind === 'map' ? rule.action.to : remote
}

/** A call for each subnet behind a pair of visible prefixes. */
function callRows(
  selector: Selector,
  { own: rules, far }: { readonly own: readonly PairRule[]; readonly far: readonly PairRule[] },
): MadeCall[] {
  const { number, also = [], local } = selector
  const sources = rules.filter(({ direction, pair }) => direction === 'source' && [number, ...also].includes(pair))
  const behind = sources.flatMap((rule) => (rule.source ? [{ real: rule.source, isHidden: hidesHosts(rule) }] : []))
  const called = calledAs(selector, far)
  const peerHost = exampleOf({ real: called, translated: called }).real
  return (behind.length > 0 ? behind : [{ real: local, isHidden: false }]).map(({ real, isHidden }) => {
    const own = exampleOf({ real, translated: local })
    return {
      ...{ host: own.real.toString(), hostVisible: own.translated.toString(), peerHost: peerHost.toString() },
      isHidden,
    }
  })
}

function firewallRows(policy: GatewayPolicy): FirewallRow[] {
  return filterPlaces(policy).flatMap((place) => {
    const where = placeWords(capabilities.filterWords, place)
    if (where === undefined) return []
    return place.passages.map((passage) => ({
      where,
      what: packetWords(passage),
      from: endWords(passage.source),
      to: endWords(passage.destination),
      first: passage.mayBeFirst ? 'first or answer' : 'answers only',
    }))
  })
}
