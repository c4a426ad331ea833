import type { Address } from '../address/address.ts'
import { knownOf } from '../address/named-address.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import { namesakes } from './host-names.ts'
import type { Host } from './network.ts'
import type { PartialNetwork, PartialSite } from './partial-network.ts'

/** A host that a site names has an address in a network of the site, or is its gateway; of a site without networks nobody knows. */
export function hostsAreAtTheirSite({ sites, unread }: PartialNetwork): Finding[] {
  return [...sites.values()].flatMap((site) => {
    const at = ['sites', site.name]
    if (
      site.hosts.length === 0 ||
      site.subnets.length + site.reserved.length === 0 ||
      ['subnets', 'reserved', 'kubernetes', 'gateway'].some((key) => unread.touches([...at, key]))
    )
      return []
    return site.hosts.flatMap((host) => outside(host, site))
  })
}

/** A name that is whole leads to one host, wherever it is asked for. */
export function hostNamesDiffer({ sites }: PartialNetwork): Finding[] {
  return [...namesakes(sites.values())].map(([name, bearers]) => {
    const [first, ...others] = bearers.map(({ site, host }) => ({ text: `${host.name} of ${site}`, path: host.path }))
    const [second = first] = others
    return findingOf('HOST_NAME_AMBIGUOUS', inPlan(second?.path ?? []), {
      message: `${name} would be ${[first, ...others].map((one) => one?.text).join(' and ')}`,
      hint: 'give one of them another name: until then it is a name of neither',
      related: first ? [{ place: inPlan(first.path), message: `${first.text} is here` }] : [],
    })
  })
}

function outside({ name, addresses, path }: Host, site: PartialSite): Finding[] {
  const strange = addresses.filter((address) => !isAt(address, site))
  if (strange.length === 0) return []
  const which = strange.join(', ')
  return [
    findingOf('HOST_OUTSIDE', inPlan(path), {
      message: `${name} has ${which}, which ${strange.length === 1 ? 'is' : 'are'} in no network of ${site.name}`,
      hint: 'correct the address, name it at the site where it is, or list its network under subnets or reserved',
    }),
  ]
}

function isAt(address: Address, { subnets, reserved, gateway, kubernetes }: PartialSite): boolean {
  if ([...subnets, ...reserved].some(({ prefix }) => prefix?.contains(address))) return true
  if (kubernetes?.nodePools.some(({ privateNetwork }) => privateNetwork.contains(address))) return true
  const ends = gateway ? [gateway.outside, ...gateway.uplinks.values()] : []
  return knownOf(ends.flatMap(({ address: end }) => end ?? [])).some((end) => end.equals(address))
}
