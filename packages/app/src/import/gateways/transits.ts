import { interfaceOfRoute, type PeerEnd, type Prefix } from '@natplan/core'
import { carriedBy, endAt, endBeyond, type JoinedTunnel, peerBeyond } from './joined-tunnels.ts'

/** Two sites without a tunnel of their own whose packets a third one hands on. */
export interface ShownTransit {
  readonly sites: readonly [string, string]
  readonly through: string
  /** The tunnel of the hub, in whose configuration it was found. */
  readonly hub: PeerEnd
}

/** What a hub carries between a spoke and others, by the names that the hub has for both. */
interface Carried {
  readonly local: Prefix
  readonly remote: Prefix
}

/** Who talks over a third site: what the hub sends into one tunnel for others is what it gets out of another one. */
export function shownTransits(tunnels: readonly JoinedTunnel[]): ShownTransit[] {
  const joined = new Set(tunnels.map(({ here, peer }) => [here.site.name, peer].sort().join(' ')))
  const hubs = new Set(tunnels.flatMap(({ here, there }) => [here.site.name, ...(there ? [there.site.name] : [])]))
  return [...hubs].flatMap((hub) => {
    const legs = tunnels.flatMap((tunnel) => {
      const end = endAt(tunnel, hub)
      return end ? [{ spoke: peerBeyond(tunnel, hub), end, carried: carriedAt(end, endBeyond(tunnel, hub)) }] : []
    })
    const found = new Map<string, ShownTransit>()
    for (const [index, one] of legs.entries()) {
      for (const other of legs.slice(index + 1)) {
        const key = [one.spoke, other.spoke].sort().join(' ')
        if (one.spoke === other.spoke || joined.has(key) || found.has(key)) continue
        if (one.carried.some((pair) => other.carried.some((back) => isHandedOn(pair, back)))) {
          found.set(key, { sites: [one.spoke, other.spoke], through: hub, hub: one.end })
        }
      }
    }
    return [...found.values()]
  })
}

function isHandedOn(one: Carried, other: Carried): boolean {
  return one.local.overlaps(other.remote) && one.remote.overlaps(other.local)
}

/** Where a tunnel takes everything, the routes of both ends tell what it carries. */
function carriedAt(end: PeerEnd, beyond: PeerEnd | undefined): Carried[] {
  const pairs = carriedBy(end).map(({ child }) => child)
  if (pairs.every(({ local, remote }) => local.length > 0 && remote.length > 0)) return pairs
  const locals = beyond ? routedInto(beyond) : []
  return routedInto(end).flatMap((remote) => locals.map((local) => ({ local, remote })))
}

/** The prefixes that routes lead into the virtual interface of a tunnel. */
export function routedInto({ site: { device }, tunnel }: PeerEnd): Prefix[] {
  const names = new Set(tunnel.children.map(({ through }) => through?.interface))
  return device.routes
    .filter((route) => route.to.kind !== 'nowhere' && route.prefix.length > 0)
    .filter((route) => names.has(interfaceOfRoute(device, route) ?? ''))
    .map(({ prefix }) => prefix)
}

/** The sites that a prefix at one end of a tunnel stands for: the one at the other end, or those beyond it. */
export function peersCalled(
  tunnel: JoinedTunnel,
  site: string,
  known: {
    readonly name: Prefix
    readonly tunnels: readonly JoinedTunnel[]
    readonly transits: readonly ShownTransit[]
  },
): string[] {
  const hub = peerBeyond(tunnel, site)
  const beyond = known.transits
    .filter(({ sites, through }) => through === hub && sites.includes(site))
    .flatMap(({ sites }) => sites.filter((name) => name !== site))
  const called = beyond.filter((name) =>
    known.tunnels.some((one) => calls(one, { hub, spoke: name, name: known.name })),
  )
  return called.length > 0 ? called : [hub]
}

function calls(tunnel: JoinedTunnel, { hub, spoke, name }: { hub: string; spoke: string; name: Prefix }): boolean {
  const end = endAt(tunnel, hub)
  if (!end || peerBeyond(tunnel, hub) !== spoke) return false
  return carriedAt(end, endBeyond(tunnel, hub)).some(({ remote }) => remote.overlaps(name))
}
