import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { privateRanges, specialPurposeOf } from '../address/special-purpose.ts'
import { type Finding, findingOf, formatPath, inPlan, type Path } from '../finding.ts'
import { certificatesAreWhole } from './authentication-rules.ts'
import {
  changingEndsHaveNames,
  cloudsHaveNoInterfaces,
  endpointsAreOutside,
  endpointsAreReached,
  endpointsAreUsable,
  endpointsDiffer,
  identitiesDiffer,
  outsidesHaveInterfaces,
} from './endpoint-rules.ts'
import { firewallsAreKnown } from './firewall-rules.ts'
import { freeSpaceIsFree } from './free-rules.ts'
import { forwardsLeadToHosts, hidingFits, ownSpaceIsUsable } from './hiding-rules.ts'
import { hostNamesDiffer, hostsAreAtTheirSite } from './host-rules.ts'
import {
  imagesArePinned,
  nodeNetworksAreUsable,
  nodePoolsAreApart,
  resourcesAreUsable,
  tolerationsAreUsable,
} from './kubernetes-rules.ts'
import { linksAreFree } from './link-rules.ts'
import type { SiteName } from './names.ts'
import { isUsableFor } from './own-space.ts'
import type { PartialNetwork, PartialSite, PartialSubnet } from './partial-network.ts'

/** One thing that must hold of a network for a plan to make sense. */
export type Rule = (network: PartialNetwork) => Finding[]

/** More sites than this without tunnels are probably an omission. */
const manySites = 100

/** All rules; each is independent of the others and judges what could be read, so a file shows all of its problems at once. */
export const rules: readonly Rule[] = [
  subnetsOfASiteDoNotOverlap,
  reservedSpaceIsOutsideSubnets,
  subnetsAreUsableSpace,
  outsidesHaveInterfaces,
  cloudsHaveNoInterfaces,
  endpointsAreUsable,
  endpointsDiffer,
  endpointsAreOutside,
  endpointsAreReached,
  identitiesDiffer,
  changingEndsHaveNames,
  certificatesAreWhole,
  firewallsAreKnown,
  poolsArePrivate,
  ownSpaceIsUsable,
  pinsFit,
  hidingFits,
  forwardsLeadToHosts,
  freeSpaceIsFree,
  hostsAreAtTheirSite,
  hostNamesDiffer,
  ipv6IsNotTranslated,
  tunnelsJoinTwoSites,
  tunnelsAreListedOnce,
  linksAreFree,
  transitsHaveTunnels,
  transitsPassGateways,
  sitesHaveTunnels,
  connectionsAreMeant,
  nodeNetworksAreUsable,
  nodePoolsAreApart,
  tolerationsAreUsable,
  resourcesAreUsable,
  imagesArePinned,
]

function subnetsWith({ sites }: PartialNetwork, has: (subnet: PartialSubnet) => boolean): PartialSubnet[] {
  return [...sites.values()].flatMap((site) => site.subnets.filter(has))
}

type Listed = PartialSubnet & { readonly prefix: Prefix }

/** Those whose prefix could be read. */
function listedAt(site: PartialSite): Listed[] {
  return site.subnets.filter((subnet): subnet is Listed => subnet.prefix !== undefined)
}

function subnetsOfASiteDoNotOverlap(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap((site) => overlapsWithin(site))
}

/** Sorted prefixes nest, so a prefix that overlaps an earlier one overlaps the last one that did not lie inside another. */
function overlapsWithin(site: PartialSite): Finding[] {
  const findings: Finding[] = []
  let enclosing: Listed | undefined
  for (const subnet of listedAt(site)) {
    if (!enclosing?.prefix.contains(subnet.prefix)) {
      enclosing = subnet
      continue
    }
    const relation = subnet.prefix.equals(enclosing.prefix) ? 'is listed twice' : `lies inside ${enclosing.prefix}`
    findings.push(
      findingOf('SUBNETS_OVERLAP_IN_SITE', inPlan(subnet.path), {
        message: `${subnet.prefix} ${relation} at ${site.name}`,
        hint: `keep ${enclosing.prefix} alone, or split it`,
        related: [{ place: inPlan(enclosing.path), message: `${enclosing.prefix} is here` }],
      }),
    )
  }
  return findings
}

/** Reserved space around a subnet is what the subnet was taken out of; pods and services live nowhere near one. */
function reservedSpaceIsOutsideSubnets(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap((site) => {
    if (site.reserved.length === 0) return []
    const subnets = PrefixSet.of(listedAt(site).map((subnet) => subnet.prefix))
    return site.reserved
      .filter(({ kind, prefix }) => (kind === 'reserved' ? subnets.contains(prefix) : subnets.overlaps(prefix)))
      .map(({ prefix, path }) =>
        findingOf('RESERVED_IN_SUBNET', inPlan(path), {
          message: `${prefix} meets a subnet of ${site.name}, so peers reach it through the tunnel`,
          hint: 'list only the parts that peers should reach under subnets',
        }),
      )
  })
}

function subnetsAreUsableSpace(network: PartialNetwork): Finding[] {
  const unusable = subnetsWith(network, ({ prefix }) => prefix !== undefined && specialPurposeOf(prefix) !== undefined)
  return unusable.flatMap(({ prefix, path }) => {
    const special = prefix && specialPurposeOf(prefix)
    if (!special) return []
    const how = special.prefix.contains(prefix) ? 'is part of' : 'contains'
    const message = `${prefix} ${how} ${special.prefix}, which is ${special.name} space (${special.source})`
    return [
      findingOf('SUBNET_SPECIAL_PURPOSE', inPlan(path), { message, hint: 'list the networks that are really there' }),
    ]
  })
}

function poolsArePrivate(network: PartialNetwork): Finding[] {
  const own = network.own.map(({ prefix }) => prefix)
  return network.pools.flatMap(({ prefix: pool, path }) => {
    const place = inPlan(path)
    if (pool.family === 6) {
      return [
        findingOf('POOL_NOT_IPV4', place, {
          message: `${pool} is IPv6`,
          hint: 'name IPv4 space, such as 172.16.0.0/12',
        }),
      ]
    }
    if (isUsableFor(pool, own)) return []
    return [
      findingOf('POOL_NOT_PRIVATE', place, { message: `${pool} is not private space`, hint: privateSpaceHint(pool) }),
    ]
  })
}

/** What the writer probably meant: the private block that begins with the same number, else all of them. */
function privateSpaceHint(prefix: Prefix): string {
  const octet = String(prefix).split('.')[0]
  const near = privateRanges.find((range) => String(range.prefix).split('.')[0] === octet)
  if (near) {
    return `${near.prefix} ${near.source === 'RFC 1918' ? 'is private' : `is ${near.name}`} (${near.source}): ${near.prefix.first} to ${near.prefix.last}`
  }
  return `use ${privateRanges.map((range) => String(range.prefix)).join(', ')}; public space that is yours stands under own`
}

function pinsFit(network: PartialNetwork): Finding[] {
  const own = network.own.map(({ prefix }) => prefix)
  const pinned = subnetsWith(
    network,
    ({ translateTo, hideBehind }) => translateTo !== undefined || hideBehind !== undefined,
  )
  return pinned.flatMap((subnet) => {
    const { prefix, translateTo, hideBehind, translate, path } = subnet
    if (hideBehind?.family === 4 && !isUsableFor(hideBehind, own)) {
      const message = `${hideBehind} is not private space`
      const place = inPlan([...path, 'hideBehind'])
      return [findingOf('PIN_NOT_PRIVATE', place, { message, hint: privateSpaceHint(hideBehind) })]
    }
    if (!translateTo) return []
    const place = inPlan([...path, 'translateTo'])
    const findings: Finding[] = []
    if (translateTo.family === 4 && prefix?.family === 4 && translateTo.length !== prefix.length) {
      const message = `${translateTo} has another length than ${prefix}`
      findings.push(findingOf('PIN_LENGTH', place, { message, hint: lengthHint(prefix, translateTo) }))
    }
    if (translateTo.family === 4 && !isUsableFor(translateTo, own)) {
      const message = `${translateTo} is not private space`
      findings.push(findingOf('PIN_NOT_PRIVATE', place, { message, hint: privateSpaceHint(translateTo) }))
    }
    if (translate === 'never') {
      const message = `${prefix ?? 'the subnet'} has translateTo and translate: never`
      findings.push(findingOf('PIN_CONTRADICTS', place, { message, hint: 'remove one of the two' }))
    }
    return findings
  })
}

/** A pin is mostly what somebody granted: what does not fit into it cannot grow it. */
function lengthHint(prefix: Prefix, pin: Prefix): string {
  if (pin.length < prefix.length) return `write ${Prefix.fromBits(pin.bits, prefix.length)} or another part of it`
  const size = Number(pin.size) === 1 ? 'one address' : `${pin.size} addresses`
  return `${pin} holds ${size}: list the hosts that take part, or a /${pin.length} of ${prefix}, as subnets of their own`
}

function ipv6IsNotTranslated(network: PartialNetwork): Finding[] {
  const wanted = subnetsWith(
    network,
    ({ translate, translateTo, hideBehind }) =>
      translate === 'always' || translateTo !== undefined || hideBehind !== undefined,
  )
  return wanted.flatMap(({ prefix, translateTo, path }) => {
    if (prefix?.family !== 6 && translateTo?.family !== 6) return []
    const what = prefix ?? 'the subnet'
    const message = translateTo ? `${what} cannot be translated to ${translateTo}` : `${what} cannot be translated`
    return [findingOf('IPV6_NOT_TRANSLATED', inPlan(path), { message, hint: 'IPv6 passes with its real addresses' })]
  })
}

function tunnelsJoinTwoSites(network: PartialNetwork): Finding[] {
  return (network.tunnels ?? [])
    .filter(({ sites }) => sites[0] === sites[1])
    .map(({ sites, path }) =>
      findingOf('TUNNEL_TO_ITSELF', inPlan([...path, 'sites']), {
        message: `the tunnel joins ${sites[0]} to itself`,
        hint: 'name two different sites',
      }),
    )
}

function tunnelsAreListedOnce(network: PartialNetwork): Finding[] {
  const seen = new Map<string, Path>()
  const named = network.transits.filter(({ path }) => !network.unread.touches(path))
  const tunnels = (network.tunnels ?? []).filter(({ path }) => !network.unread.touches([...path, 'uplinks']))
  return [...tunnels.map(ownPair), ...named].flatMap(({ sites, path, ...tunnel }) => {
    const uplinks = 'uplinks' in tunnel ? tunnel.uplinks : ''
    const key = [...[...sites].sort(), uplinks].join(' ')
    const first = seen.get(key)
    if (!first) {
      seen.set(key, path)
      return []
    }
    const message = `${sites[0]} and ${sites[1]} are already joined by ${formatPath(first)}`
    const hint =
      'isUnrouted' in tunnel && tunnel.isUnrouted
        ? 'write mode: route on both: routes choose between tunnels over several uplinks'
        : 'remove one of the two, or give this one another uplink: uplinks: { SITE: NAME }'
    return [findingOf('TUNNEL_DUPLICATE', inPlan(path), { message, hint })]
  })
}

/** Routes choose between several tunnels of the same sites; without them a second one is as bad as no other uplink. */
function ownPair({
  sites,
  path,
  form,
  uplinks,
}: PartialNetwork['tunnels'] & object extends readonly (infer T)[] ? T : never) {
  const label = [...uplinks]
    .map(([site, uplink]) => `${site}=${uplink}`)
    .sort()
    .join(' ')
  const isRouted = form.mode === 'route'
  return { sites, path, uplinks: isRouted ? label : '', isUnrouted: !isRouted && label !== '' }
}

function transitsHaveTunnels({ tunnels = [], transits }: PartialNetwork): Finding[] {
  if (transits.length === 0) return []
  const joined = new Map(tunnels.map((tunnel) => [[...tunnel.sites].sort().join(' '), tunnel]))
  return transits.flatMap(({ sites, through, path }) => {
    const [one, other] = sites
    const say = (message: string, hint: string) => [
      findingOf('TRANSIT_WITHOUT_TUNNEL', inPlan([...path, 'through']), { message, hint }),
    ]
    if (one === other) return say(`the two sites are both ${one}`, 'name two different sites')
    if (sites.includes(through)) return say(`${through} is one of the two sites`, 'name the site between them')
    const legs = sites.map((end) => ({ end, tunnel: joined.get([end, through].sort().join(' ')) }))
    const missing = legs.find(({ tunnel }) => !tunnel)
    if (missing)
      return say(`${missing.end} has no tunnel to ${through}`, `add one under tunnels: ${missing.end}, ${through}`)
    const bare = legs.find(({ end, tunnel }) => tunnel?.translateAt === end)
    if (!bare) return []
    return say(
      `${through} forwards to ${bare.end}, and all translation of their tunnel is done at ${bare.end}`,
      `write translateAt: ${through} on that tunnel, or leave it out`,
    )
  })
}

/** Without any gateway a plan says only who sees whom; with some, what is handed on needs one that does it. */
function transitsPassGateways({ sites, transits, unread }: PartialNetwork): Finding[] {
  const isWithout = (name: SiteName) => {
    const site = sites.get(name)
    return site !== undefined && !site.gateway && !unread.touches(['sites', name, 'gateway'])
  }
  const lacking = transits.filter((one) => isWithout(one.through) && one.sites.some((end) => sites.get(end)?.gateway))
  const byPath = new Map(lacking.map((one) => [formatPath(one.path), one]))
  return [...byPath.values()].map(({ through, path }) =>
    findingOf('TRANSIT_WITHOUT_TUNNEL', inPlan([...path, 'through']), {
      message: `${through} would forward what others send to each other, and the plan file does not describe a gateway there`,
      hint: `add sites.${through}.gateway; platform: generic gives a hand-over sheet for any product`,
    }),
  )
}

function sitesHaveTunnels(network: PartialNetwork): Finding[] {
  if (!network.tunnels) return []
  const joined = new Set(network.tunnels.flatMap(({ sites }) => sites))
  return [...network.sites.keys()]
    .filter((name) => !joined.has(name))
    .map((name) =>
      findingOf(
        'SITE_WITHOUT_TUNNEL',
        { ...inPlan(['sites', name]), isKey: true },
        {
          message: `${name} takes part in no tunnel`,
          hint: 'add one under tunnels',
        },
      ),
    )
}

function connectionsAreMeant(network: PartialNetwork): Finding[] {
  if (network.tunnels || network.sites.size <= manySites) return []
  const message = `without tunnels each of ${network.sites.size} sites counts as connected to every other`
  return [
    findingOf('SITES_ALL_CONNECTED', inPlan(['sites']), { message, hint: 'list the tunnels that exist under tunnels' }),
  ]
}
