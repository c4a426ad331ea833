import {
  type DeviceTunnel,
  interfaceOfRoute,
  type PeerEnd,
  peersOf,
  type SeenChild,
  seenChildren,
  textOf,
  type World,
  type WorldSite,
} from '@natplan/core'

/** A tunnel with both its ends, or with the one that shows its configuration. */
export interface JoinedTunnel {
  readonly here: PeerEnd
  readonly there: PeerEnd | undefined
  /** The site of the other end, which need not show anything. */
  readonly peer: string
  /** It carries what networks say to each other, and not the gateways only. */
  readonly carries: boolean
}

/** The tunnels of a world, each once; the far ends that show nothing get names of their own. */
export function joinedTunnels(world: World): JoinedTunnel[] {
  const names = new PeerNames(world)
  const met = new Set<DeviceTunnel>()
  const ends = [...world.sites.values()].flatMap((site) =>
    site.device.tunnels.flatMap((tunnel): Pick<JoinedTunnel, 'here' | 'there'>[] => {
      if (met.has(tunnel)) return []
      const here = { site, tunnel }
      const there = peersOf(world, here).ends.find((end) => end.site !== site && !met.has(end.tunnel))
      met.add(tunnel)
      if (there) met.add(there.tunnel)
      return [{ here, there }]
    }),
  )
  for (const { here, there } of ends) if (there) names.know(here, there)
  return ends.map(({ here, there }) => {
    const peer = there?.site.name ?? names.nameOf(here)
    return { here, there, peer, carries: carriesNetworks(here.tunnel) }
  })
}

/** The ends of a tunnel that show their configuration. */
export function shownEnds({ here, there }: Pick<JoinedTunnel, 'here' | 'there'>): readonly PeerEnd[] {
  return there ? [here, there] : [here]
}

export function endAt(tunnel: JoinedTunnel, site: string): PeerEnd | undefined {
  return shownEnds(tunnel).find((end) => end.site.name === site)
}

/** The other end than the one of a site, if it shows its configuration. */
export function endBeyond(tunnel: JoinedTunnel, site: string): PeerEnd | undefined {
  return shownEnds(tunnel).find((end) => end.site.name !== site)
}

/** The name of the other site than the given one. */
export function peerBeyond({ here, peer }: JoinedTunnel, site: string): string {
  return here.site.name === site ? peer : here.site.name
}

/** What a tunnel carries, as hosts at this end see it. */
export function carriedBy({ site, tunnel }: PeerEnd): readonly SeenChild[] {
  return tunnel.children.filter(({ kind }) => kind === 'protect').flatMap((child) => seenChildren(site.device, child))
}

/** A tunnel between the gateways themselves (GRE over IPsec) has nothing for a plan. */
function carriesNetworks({ local, children }: DeviceTunnel): boolean {
  const isOwn = (prefix: string) => local.address.kind === 'known' && prefix === `${local.address.address}/32`
  const all = children.filter(({ kind }) => kind === 'protect')
  return all.length === 0 || all.some((child) => !isOwn(String(child.local)))
}

const longestName = 31

/** What a gateway routes into a tunnel; `undefined` where that is nothing, or everything. */
interface Routed {
  readonly prefixes: string | undefined
  readonly distance: number
}

function routesInto({ site: { name, device }, tunnel }: PeerEnd): Routed {
  const bound = new Set(tunnel.children.flatMap(({ through }) => (through?.kind === 'route' ? through.interface : [])))
  const routes = device.routes.filter((route) => bound.has(interfaceOfRoute(device, route) ?? ''))
  const isOpen = routes.length === 0 || routes.some(({ prefix }) => prefix.length === 0)
  const prefixes = routes.map(({ prefix }) => String(prefix)).sort()
  return {
    prefixes: isOpen ? undefined : `${name} ${prefixes.join(' ')}`,
    distance: Math.min(...routes.map(({ distance }) => distance)),
  }
}

/** Makes names of sites of what gateways call their peers. */
class PeerNames {
  readonly #taken: Set<string>
  /** By the address that is called, or by the site and the tunnel. */
  readonly #named = new Map<string, string>()
  readonly #routed: (Routed & { readonly name: string })[] = []

  constructor({ sites }: World) {
    this.#taken = new Set(sites.keys())
  }

  /** A further tunnel of either end to the address of the other one leads to the same site. */
  know(here: PeerEnd, there: PeerEnd): void {
    for (const [end, other] of [
      [here, there],
      [there, here],
    ] as const) {
      if (isCalled(end)) this.#named.set(keyOf(end), other.site.name)
    }
  }

  nameOf(end: PeerEnd): string {
    const key = keyOf(end)
    const known = this.#named.get(key)
    if (known !== undefined) return known
    const name = this.#stoodInFor(end) ?? this.#free(siteName(end.tunnel.name))
    this.#taken.add(name)
    this.#named.set(key, name)
    this.#routed.push({ ...routesInto(end), name })
    return name
  }

  /** The site that another tunnel leads to, where routes for the same prefixes with another distance lead into this one. */
  #stoodInFor(end: PeerEnd): string | undefined {
    const { prefixes, distance } = routesInto(end)
    if (prefixes === undefined) return undefined
    return this.#routed.find((one) => one.prefixes === prefixes && one.distance !== distance)?.name
  }

  #free(name: string): string {
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : `-${number}`
      const candidate = `${name.slice(0, longestName - suffix.length)}${suffix}`
      if (!this.#taken.has(candidate)) return candidate
    }
  }
}

function isCalled({ tunnel: { remote } }: PeerEnd): boolean {
  return remote.address.kind === 'known' || remote.address.kind === 'host'
}

function keyOf(end: PeerEnd): string {
  const { site, tunnel } = end
  return isCalled(end) ? textOf(tunnel.remote.address) : `${site.name} ${tunnel.name}`
}

function siteName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '')
  return /^[A-Za-z]/.test(plain) ? plain : `peer-${plain}`
}

/** Tunnels with an end at a site. */
export function tunnelsAt<T extends JoinedTunnel>(all: readonly T[], { name }: Pick<WorldSite, 'name'>): T[] {
  return all.filter((tunnel) => endAt(tunnel, name) !== undefined)
}
