import type { Prefix } from '../address/prefix.ts'
import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import type { Occupied } from '../overlap/occupied.ts'
import { type Mapping, type Plan, shortText, visibleAs } from './plan.ts'

/** A single host of a site, and what its peers are to call it. */
interface Called {
  readonly subnet: Pick<Subnet, 'site' | 'prefix'>
  readonly prefix: Prefix
}

/**
 * What keeps a name from being used, of all that shares addresses with it. A single host may be called by an address that is free in another
 * site's subnet; that the host's own site has the same network around it, out of which it was taken, is then no hindrance.
 */
export function hindrances(uses: readonly Occupied[], called: Called): readonly Occupied[] {
  const met = uses.filter(({ prefix }) => prefix.overlaps(called.prefix))
  const taken = met.filter((use) => !isFreeIn(use, called))
  if (taken.length === met.length) return met
  return taken.filter((use) => !isHome(use, called))
}

/** The first and the last address of a subnet are those of the network itself (RFC 922). */
function isFreeIn({ subnet }: Occupied, { prefix, subnet: { site } }: Called): boolean {
  if (!subnet || subnet.site === site || prefix.bits !== prefix.lastBits) return false
  if ([subnet.prefix.first, subnet.prefix.last].some((edge) => prefix.contains(edge))) return false
  return subnet.free.some((part) => part.prefix.contains(prefix))
}

function isHome({ kind, site, prefix }: Occupied, { subnet }: Called): boolean {
  return kind === 'reserved' && site === subnet.site && prefix.contains(subnet.prefix)
}

/** The subnets in whose free space hosts of other sites are called. */
function hostsOfNames({ network, mappings }: Plan): readonly { readonly mapping: Mapping; readonly host: Subnet }[] {
  const hosts = [...network.sites.values()].flatMap(({ subnets }) => subnets.filter(({ free }) => free.length > 0))
  if (hosts.length === 0) return []
  return mappings.flatMap((mapping) =>
    hosts
      .filter(({ site, prefix }) => site !== mapping.site && prefix.contains(mapping.translated))
      .map((host) => ({ mapping, host })),
  )
}

/** What somebody should know whose hosts are called by free addresses of another site. */
export function freeSpaceFindings(plan: Plan): Finding[] {
  return hostsOfNames(plan).flatMap(({ mapping, host }) => [
    ...seenTwice(plan, mapping, host),
    ...alsoAtHome(plan, mapping, host),
  ])
}

/**
 * Where a host is called by a free address of a subnet, nobody may see that subnet by the same addresses beside it: not the site of the host,
 * whose tunnel would join a prefix with a part of it, and not its other peers.
 */
function seenTwice(plan: Plan, { site, translated, subnet }: Mapping, host: Subnet): Finding[] {
  const seers = [site, ...plan.peers.of(site)].filter(
    (one) => one !== host.site && plan.peers.areJoined(one, host.site),
  )
  const seer = seers.find((one) => visibleAs(plan, host, one).overlaps(translated))
  if (seer === undefined) return []
  return [
    findingOf('FREE_SPACE_SEEN', inPlan(nameOf(subnet)), {
      message: `${shortText(translated)} of ${site} is free at ${host.site}, and ${seer} knows ${host.prefix} of ${host.site} by its real addresses`,
      hint: `write translate: always for ${host.prefix} at ${host.site}`,
      related: [{ place: inPlan(host.path), message: `${host.prefix} is here` }],
    }),
  ]
}

function alsoAtHome({ network }: Plan, { site, translated, subnet }: Mapping, host: Subnet): Finding[] {
  const home = network.sites.get(site)?.reserved.find(({ prefix }) => prefix.overlaps(translated))
  if (!home) return []
  const called = shortText(translated)
  return [
    findingOf('FREE_SPACE_AT_HOME', inPlan(nameOf(subnet)), {
      message: `${host.site} calls ${shortText(subnet.prefix)} of ${site} ${called}, which lies in ${home.prefix} of ${site} as well`,
      hint: `make sure that no host of ${site} has ${called}, or choose an address that is free at both sites`,
      related: [{ place: inPlan(home.path), message: `${home.prefix} is here` }],
    }),
  ]
}

function nameOf({ path, hideBehind }: Subnet): Path {
  return [...path, hideBehind ? 'hideBehind' : 'translateTo']
}

/** Addresses of a site's own subnets by which it calls hosts of its peers: no host of its own has them. */
export function namesWithin(plan: Plan, site: SiteName): readonly Prefix[] {
  return hostsOfNames(plan)
    .filter(({ host, mapping }) => host.site === site && plan.peers.areJoined(site, mapping.site))
    .map(({ mapping }) => mapping.translated)
}
