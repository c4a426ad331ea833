import { isHostName, type SiteName } from './names.ts'
import type { Host, Site } from './network.ts'

/** The name of a site as a label of DNS: in small letters, `-` for `_`. */
export function siteLabel(site: string): string {
  return site.toLowerCase().replaceAll('_', '-').replace(/-+$/, '')
}

/** The name of a host without the domain of its site. */
export function shortName({ domain }: Pick<Site, 'domain'>, { name }: Pick<Host, 'name'>): string {
  const end = `.${domain}`
  return domain !== undefined && name.endsWith(end) && name.length > end.length ? name.slice(0, -end.length) : name
}

/**
 * What a host is called wherever its site does not matter, the name of its own domain first: `db` of a site with the domain `corp.example` is
 * db.corp.example and db.SITE; without a domain, a name with a dot is whole.
 */
export function fullNames(site: Pick<Site, 'name' | 'domain'>, host: Pick<Host, 'name'>): string[] {
  const { domain } = site
  const short = shortName(site, host)
  const isInside = short !== host.name || !short.includes('.')
  const own = isInside ? (domain === undefined ? [] : [`${short}.${domain}`]) : [host.name]
  return [...own, ...(isInside ? [`${short}.${siteLabel(site.name)}`] : [])].filter(isHostName)
}

type NamedSite = Pick<Site, 'name' | 'domain' | 'hosts'>

/** A host that a name may mean. */
export interface Namesake {
  readonly site: SiteName
  readonly host: Host
}

/** The full names that more than one host has. */
export function namesakes(sites: Iterable<NamedSite>): ReadonlyMap<string, readonly Namesake[]> {
  const bearers = new Map<string, Namesake[]>()
  for (const site of sites) {
    for (const host of site.hosts) {
      for (const name of fullNames(site, host)) {
        const known = bearers.get(name)
        if (known) known.push({ site: site.name, host })
        else bearers.set(name, [{ site: site.name, host }])
      }
    }
  }
  return new Map([...bearers].filter(([, { length }]) => length > 1))
}
