import type { Address } from '../address/address.ts'
import type { EspProposal, IkeProposal, ParsedTunnel } from '../policy/parsed-policy.ts'
import type { ConfiguredGateway, TracedSite, World } from './world.ts'

/** One end of a tunnel. */
export interface TunnelSide {
  readonly gateway: ConfiguredGateway
  readonly tunnel: ParsedTunnel
}

/** Something that the two ends of a tunnel cannot agree on. */
export interface NegotiationFault {
  readonly kind: 'version' | 'ike-proposal' | 'esp-proposal' | 'pfs' | 'identity' | 'address' | 'key' | 'start'
  readonly message: string
  /** The tunnel comes up all the same and fails at its first rekeying. */
  readonly isDelayed?: boolean
}

/** What keeps the tunnel of two gateways from coming up; empty when nothing in the two configurations does. */
export function negotiationFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  return checks.flatMap((check) => check(here, there))
}

const checks: readonly ((here: TunnelSide, there: TunnelSide) => NegotiationFault[])[] = [
  addressFaults,
  versionFaults,
  ikeFaults,
  espFaults,
  identityFaults,
  keyFaults,
  startFaults,
]

/** Reports whether an address as a configuration names it stands for any: `0.0.0.0` and `::` are how devices write that. */
export function isAnyAddress({ bits }: Address): boolean {
  return bits === 0 || bits === 0n
}

/** Reports whether packets to what one end names as its peer arrive at the other end. */
function leadsTo({ tunnel: { remote } }: TunnelSide, { gateway, tunnel }: TunnelSide): boolean {
  if (isAnyAddress(remote.address) || remote.address.equals(tunnel.local.address)) return true
  if (!gateway.outside.addresses.some((address) => address.equals(remote.address))) return false
  // Another tunnel's own address is not that of a NAT in front of this one.
  const isOfAnother = gateway.policy.tunnels.some(({ local }) => local.address.equals(remote.address))
  return !isOfAnother || isAnyAddress(tunnel.local.address)
}

function addressFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const messages = []
  if (!leadsTo(here, there)) {
    messages.push(`the peer's address is ${here.tunnel.remote.address} here, but ${nameOf(here)} is ${own(there)}`)
  }
  if (!leadsTo(there, here)) {
    messages.push(
      `${nameOf(here)} expects its peer at ${there.tunnel.remote.address}, but this gateway is ${own(here)}`,
    )
  }
  return messages.map((message) => ({ kind: 'address', message }))
}

function own({ gateway, tunnel }: TunnelSide): string {
  return [...new Set([tunnel.local.address, ...gateway.outside.addresses].map(String))].join(' or ')
}

/** The other end, as this end calls it. */
function nameOf({ tunnel }: TunnelSide): string {
  return tunnel.peer
}

function versionFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const [one, other] = [here.tunnel.ike.version, there.tunnel.ike.version]
  if (one === other) return []
  return [{ kind: 'version', message: `IKEv${one} here, IKEv${other} at ${nameOf(here)}` }]
}

function ikeFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const [ours, theirs] = [ikeOffers(here), ikeOffers(there)]
  if (ours.some((one) => theirs.some((other) => ikeText(one) === ikeText(other)))) return []
  const message = `no IKE proposal in common: ${ours.map(ikeText).join(', ')} here, ${theirs.map(ikeText).join(', ')} at ${nameOf(here)}`
  return [{ kind: 'ike-proposal', message }]
}

function ikeOffers({ gateway, tunnel }: TunnelSide): readonly IkeProposal[] {
  return gateway.proposals.get(tunnel.peer)?.ike ?? [tunnel.ike]
}

function ikeText({ encryption, hash, dhGroup }: IkeProposal): string {
  return `${encryption}/${hash}/DH ${dhGroup}`
}

/** With GCM the hash has no meaning. */
function espText({ encryption, hash }: EspProposal): string {
  return hash === undefined || encryption.includes('gcm') ? encryption : `${encryption}/${hash}`
}

function espFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const [ours, theirs] = [espOffers(here), espOffers(there)]
  const pairs = ours.flatMap((one) =>
    theirs.filter((other) => espText(one) === espText(other)).map((other) => [one, other] as const),
  )
  if (pairs.some(([one, other]) => one.dhGroup === other.dhGroup)) return []
  const [first] = pairs
  if (!first) {
    const message = `no ESP proposal in common: ${ours.map(espText).join(', ')} here, ${theirs.map(espText).join(', ')} at ${nameOf(here)}`
    return [{ kind: 'esp-proposal', message }]
  }
  const message = `perfect forward secrecy: ${pfsText(first[0])} here, ${pfsText(first[1])} at ${nameOf(here)}`
  return [{ kind: 'pfs', message, ...(isFirstChildSpared(here, there) ? { isDelayed: true } : {}) }]
}

/** IKEv2 makes the first child without an exchange of its own (RFC 7296, section 1.2), so the group is compared later. */
function isFirstChildSpared(here: TunnelSide, there: TunnelSide): boolean {
  return [here, there].every(({ tunnel }) => tunnel.ike.version === 2 && tunnel.selectors.length === 1)
}

function espOffers({ gateway, tunnel }: TunnelSide): readonly EspProposal[] {
  return gateway.proposals.get(tunnel.peer)?.esp ?? [tunnel.esp]
}

function pfsText({ dhGroup }: EspProposal): string {
  return dhGroup === undefined ? 'none' : `DH ${dhGroup}`
}

function identityFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const messages = []
  if (!accepts(here, there)) {
    messages.push(
      `${nameOf(here)} says that it is ${there.tunnel.local.identity}, this gateway expects ${here.tunnel.remote.identity}`,
    )
  }
  if (!accepts(there, here)) {
    messages.push(
      `this gateway says that it is ${here.tunnel.local.identity}, ${nameOf(here)} expects ${there.tunnel.remote.identity}`,
    )
  }
  return messages.map((message) => ({ kind: 'identity', message }))
}

/** Reports whether one end takes the identity that the other sends. */
function accepts({ tunnel: { remote } }: TunnelSide, { tunnel: { local } }: TunnelSide): boolean {
  return anyIdentities.has(remote.identity) || plainIdentity(remote.identity) === plainIdentity(local.identity)
}

const anyIdentities: ReadonlySet<string> = new Set(['%any', '%any4', '%any6', 'any', '0.0.0.0', '::'])

/** `@` only says that a name follows; names are compared without regard to case. */
function plainIdentity(identity: string): string {
  return identity.replace(/^@/, '').toLowerCase()
}

function keyFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  const [one, other] = [here, there].map(({ gateway, tunnel }) => gateway.keyDigests.get(tunnel.peer))
  if (one === undefined || other === undefined || one === other) return []
  return [{ kind: 'key', message: `the pre-shared key is not the one of ${nameOf(here)}` }]
}

function startFaults(here: TunnelSide, there: TunnelSide): NegotiationFault[] {
  if (here.tunnel.start !== 'respond' || there.tunnel.start !== 'respond') return []
  return [{ kind: 'start', message: `both this gateway and ${nameOf(here)} wait for the other to begin` }]
}

/** One end of a tunnel, with its site. */
export interface PeerEnd {
  readonly site: TracedSite
  readonly tunnel: ParsedTunnel
}

/**
 * The other ends of a tunnel: those whose addresses fit crosswise; where none does, those of which one address fits, so that a slip in
 * the other can be named. Several only where identities and selectors do not tell them apart; none when its gateway is not in the
 * world. The first question about a world costs one pass over it, further ones next to nothing.
 */
export function peerOf(world: World, site: TracedSite, tunnel: ParsedTunnel): readonly PeerEnd[] {
  const index = indexOf(world)
  const here = { site, tunnel }
  const owners = (index.owners.get(keyOf(tunnel.remote.address)) ?? []).filter((owner) => owner !== site)
  const own = index.addresses.get(site) ?? []
  const pointing = () => own.flatMap((address) => index.pointingAt.get(address) ?? [])
  const candidates = isAnyAddress(tunnel.remote.address)
    ? pointing()
    : owners.flatMap((owner) => tunnelsTo(index, owner, [...own, anyKey]))
  const fitting = candidates.filter((end) => end.site !== site && reaches(here, end) && reaches(end, here))
  if (fitting.length > 0) return likeliest(here, fitting)
  const strays = owners.flatMap((owner) => index.strays.get(owner) ?? []).filter((end) => reaches(here, end))
  const unanswered = owners.length > 0 ? [] : pointing().filter((end) => !isAnswered(index, site, end))
  return likeliest(here, [...strays, ...unanswered.filter((end) => end.site !== site && reaches(end, here))])
}

function reaches(here: PeerEnd, there: PeerEnd): boolean {
  return leadsTo(sideOf(here), sideOf(there))
}

export function sideOf({ site, tunnel }: PeerEnd): TunnelSide {
  return { gateway: site.gateway, tunnel }
}

interface PeerIndex {
  /** All addresses of each site's gateway. */
  readonly addresses: ReadonlyMap<TracedSite, readonly string[]>
  /** Sites by the addresses of their gateways. */
  readonly owners: ReadonlyMap<string, readonly TracedSite[]>
  /** Tunnels by the address that they lead to. */
  readonly pointingAt: ReadonlyMap<string, readonly PeerEnd[]>
  /** The same for each site. */
  readonly bySite: ReadonlyMap<TracedSite, ReadonlyMap<string, readonly PeerEnd[]>>
  /** The tunnels of each site that lead to an address of nobody. */
  readonly strays: ReadonlyMap<TracedSite, readonly PeerEnd[]>
}

const indexes = new WeakMap<World, PeerIndex>()

function indexOf(world: World): PeerIndex {
  const known = indexes.get(world)
  if (known) return known
  const sites = [...world.sites.values()]
  const addresses = new Map(sites.map((site) => [site, addressesOf(site)]))
  const owners = grouped([...addresses].flatMap(([site, own]) => own.map((address) => [address, site] as const)))
  const ends = sites.map((site) => site.gateway.policy.tunnels.map((tunnel) => ({ site, tunnel })))
  const byRemote = (some: readonly PeerEnd[]) =>
    grouped(some.map((end) => [keyOf(end.tunnel.remote.address), end] as const))
  const isStray = ({ tunnel: { remote } }: PeerEnd) =>
    !isAnyAddress(remote.address) && !owners.has(keyOf(remote.address))
  const index = {
    addresses,
    owners,
    pointingAt: byRemote(ends.flat()),
    bySite: new Map(sites.map((site, at) => [site, byRemote(ends[at] ?? [])])),
    strays: new Map(sites.map((site, at) => [site, (ends[at] ?? []).filter(isStray)])),
  }
  indexes.set(world, index)
  return index
}

const anyKey = 'any'

function keyOf(address: Address): string {
  return isAnyAddress(address) ? anyKey : address.toString()
}

function addressesOf({ gateway }: TracedSite): string[] {
  const addresses = [...gateway.outside.addresses, ...gateway.policy.tunnels.map(({ local }) => local.address)]
  return [...new Set(addresses.filter((address) => !isAnyAddress(address)).map(String))]
}

function tunnelsTo({ bySite }: PeerIndex, site: TracedSite, keys: readonly string[]): PeerEnd[] {
  return keys.flatMap((key) => bySite.get(site)?.get(key) ?? [])
}

/** Reports whether some tunnel of a site leads to the gateway of an end. */
function isAnswered({ bySite, addresses }: PeerIndex, site: TracedSite, end: PeerEnd): boolean {
  const ends = bySite.get(site)
  return (addresses.get(end.site) ?? []).some((address) => ends?.has(address))
}

/** Gateways can be joined by several tunnels, and any number of peers may have an address that is not known beforehand. */
function likeliest(here: PeerEnd, ends: readonly PeerEnd[]): readonly PeerEnd[] {
  if (ends.length < 2) return ends
  const known = ends.filter((end) => accepts(sideOf(here), sideOf(end)) && accepts(sideOf(end), sideOf(here)))
  const left = known.length > 0 ? known : ends
  const mirrored = left.filter((end) => hasMirror(here, end))
  return mirrored.length > 0 ? mirrored : left
}

function hasMirror({ tunnel }: PeerEnd, { tunnel: other }: PeerEnd): boolean {
  const theirs = new Set(other.selectors.map(({ local, remote }) => `${remote} ${local}`))
  return tunnel.selectors.some(({ local, remote }) => theirs.has(`${local} ${remote}`))
}

function grouped<K, V>(pairs: readonly (readonly [K, V])[]): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const [key, value] of pairs) {
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}
