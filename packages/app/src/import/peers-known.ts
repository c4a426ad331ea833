import { findingOf, inInput, PrefixSet, type WrittenSite, type WrittenTunnel } from '@natplan/core'
import { namesText } from '../text/count.ts'
import type { Imported, Reason } from './imported.ts'
import { namesOf } from './names-of.ts'

/**
 * The parts of an import, in which a site that one knows by the address of its gateway alone has the name of the site whose gateway has that
 * address in another. That one says which subnets it has; what the first one calls it by, and nothing of it is, is told.
 */
export function withPeersKnown(parts: readonly Imported[]): readonly Imported[] {
  const owners = new Map(parts.flatMap(({ network }) => Object.entries(network.sites).flatMap(addressesOf)))
  return parts.map((part) => {
    return (part.ends ?? []).reduce((sofar, { site, address }) => {
      const owner = owners.get(address)
      const isKnown = owner && part.network.sites[site]?.gateway === undefined
      return isKnown ? renamed(sofar, site, owner) : sofar
    }, part)
  })
}

interface Owner {
  readonly name: string
  readonly site: WrittenSite
}

function addressesOf([name, site]: [string, WrittenSite]): (readonly [string, Owner])[] {
  const outside = site.gateway?.outside
  const addresses = [outside?.publicAddress, outside?.address].filter((one) => typeof one === 'string')
  return addresses.map((address) => [address, { name, site }] as const)
}

function renamed(part: Imported, from: string, { name, site }: Owner): Imported {
  const old = part.network.sites[from]
  if (!old) return part
  const saysSubnets = site.subnets.length > 0
  const sites = Object.entries(part.network.sites).map(([key, one]) => {
    return key === from ? ([name, saysSubnets ? { ...one, subnets: [] } : one] as const) : ([key, one] as const)
  })
  const { tunnels } = part.network
  return {
    ...part,
    network: {
      ...part.network,
      sites: Object.fromEntries(sites),
      ...(tunnels ? { tunnels: tunnels.map((tunnel) => joining(tunnel, from, name)) } : {}),
    },
    reasons: part.reasons.flatMap((reason) => reasonOf(reason, { from, name, saysSubnets })),
    findings: saysSubnets
      ? [...part.findings.filter(({ about }) => about?.site !== from), ...strangers(part, from, { name, site })]
      : part.findings,
  }
}

function joining(tunnel: WrittenTunnel, from: string, name: string): WrittenTunnel {
  if (typeof tunnel.sites === 'string') return tunnel
  return { ...tunnel, sites: tunnel.sites.map((site) => (site === from ? name : site)) }
}

function reasonOf(
  reason: Reason,
  { from, name, saysSubnets }: { readonly from: string; readonly name: string; readonly saysSubnets: boolean },
): Reason[] {
  const [top, site, key] = reason.path
  if (top !== 'sites' || site !== from) return [reason]
  return key === 'subnets' && saysSubnets ? [] : [{ ...reason, path: ['sites', name, ...reason.path.slice(2)] }]
}

/** What the part calls the site by, and the site itself does not know. */
function strangers(part: Imported, from: string, { name, site }: Owner) {
  const known = PrefixSet.of(namesOf(site))
  const unknown = namesOf(part.network.sites[from] ?? { subnets: [] }).filter((prefix) => !known.contains(prefix))
  if (unknown.length === 0) return []
  const reason = part.reasons.find(({ path }) => path[0] === 'sites' && path[1] === from && path[2] === 'subnets')
  const place = reason ? { ...inInput(reason.line), file: reason.file } : inInput()
  const message = `${name}: its peer calls it by ${namesText(unknown.map(String))}, and none of its subnets is that or translated to it`
  const hint = 'write translateTo with the subnet that it stands for, or add it to the subnets'
  return [findingOf('IMPORT_INCOMPLETE', place, { message, hint })]
}
