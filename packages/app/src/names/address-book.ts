import {
  type Address,
  fullNames,
  type Host,
  type HostFace,
  hostFace,
  type Namesake,
  namesakes,
  type Plan,
  type Site,
  type SiteName,
} from '@natplan/core'

/** One address of a host, as another site knows it. */
export interface BookEntry {
  /** The site that calls. */
  readonly at: SiteName
  readonly peer: SiteName
  readonly host: Host
  readonly real: Address
  /** By which it is known everywhere, its own domain's first; without those that other hosts have as well. */
  readonly names: readonly string[]
  readonly face: HostFace
  /** The site that hands on what the two send to each other. */
  readonly over: SiteName | undefined
}

/** An entry whose host the site can call. */
export type CalledEntry = BookEntry & { readonly face: Exclude<HostFace, { readonly kind: 'unreachable' }> }

export function isCalled(entry: BookEntry): entry is CalledEntry {
  return entry.face.kind !== 'unreachable'
}

/** The sites with hosts that the site of the entries does not talk to. */
export function sitesApart(entries: readonly BookEntry[]): SiteName[] {
  return [...new Set(entries.filter(isApart).map(({ peer }) => peer))]
}

export function isApart({ face }: BookEntry): boolean {
  return face.kind === 'unreachable' && face.why.kind === 'apart'
}

/** What a site calls the hosts of all others, by their site, then name. */
export function addressBook(plan: Plan, at: SiteName): BookEntry[] {
  return [...plan.network.sites.values()]
    .filter(({ name }) => name !== at)
    .flatMap(({ name, hosts }) => hosts.flatMap((host) => entriesOf(plan, at, { site: name, host })))
}

/** What a site calls one host of another site, by each of its addresses. */
export function entriesOf(plan: Plan, at: SiteName, { site, host }: Namesake): BookEntry[] {
  const peer = plan.network.sites.get(site)
  if (!peer) return []
  const names = ownNames(plan, peer, host)
  const over = plan.peers.between(at, site)
  return host.addresses.map((real) => {
    const face = hostFace(plan, { site, address: real }, at)
    return { at, peer: site, host, real, names, face, over }
  })
}

const named = new WeakMap<Plan, Map<Host, readonly string[]>>()

/** The names of a host that no other one has. */
function ownNames(plan: Plan, peer: Site, host: Host): readonly string[] {
  const all = named.get(plan) ?? new Map<Host, readonly string[]>()
  named.set(plan, all)
  const taken = takenNames(plan)
  const names = all.get(host) ?? fullNames(peer, host).filter((name) => !taken.has(name))
  all.set(host, names)
  return names
}

const known = new WeakMap<Plan, ReadonlySet<string>>()

/** The names that more than one host has. */
function takenNames(plan: Plan): ReadonlySet<string> {
  const made = known.get(plan) ?? new Set(namesakes(plan.network.sites.values()).keys())
  known.set(plan, made)
  return made
}
