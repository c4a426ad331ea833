import { connectedNetworks, interfaceOfRoute, knownAddress, type PeerEnd, Prefix, type WorldSite } from '@natplan/core'
import { endAt, type JoinedTunnel, shownEnds } from './joined-tunnels.ts'
import type { WrittenGateway } from './written-gateway.ts'

type WrittenUplink = NonNullable<WrittenGateway['uplinks']>[string]

/** A tunnel that is the first between its two sites, or a further one over other uplinks. */
export interface RankedTunnel extends JoinedTunnel {
  /** The name of its uplinks; `undefined` for the first one. */
  readonly label: string | undefined
  /** The sites at which it uses another uplink than the first one, with what the gateway shows of it. */
  readonly uplinks: ReadonlyMap<string, WrittenUplink>
}

/** Tunnels in the order in which they take over from each other; those between the same two addresses as the first are apart. */
export function rankedTunnels(all: readonly JoinedTunnel[]): {
  readonly tunnels: readonly RankedTunnel[]
  readonly apart: readonly JoinedTunnel[]
} {
  const tunnels: RankedTunnel[] = []
  const apart: JoinedTunnel[] = []
  for (const same of byPair(all)) {
    const [first, ...others] = [...same].sort(
      (a, b) => distanceOf(a) - distanceOf(b) || nameOf(a).length - nameOf(b).length,
    )
    if (!first) continue
    tunnels.push({ ...first, label: undefined, uplinks: new Map() })
    for (const [index, other] of others.entries()) {
      const uplinks = uplinksOf(other, first)
      if (uplinks.size === 0) apart.push(other)
      else tunnels.push({ ...other, label: labelOf(other, index + 2), uplinks })
    }
  }
  return { tunnels: [...tunnels].sort((a, b) => Number(a.label !== undefined) - Number(b.label !== undefined)), apart }
}

function byPair(all: readonly JoinedTunnel[]): JoinedTunnel[][] {
  const pairs = new Map<string, JoinedTunnel[]>()
  for (const tunnel of all) {
    const key = [tunnel.here.site.name, tunnel.peer].sort().join(' ')
    pairs.set(key, [...(pairs.get(key) ?? []), tunnel])
  }
  return [...pairs.values()]
}

function nameOf({ here }: JoinedTunnel): string {
  return here.tunnel.name
}

/** Of the routes into a tunnel; tunnels without any are alike. */
function distanceOf({ here: { site, tunnel } }: JoinedTunnel): number {
  const names = new Set(tunnel.children.map(({ through }) => through?.interface))
  const into = site.device.routes.filter((route) => names.has(interfaceOfRoute(site.device, route) ?? ''))
  return into.length === 0 ? 0 : Math.min(...into.map(({ distance }) => distance))
}

/** natplan calls a second tunnel by the peer and its uplink. */
function labelOf({ here, peer }: JoinedTunnel, rank: number): string {
  const { name } = here.tunnel
  const own = name.startsWith(`${peer}-`) ? name.slice(peer.length + 1) : ''
  return /^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(own) ? own : `uplink${rank}`
}

function uplinksOf(tunnel: JoinedTunnel, first: JoinedTunnel): Map<string, WrittenUplink> {
  const shown = shownEnds(tunnel).flatMap((end): [string, WrittenUplink][] => {
    const before = endAt(first, end.site.name)
    const uplink = before && isElsewhere(end, before) ? uplinkOf(end) : undefined
    return uplink ? [[end.site.name, uplink]] : []
  })
  const [called, before] = [knownAddress(tunnel.here.tunnel.remote.address), first.here.tunnel.remote.address]
  const isFar = !tunnel.there && called && !knownAddress(before)?.equals(called)
  return new Map([...shown, ...(isFar ? [[tunnel.peer, { interface: 'wan2', address: String(called) }] as const] : [])])
}

function isElsewhere(end: PeerEnd, before: PeerEnd): boolean {
  const own = knownAddress(end.tunnel.local.address)
  return own !== undefined && !knownAddress(before.tunnel.local.address)?.equals(own)
}

function uplinkOf({ site, tunnel }: PeerEnd): WrittenUplink | undefined {
  const own = knownAddress(tunnel.local.address)
  const holding = own && connectedNetworks(site.device).find(({ address }) => address.equals(own))
  if (!own || !holding) return undefined
  const nextHop = nextHopTo(site, tunnel)
  return { interface: holding.interface.name, address: String(own), ...(nextHop === undefined ? {} : { nextHop }) }
}

/** The router on the way to the peer alone. */
function nextHopTo({ device }: WorldSite, { remote }: PeerEnd['tunnel']): string | undefined {
  const called = knownAddress(remote.address)
  const route = called && device.routes.find(({ prefix, to }) => to.kind === 'via' && prefix.equals(Prefix.of(called)))
  return route?.to.kind === 'via' ? String(route.to.address) : undefined
}
