import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import type { Peers } from '../network/peers.ts'
import type { Occupied } from '../overlap/occupied.ts'
import type { PrefixForest, PrefixNode } from '../overlap/prefix-forest.ts'

type Node = PrefixNode<Occupied>
/** A use that is a subnet. */
export type SubnetUse = Occupied & { readonly subnet: Subnet }

/** Who uses addresses of one prefix, sorted out for the questions that the rules of translation ask. */
interface Users {
  /** For each site the first of its uses that overlap. */
  readonly bySite: ReadonlyMap<SiteName, Occupied>
  readonly endpoints: ReadonlyMap<SiteName, Occupied>
  readonly subnets: ReadonlyMap<SiteName, readonly SubnetUse[]>
}

/**
 * Subnets that a hub could see under their real prefixes and that overlap the prefix in question: of each kind at most two, of
 * different sites, which is enough to find one that is not the asking site's own.
 */
export interface Witnesses {
  readonly all: readonly SubnetUse[]
  /** Those that keep their real prefix because the plan file says `never`. */
  readonly never: readonly SubnetUse[]
  /** Those that keep their real prefix because the lock says that the hub knows them by it. */
  readonly locked: readonly SubnetUse[]
}

/** Reports whether the lock shows a subnet under its real prefix at a peer. */
export type LockedReal = (subnet: Subnet, peer: SiteName) => boolean

/** Answers who collides with a prefix, at which site; remembers answers, since many subnets share a prefix. */
export class Collisions {
  readonly #forest: PrefixForest<Occupied>
  readonly #peers: Peers
  readonly #lockedReal: LockedReal
  readonly #nodes = new Map<Subnet, Node>()
  /** By the index of the node. */
  readonly #users: Users[] = []
  readonly #atHub = new Map<SiteName, Map<Node, Witnesses>>()

  constructor(forest: PrefixForest<Occupied>, peers: Peers, lockedReal: LockedReal) {
    this.#forest = forest
    this.#peers = peers
    this.#lockedReal = lockedReal
    for (const node of forest.nodes) {
      for (const { subnet } of node.values) if (subnet) this.#nodes.set(subnet, node)
    }
  }

  nodeOf(subnet: Subnet): Node {
    const node = this.#nodes.get(subnet)
    if (!node) throw new Error(`subnet ${subnet.prefix} of ${subnet.site} is not in the forest`)
    return node
  }

  users(node: Node): Users {
    const known = this.#users[node.index]
    if (known) return known
    const users = sortOut(this.#forest.overlapping(node))
    this.#users[node.index] = users
    return users
  }

  /**
   * What makes addresses of the prefix unusable as a name at a site: something the site itself uses, or an endpoint that its
   * gateway must reach outside the tunnel (its own or a peer's).
   */
  occupiedAt(node: Node, site: SiteName): Occupied | undefined {
    const { bySite, endpoints } = this.users(node)
    return bySite.get(site) ?? this.#endpointOfPeer(endpoints, site)
  }

  #endpointOfPeer(endpoints: ReadonlyMap<SiteName, Occupied>, site: SiteName): Occupied | undefined {
    if (endpoints.size === 0) return undefined
    if (this.#peers.everyPair) return endpoints.values().next().value
    const peers = this.#peers.of(site)
    for (const peer of peers.size < endpoints.size ? peers : endpoints.keys()) {
      const endpoint = endpoints.get(peer)
      if (endpoint && peers.has(peer)) return endpoint
    }
    return undefined
  }

  /** The subnets that compete at a hub for addresses of the prefix. */
  seenAtHub(node: Node, hub: SiteName): Witnesses {
    const known = this.#atHub.get(hub)?.get(node)
    if (known) return known
    const remembered = this.#atHub.get(hub) ?? new Map<Node, Witnesses>()
    const witnesses = this.#witnesses(node, hub)
    this.#atHub.set(hub, remembered.set(node, witnesses))
    return witnesses
  }

  #witnesses(node: Node, hub: SiteName): Witnesses {
    const all: SubnetUse[] = []
    const never: SubnetUse[] = []
    const locked: SubnetUse[] = []
    for (const use of this.#subnetsOfPeers(node, this.#peers.of(hub))) {
      const { subnet } = use
      const special = subnet.translate === 'never' ? never : this.#lockedReal(subnet, hub) ? locked : all
      if (subnet.translate === 'always' || !(isWanted(all, use) || isWanted(special, use))) continue
      if (this.occupiedAt(this.nodeOf(subnet), hub)) continue
      for (const witnesses of [all, special]) if (isWanted(witnesses, use)) witnesses.push(use)
    }
    return { all, never, locked }
  }

  *#subnetsOfPeers(node: Node, peers: ReadonlySet<SiteName>): Generator<SubnetUse> {
    const { subnets } = this.users(node)
    for (const site of peers.size < subnets.size ? peers : subnets.keys()) {
      if (peers.has(site)) yield* subnets.get(site) ?? []
    }
  }
}

function sortOut(overlapping: Iterable<Occupied>): Users {
  const bySite = new Map<SiteName, Occupied>()
  const endpoints = new Map<SiteName, Occupied>()
  const subnets = new Map<SiteName, SubnetUse[]>()
  for (const user of overlapping) {
    if (!bySite.has(user.site)) bySite.set(user.site, user)
    if (user.kind === 'endpoint') endpoints.set(user.site, user)
    if (!isSubnetUse(user)) continue
    const known = subnets.get(user.site)
    if (known) known.push(user)
    else subnets.set(user.site, [user])
  }
  return { bySite, endpoints, subnets }
}

function isSubnetUse(user: Occupied): user is SubnetUse {
  return user.subnet !== undefined
}

/** Two are enough. */
function isWanted(witnesses: readonly SubnetUse[], { site }: SubnetUse): boolean {
  return witnesses.length < 2 && witnesses[0]?.site !== site
}
