import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Forward, Site, Subnet } from '../network/network.ts'
import { type Plan, visibleAs } from '../plan/plan.ts'
import type { Connection } from './connections.ts'
import { summaryOf } from './summaries.ts'

/** A subnet under its names at one gateway: towards the hosts inside, and in the packets of the tunnel. Where these differ, it translates. */
export interface Face {
  /** `undefined` where it stands for subnets of several sites. */
  readonly subnet: Subnet | undefined
  /** What its own site calls it; of several sites, as the gateway does. */
  readonly real: Prefix
  readonly inside: Prefix
  readonly wire: Prefix
  /** For people. */
  readonly called: string
}

/** Two subnets that talk to each other through a tunnel of a gateway, which is the site's own or forwards what others send. */
export interface SubnetPair {
  /** What the gateway calls the tunnel. */
  readonly tunnel: SiteName
  /** The uplinks that the tunnel names; `undefined` for none. */
  readonly label: string | undefined
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
  return connections.flatMap((connection) => [
    ...ownPairs(plan, site, connection),
    ...pairsBeyond(plan, site, connection),
    ...pairsHandedOn(plan, site, connection),
  ])
}

/** What the site's own subnets say to the peer's. */
function ownPairs(plan: Plan, site: Site, { name: tunnel, label, peer, translateAt }: Connection): SubnetPair[] {
  const locals = site.subnets.map((subnet) => {
    const called = visibleAs(plan, subnet, peer.name)
    return faceOf(subnet, subnet.prefix, translateAt === peer.name ? subnet.prefix : called)
  })
  const remotes = peer.subnets.map((subnet) => {
    const called = visibleAs(plan, subnet, site.name)
    return faceOf(subnet, called, translateAt === site.name ? subnet.prefix : called)
  })
  return pairs({ tunnel, label, peer: peer.name }, locals, remotes)
}

/** What the site's own subnets say to sites behind the peer. */
function pairsBeyond(
  plan: Plan,
  site: Site,
  { name: tunnel, label, peer: hub, translateAt, behind }: Connection,
): SubnetPair[] {
  const all = behind.flatMap((name) => {
    const locals = site.subnets.map((subnet) => {
      const called = visibleAs(plan, subnet, name)
      return faceOf(subnet, subnet.prefix, translateAt === hub.name ? subnet.prefix : called)
    })
    return pairs({ tunnel, label, peer: name }, locals, facesAt(plan, name, site.name))
  })
  const ends = { spoke: site.name, hub: hub.name }
  return translateAt === undefined ? summarized(plan, ends, all, 'remote') : all
}

/** What sites in front of the hub say to the one at the end of the tunnel: the hub knows both as they call each other. */
function pairsHandedOn(
  plan: Plan,
  hub: Site,
  { name: tunnel, label, peer, translateAt, inFront }: Connection,
): SubnetPair[] {
  const all = inFront.flatMap((name) => {
    const remotes = peer.subnets.map((subnet) => {
      const called = visibleAs(plan, subnet, name)
      return faceOf(subnet, called, translateAt === hub.name ? subnet.prefix : called)
    })
    return pairs({ tunnel, label, peer: peer.name }, facesAt(plan, name, peer.name), remotes)
  })
  const ends = { spoke: peer.name, hub: hub.name }
  return translateAt === undefined ? summarized(plan, ends, all, 'local') : all
}

/** The subnets of a site as another one calls them. */
function facesAt(plan: Plan, name: SiteName, seenBy: SiteName): Face[] {
  return (plan.network.sites.get(name)?.subnets ?? []).map((subnet) => {
    const called = visibleAs(plan, subnet, seenBy)
    return faceOf(subnet, called, called)
  })
}

function faceOf(subnet: Subnet, inside: Prefix, wire: Prefix): Face {
  return { subnet, real: subnet.prefix, inside, wire, called: `${subnet.site} ${subnet.prefix}` }
}

function pairs(
  of: Pick<SubnetPair, 'tunnel' | 'label' | 'peer'>,
  locals: readonly Face[],
  remotes: readonly Face[],
): SubnetPair[] {
  return locals.flatMap((local) =>
    remotes.filter((remote) => remote.wire.family === local.wire.family).map((remote) => ({ ...of, local, remote })),
  )
}

/** The pairs with fewer faces at the end that is far from the spoke, where these are many. */
function summarized(
  plan: Plan,
  ends: { readonly spoke: SiteName; readonly hub: SiteName },
  all: readonly SubnetPair[],
  far: 'local' | 'remote',
): SubnetPair[] {
  const near = far === 'local' ? 'remote' : 'local'
  const groups = new Map<string, SubnetPair[]>()
  for (const pair of all) {
    const key = `${pair[near].real} ${pair[near].wire}`
    const group = groups.get(key)
    if (group) group.push(pair)
    else groups.set(key, [pair])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const visible = group.map((pair) => pair[far].wire)
    const summary = first?.local.wire.family === 4 ? summaryOf(plan, ends, visible) : visible
    if (!first || summary === visible) return group
    return summary.map((prefix): SubnetPair => {
      const face = { subnet: undefined, real: prefix, inside: prefix, wire: prefix, called: String(prefix) }
      return { ...first, peer: far === 'remote' ? ends.hub : ends.spoke, [far]: face }
    })
  })
}

/** Translated to few addresses that all of its hosts share: nothing leads back to one of them. */
export function isHidden(face: Face): boolean {
  return face.subnet?.hideBehind !== undefined && isTranslated(face)
}

export function isTranslated({ inside, wire }: Face): boolean {
  return !inside.equals(wire)
}
