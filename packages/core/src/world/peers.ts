import type { Address } from '../address/address.ts'
import type { Doubt } from '../device/device.ts'
import {
  acceptsIdentity,
  hasUnknownAddresses,
  knownAddresses,
  leadsTo,
  type PeerEnd,
  plainIdentity,
  sharesIdentity,
} from './ends.ts'
import type { World, WorldSite } from './world.ts'

export interface Peers {
  /** Several only where addresses, identities and selectors do not tell them apart. */
  readonly ends: readonly PeerEnd[]
  /** Why an end may be missing: the other gateway has something that was not understood. */
  readonly doubt: (Doubt & { readonly site: string }) | undefined
}

/**
 * The other ends of a tunnel: those whose addresses fit crosswise, or whose identities do where addresses are not known; where none does,
 * those of which one address fits, so that a slip in the other can be named. None when its gateway is not in the world. The first question
 * about a world costs one pass over it, further ones next to nothing.
 */
export function peersOf(world: World, here: PeerEnd): Peers {
  const index = indexOf(world)
  const known = index.answers.get(here.tunnel)
  if (known) return known
  const answer = answerFor(world, index, here)
  index.answers.set(here.tunnel, answer)
  return answer
}

/** What looks like a slip is none where the tunnel that is meant may be among what was not understood. */
function answerFor(world: World, index: PeerIndex, here: PeerEnd): Peers {
  const fitting = fittingEnds(index, here)
  const agreeing = fitting.filter((end) => nameEachOther(here, end) || agreeOnNames(here, end))
  if (agreeing.length > 0) return { ends: likeliest(here, agreeing), doubt: undefined }
  // An end whose address is not known and whose name is another one is no likelier than one with a slip in its address.
  if (fitting.length > 0) {
    return { ends: likeliest(here, [...new Set([...fitting, ...slips(index, here)])]), doubt: undefined }
  }
  const doubt = doubtAbout(world, index, here)
  return { ends: doubt ? [] : likeliest(here, slips(index, here)), doubt }
}

function fittingEnds(index: PeerIndex, here: PeerEnd): readonly PeerEnd[] {
  const { remote } = here.tunnel
  const own = index.addresses.get(here.site) ?? []
  const owners = ownersOf(index, here)
  // Who owns the address is asked first: many tunnels may lead to one hub.
  const pointing = owners.length > 0 ? [] : pointingAt(index, here)
  const identity = remote.identity === undefined ? undefined : plainIdentity(remote.identity)
  const named = identity === undefined ? [] : leadingBack(here, index.byIdentity.get(identity), own)
  const answering = owners.flatMap((owner) => tunnelsTo(index, owner, [...own, openKey]))
  const candidates = [...new Set([...answering, ...pointing, ...named])].filter(({ site }) => site !== here.site)
  return candidates.filter((end) => belongsTo(here, end))
}

/** Of many ends with one identity those that may lead to an end. */
function leadingBack(
  { site, tunnel }: PeerEnd,
  byRemote: ReadonlyMap<string, readonly PeerEnd[]> | undefined,
  own: readonly string[],
): readonly PeerEnd[] {
  if (!byRemote) return []
  const mayHaveAny = tunnel.local.address.kind !== 'known' && hasUnknownAddresses(site)
  return mayHaveAny ? [...byRemote.values()].flat() : [...own, openKey].flatMap((key) => byRemote.get(key) ?? [])
}

/** Ends of which one address is right and the other that of nobody. */
function slips(index: PeerIndex, here: PeerEnd): readonly PeerEnd[] {
  const owners = ownersOf(index, here)
  const strays = owners.flatMap((owner) => index.strays.get(owner) ?? []).filter((end) => leadsTo(here, end) === 'yes')
  const unanswered =
    owners.length > 0 ? [] : pointingAt(index, here).filter((end) => !isAnswered(index, here.site, end))
  return [...strays, ...unanswered.filter((end) => end.site !== here.site && leadsTo(end, here) === 'yes')]
}

function pointingAt({ addresses, pointingAt: pointing }: PeerIndex, { site }: PeerEnd): readonly PeerEnd[] {
  return (addresses.get(site) ?? []).flatMap((address) => pointing.get(address) ?? [])
}

function isAtItsAddress(here: PeerEnd, there: PeerEnd): boolean {
  return leadsTo(here, there) === 'yes' && leadsTo(there, here) === 'yes'
}

/** An end that takes anybody names nobody. */
function nameEachOther(here: PeerEnd, there: PeerEnd): boolean {
  return namesAddress(here) && namesAddress(there) && isAtItsAddress(here, there)
}

function agreeOnNames(here: PeerEnd, there: PeerEnd): boolean {
  return acceptsIdentity(here, there) !== 'no' && acceptsIdentity(there, here) !== 'no'
}

/** Two ends belong together when nothing speaks against it and something does for it. */
function belongsTo(here: PeerEnd, there: PeerEnd): boolean {
  const [to, back] = [leadsTo(here, there), leadsTo(there, here)]
  if (to === 'no' || back === 'no') return false
  const isNamed = (to === 'yes' && namesAddress(here)) || (back === 'yes' && namesAddress(there))
  return isNamed || sharesIdentity(here, there) || sharesIdentity(there, here)
}

function namesAddress({ tunnel }: PeerEnd): boolean {
  return tunnel.remote.address.kind === 'known'
}

function ownersOf({ owners }: PeerIndex, { site, tunnel }: PeerEnd): readonly WorldSite[] {
  const { address } = tunnel.remote
  if (address.kind !== 'known') return []
  return (owners.get(address.address.toString()) ?? []).filter((owner) => owner !== site)
}

/** What was not understood at a gateway that may be the other end. */
function doubtAbout(world: World, index: PeerIndex, here: PeerEnd): Peers['doubt'] {
  const owners = ownersOf(index, here)
  const isKnown = here.tunnel.remote.address.kind === 'known'
  const others = [...world.sites.values()].filter((site) => site !== here.site)
  const possible = owners.length > 0 ? owners : others.filter((site) => !isKnown || hasUnknownAddresses(site))
  for (const { name, device } of possible) {
    const line = device.unread.find(
      ({ touches, isPlaced }) => !isPlaced && (touches === 'tunnels' || touches === 'anything'),
    )
    if (line) return { site: name, line: line.line, what: line.text }
    const unclear = device.tunnels.find(({ doubt }) => doubt)?.doubt
    if (unclear) return { site: name, ...unclear }
  }
  return undefined
}

interface PeerIndex {
  /** All known addresses of each site's gateway. */
  readonly addresses: ReadonlyMap<WorldSite, readonly string[]>
  /** Sites by the addresses of their gateways. */
  readonly owners: ReadonlyMap<string, readonly WorldSite[]>
  /** Tunnels by the address that they lead to. */
  readonly pointingAt: ReadonlyMap<string, readonly PeerEnd[]>
  /** The same for each site. */
  readonly bySite: ReadonlyMap<WorldSite, ReadonlyMap<string, readonly PeerEnd[]>>
  /** The tunnels of each site that lead to an address of nobody. */
  readonly strays: ReadonlyMap<WorldSite, readonly PeerEnd[]>
  /** Tunnels by what their gateway says that it is, and then by the address that they lead to. */
  readonly byIdentity: ReadonlyMap<string, ReadonlyMap<string, readonly PeerEnd[]>>
  readonly answers: WeakMap<object, Peers>
}

const indexes = new WeakMap<World, PeerIndex>()

/** Stands for every address that is not known. */
const openKey = 'open'

function indexOf(world: World): PeerIndex {
  const known = indexes.get(world)
  if (known) return known
  const sites = [...world.sites.values()]
  const addresses = new Map(sites.map((site) => [site, knownAddresses(site).map(String)]))
  const owners = grouped([...addresses].flatMap(([site, own]) => own.map((address) => [address, site] as const)))
  const ends = sites.map((site) => site.device.tunnels.map((tunnel) => ({ site, tunnel })))
  const byRemote = (some: readonly PeerEnd[]) => grouped(some.map((end) => [remoteKey(end), end] as const))
  const isStray = (end: PeerEnd) => remoteKey(end) !== openKey && !owners.has(remoteKey(end))
  const index: PeerIndex = {
    addresses,
    owners,
    pointingAt: byRemote(ends.flat()),
    bySite: new Map(sites.map((site, at) => [site, byRemote(ends[at] ?? [])])),
    strays: new Map(sites.map((site, at) => [site, (ends[at] ?? []).filter(isStray)])),
    byIdentity: new Map([...byIdentity(ends.flat())].map(([identity, some]) => [identity, byRemote(some)])),
    answers: new WeakMap(),
  }
  indexes.set(world, index)
  return index
}

function byIdentity(ends: readonly PeerEnd[]): Map<string, PeerEnd[]> {
  return grouped(
    ends.flatMap((end) => {
      const { identity } = end.tunnel.local
      return identity === undefined ? [] : [[plainIdentity(identity), end] as const]
    }),
  )
}

function remoteKey({ tunnel }: PeerEnd): string {
  const { address } = tunnel.remote
  return address.kind === 'known' ? keyOf(address.address) : openKey
}

function keyOf(address: Address): string {
  return address.toString()
}

function tunnelsTo({ bySite }: PeerIndex, site: WorldSite, keys: readonly string[]): PeerEnd[] {
  return keys.flatMap((key) => bySite.get(site)?.get(key) ?? [])
}

/** Reports whether some tunnel of a site leads to the gateway of an end. */
function isAnswered({ bySite, addresses }: PeerIndex, site: WorldSite, end: PeerEnd): boolean {
  const ends = bySite.get(site)
  return (addresses.get(end.site) ?? []).some((address) => ends?.has(address))
}

/** Gateways can be joined by several tunnels, and any number of peers may have an address that is not known beforehand. */
function likeliest(here: PeerEnd, ends: readonly PeerEnd[]): readonly PeerEnd[] {
  if (ends.length < 2) return ends
  const narrowings: readonly ((end: PeerEnd) => boolean)[] = [
    (end) => agreeOnNames(here, end),
    (end) => isAtItsAddress(here, end),
    (end) => sharesIdentity(here, end) && sharesIdentity(end, here),
    (end) => hasMirror(here, end),
  ]
  return narrowings.reduce((left, isLikely) => {
    const likely = left.filter(isLikely)
    return likely.length > 0 ? likely : left
  }, ends)
}

function hasMirror({ tunnel }: PeerEnd, { tunnel: other }: PeerEnd): boolean {
  const theirs = new Set(other.children.map(({ local, remote }) => `${remote} ${local}`))
  return tunnel.children.some(({ local, remote }) => theirs.has(`${local} ${remote}`))
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
