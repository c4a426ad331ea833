import type { Network, Peers, Site, SiteName } from '@natplan/core'

/** What one box of the picture of a plan stands for: a site, or several that are alike. */
export interface SiteGroup {
  readonly id: string
  /** By name. */
  readonly sites: readonly [Site, ...Site[]]
  /** Whether the sites of it have tunnels to each other. */
  readonly isMesh: boolean
}

export interface Folding {
  /** The site whose neighbours are drawn alone; all sites without one. */
  readonly around: SiteName | undefined
  /** Every site has a box of its own. */
  readonly unfold: boolean
}

/** Up to so many sites are drawn one by one. */
const mostAlone = 12

/** Fewer of a kind are drawn one by one. */
const leastFolded = 4

/** The boxes by the first name in each. */
export function siteGroups(network: Network, peers: Peers, { around, unfold }: Folding): SiteGroup[] {
  const { sites } = network
  const forms = formsBySite(network)
  const drawn = [...sites.values()].filter(({ name }) => isDrawn(name, peers, around))
  if (unfold || drawn.length <= mostAlone) return drawn.map(alone)
  const kinds = new Map<string, Site[]>()
  for (const site of drawn) {
    const kind = site.name === around ? `:${site.name}` : `${kindOf(site, peers)} ${forms.get(site.name) ?? ''}`
    const alike = kinds.get(kind)
    if (alike) alike.push(site)
    else kinds.set(kind, [site])
  }
  return [...kinds].flatMap(([kind, alike]) => {
    const [first, ...others] = alike
    if (!first || alike.length < leastFolded) return alike.map(alone)
    return [{ id: idOf(first), sites: [first, ...others], isMesh: kind.startsWith(meshSign) }]
  })
}

function isDrawn(name: SiteName, peers: Peers, around: SiteName | undefined): boolean {
  if (around === undefined || name === around || peers.tunnelsOf(around).has(name)) return true
  return peers.areJoined(around, name)
}

function alone(site: Site): SiteGroup {
  return { id: idOf(site), sites: [site], isMesh: false }
}

function idOf({ name }: Site): string {
  return `site-${name}`
}

const meshSign = '='

/**
 * Sites of one platform with tunnels to the same sites are alike, be they spokes of one hub or joined to each other. Where every pair is
 * connected nobody's peers need to be listed.
 */
function kindOf(site: Site, peers: Peers): string {
  const platform = `${site.gateway?.platform ?? ''}${site.kubernetes ? ' kubernetes' : ''}`
  if (peers.everyPair) return `${meshSign} ${platform}`
  const far = [...peers.tunnelsOf(site.name)]
  const closed = [...far, site.name].sort().join(' ')
  const isMesh = far.length > 1 && far.every((peer) => joinsAll(peer, site.name, far, peers))
  return isMesh ? `${meshSign} ${platform} ${closed}` : `${platform} ${far.join(' ')}`
}

/** How the tunnels of each site are built, seen from it. */
function formsBySite({ tunnels = [] }: Network): ReadonlyMap<SiteName, string> {
  const forms = new Map<SiteName, string[]>()
  for (const { sites, form, translateAt, uplinks } of tunnels) {
    for (const site of sites) {
      const translator = translateAt === undefined ? 'each' : translateAt === site ? 'here' : 'there'
      const uplink = uplinks.get(site) ?? ''
      forms.set(site, [...(forms.get(site) ?? []), `${form.mode} ${translator} ${uplink}`])
    }
  }
  return new Map([...forms].map(([site, all]) => [site, [...new Set(all)].sort().join(';')]))
}

function joinsAll(peer: SiteName, site: SiteName, others: readonly SiteName[], peers: Peers): boolean {
  const own = peers.tunnelsOf(peer)
  return own.size === others.length && own.has(site) && others.every((other) => other === peer || own.has(other))
}
