import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Forward, Site, Subnet } from '../network/network.ts'
import { type Plan, visibleAs } from '../plan/plan.ts'
import type { Connection } from './connections.ts'

/** A subnet under its two names at one gateway: towards the hosts inside, and in the packets of the tunnel. Where they differ, it translates. */
export interface Face {
  readonly subnet: Subnet
  readonly inside: Prefix
  readonly wire: Prefix
}

/** Two subnets that talk to each other through a tunnel of a gateway, which is the site's own or hands on what others send. */
export interface SubnetPair {
  /** The site at the other end of the tunnel. */
  readonly tunnel: SiteName
  /** The site of the remote subnet. */
  readonly peer: SiteName
  readonly local: Face
  readonly remote: Face
}

/** `far`: the number of the rules for the peer's own translation, where this gateway does it. */
export type NumberedSubnetPair = SubnetPair & {
  readonly number: number
  readonly far: number | undefined
  readonly forwards: readonly NumberedForward[]
}

/** Leads to a host of the local subnet; `isFar`: to one of the remote subnet, whose translation this gateway does as well. */
export type NumberedForward = Forward & { readonly number: number; readonly isFar: boolean }

/** All pairs of a gateway, by tunnel, then local, then remote prefix; IPv4 meets only IPv4. */
export function pairsOf(plan: Plan, site: Site, connections: readonly Connection[]): SubnetPair[] {
  return connections.flatMap((connection) => ownPairs(plan, site, connection).concat(handedOn(plan, site, connection)))
}

/** What the site's own subnets say to the peer's, and to those of sites behind the peer. */
function ownPairs(plan: Plan, site: Site, { peer, translateAt, behind }: Connection): SubnetPair[] {
  const partners = [peer, ...behind.flatMap((name) => plan.network.sites.get(name) ?? [])]
  return partners.flatMap((partner) => {
    const locals = site.subnets.map((subnet): Face => {
      const called = visibleAs(plan, subnet, partner.name)
      return { subnet, inside: subnet.prefix, wire: translateAt === peer.name ? subnet.prefix : called }
    })
    const remotes = partner.subnets.map((subnet): Face => {
      const called = visibleAs(plan, subnet, site.name)
      const isBare = translateAt === site.name && partner === peer
      return { subnet, inside: called, wire: isBare ? subnet.prefix : called }
    })
    return pairs({ tunnel: peer.name, peer: partner.name }, locals, remotes)
  })
}

/** What a site in front of the hub says to the one at the end of the tunnel: the hub knows both as they call each other. */
function handedOn(plan: Plan, hub: Site, { peer, translateAt, inFront }: Connection): SubnetPair[] {
  return inFront.flatMap((name) => {
    const locals = (plan.network.sites.get(name)?.subnets ?? []).map((subnet): Face => {
      const called = visibleAs(plan, subnet, peer.name)
      return { subnet, inside: called, wire: called }
    })
    const remotes = peer.subnets.map((subnet): Face => {
      const called = visibleAs(plan, subnet, name)
      return { subnet, inside: called, wire: translateAt === hub.name ? subnet.prefix : called }
    })
    return pairs({ tunnel: peer.name, peer: peer.name }, locals, remotes)
  })
}

function pairs(
  of: Pick<SubnetPair, 'tunnel' | 'peer'>,
  locals: readonly Face[],
  remotes: readonly Face[],
): SubnetPair[] {
  return locals.flatMap((local) =>
    remotes.filter((remote) => remote.wire.family === local.wire.family).map((remote) => ({ ...of, local, remote })),
  )
}

/** Translated to few addresses that all of its hosts share: nothing leads back to one of them. */
export function isHidden(face: Face): boolean {
  return face.subnet.hideBehind !== undefined && isTranslated(face)
}

export function isTranslated({ inside, wire }: Face): boolean {
  return !inside.equals(wire)
}
