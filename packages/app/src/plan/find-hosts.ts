import {
  fullNames,
  type Namesake,
  NatplanError,
  type Network,
  nearest,
  quoted,
  type Site,
  shortName,
} from '@natplan/core'
import { siteNamed } from './site-named.ts'

/**
 * The hosts that a text may mean: `SITE:NAME`, a name that is whole, or one that several sites may have.
 * @throws NatplanError HOST_UNKNOWN, and USAGE for a site that the plan has not
 */
export function findHosts(network: Network, text: string): readonly Namesake[] {
  const found = tryFindHosts(network, text)
  if (found.length > 0) return found
  const near = nearest(text, namesIn(network))
  throw new NatplanError('HOST_UNKNOWN', `the plan names no host ${quoted(text)}`, {
    hint: near === undefined ? 'list it below hosts of its site' : `did you mean ${near}?`,
  })
}

/**
 * The only host that a text means.
 * @throws NatplanError HOST_UNCLEAR, HOST_UNKNOWN, and USAGE for a site that the plan has not
 */
export function hostNamed(network: Network, text: string): Namesake {
  const found = findHosts(network, text)
  const [first] = found
  if (first && found.length === 1) return first
  const choices = found.map(({ site, host }) => `${site}:${host.name}`)
  throw new NatplanError('HOST_UNCLEAR', `${quoted(text)} may be ${found.length} hosts`, {
    hint: `say which: ${choices.slice(0, 3).join(' or ')}`,
  })
}

/** The same, none where there is none. */
export function tryFindHosts(network: Network, text: string): readonly Namesake[] {
  const at = text.indexOf(':')
  const name = text
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/, '')
  if (at >= 0) return hostsAt([siteOf(network, text.slice(0, at))], (...host) => isCalled(name, ...host))
  const sites = [...network.sites.values()]
  const whole = hostsAt(sites, (site, host) => fullNames(site, host).includes(name))
  return whole.length > 0 ? whole : hostsAt(sites, (...host) => isCalled(name, ...host))
}

function siteOf(network: Network, name: string): Site {
  const site = network.sites.get(siteNamed(network, name))
  if (!site) throw new Error(`${name} was found and is not there`)
  return site
}

function hostsAt(sites: readonly Site[], isMeant: (site: Site, host: Namesake['host']) => boolean): Namesake[] {
  return sites.flatMap((site) =>
    site.hosts.filter((host) => isMeant(site, host)).map((host) => ({ site: site.name, host })),
  )
}

function isCalled(name: string, site: Site, host: Namesake['host']): boolean {
  return [host.name as string, shortName(site, host), ...fullNames(site, host)].includes(name)
}

/** Everything that hosts may be called by. */
function namesIn({ sites }: Network): string[] {
  return [...sites.values()].flatMap((site) =>
    site.hosts.flatMap((host) => [host.name, `${site.name}:${host.name}`, ...fullNames(site, host)]),
  )
}
