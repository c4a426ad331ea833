import { Address } from '../address/address.ts'
import { knownAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import { isInternal, noHostOf } from '../address/special-purpose.ts'
import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import { abilities } from '../policy/abilities.ts'
import type { SiteName } from './names.ts'
import { cloudOutside } from './normalize-gateway.ts'
import type { PartialGateway, PartialNetwork, PartialOutside } from './partial-network.ts'

interface WrittenEnd {
  readonly end: PartialOutside
  readonly path: Path
}

/** The ends of a gateway, with their places in the plan file. */
function endsOf({ outside, uplinks, path }: PartialGateway): readonly WrittenEnd[] {
  return [
    { end: outside, path: [...path, 'outside'] },
    ...[...uplinks.values()].map((uplink) => ({ end: uplink, path: uplink.path })),
  ]
}

/** The addresses that the plan file gives to an end, by key; the public one is the first again unless it is written. */
function writtenAddresses({ end }: WrittenEnd): (readonly [key: 'address' | 'publicAddress', address: Address])[] {
  const [address, publicAddress] = [knownAddress(end.address), knownAddress(end.publicAddress)]
  const own = address ? [['address', address] as const] : []
  if (!publicAddress || (address && publicAddress.equals(address))) return own
  return [...own, ['publicAddress', publicAddress]]
}

/** Only the gateways of clouds have none. */
export function outsidesHaveInterfaces(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap(({ gateway }) => {
    if (!gateway || gateway.outside.interface !== undefined) return []
    const path = [...gateway.path, 'outside']
    const unclear = [
      [...path, 'interface'],
      [...gateway.path, 'platform'],
    ]
    if (unclear.some((one) => network.unread.touches(one))) return []
    return [findingOf('KEY_MISSING', inPlan(path), { message: 'the key interface is missing' })]
  })
}

/** The gateway of a cloud has no interfaces that anybody sees. */
export function cloudsHaveNoInterfaces(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap(({ gateway }) => {
    if (!gateway || !isOfCloud(gateway)) return []
    const { platform, path, outside, inside, uplinks } = gateway
    const ends = [{ ...outside, path: [...path, 'outside'], nextHop: undefined }, ...uplinks.values()]
    const named = [
      ...ends.map((end) => ({ name: end.interface, path: [...end.path, 'interface'] })),
      ...(inside ? [{ name: inside.interface, path: [...path, 'inside'] }] : []),
    ].filter(({ name }) => name !== cloudOutside)
    const say = (at: Path, why: string) =>
      findingOf('CLOUD_KEY_UNUSED', inPlan(at), { message: `${platform} ${why} is not used`, hint: 'remove it' })
    return [
      ...named.map(({ name, path: at }) => say(at, `has no interfaces, so ${name}`)),
      ...ends.flatMap(({ nextHop, path: at }) =>
        nextHop ? [say([...at, 'nextHop'], `routes its own packets, so ${nextHop}`)] : [],
      ),
    ]
  })
}

/** No host has such an address, and to strongSwan 0.0.0.0 is any peer, so no trap could hold a packet for it. */
export function endpointsAreUsable(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap(({ gateway }) => {
    if (!gateway) return []
    return endsOf(gateway).flatMap((written) =>
      writtenAddresses(written).flatMap(([key, address]) => {
        const special = noHostOf(address)
        if (!special) return []
        const message = `${address} cannot be the address of a gateway: ${special.prefix} is ${special.name} space (${special.source})`
        const hint =
          key === 'address' ? 'write the address that the interface has' : 'write the address that peers call'
        return [findingOf('ENDPOINT_UNUSABLE', inPlan([...written.path, key]), { message, hint })]
      }),
    )
  })
}

/** An internal address is no way to a gateway for a peer on the internet; where both ends have one, they share a network of their own. */
export function endpointsAreReached(network: PartialNetwork): Finding[] {
  const callers = callersByName(network)
  return [...network.sites.values()].flatMap(({ name, gateway }) => {
    if (!gateway) return []
    const ends = endsOf(gateway)
    // Two gateways may share a network of their own on further uplinks; a cloud has no such way.
    const called = isOfCloud(gateway) ? ends : ends.slice(0, 1)
    return called.flatMap((written) => unreached(written, { name, callers: () => callers(name) }))
  })
}

function isOfCloud({ platform }: PartialGateway): boolean {
  return platform !== undefined && abilities[platform].cloud !== undefined
}

function unreached(
  written: WrittenEnd,
  { name, callers }: { readonly name: SiteName; readonly callers: () => readonly Caller[] },
): Finding[] {
  const called = knownAddress(written.end.publicAddress)
  if (!called || !isInternal(called)) return []
  const [first, ...others] = callers()
  const [key, address] = writtenAddresses(written).at(-1) ?? []
  if (!first || !key) return []
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return [
    findingOf('ENDPOINT_PRIVATE', inPlan([...written.path, key]), {
      message: `${address} of ${name} is private, but its peer ${first.name}${more} is on the internet (${first.address}) and cannot call it there`,
      hint: `write the address under which ${first.name} reaches ${name} as ${written.path.at(-1) === 'outside' ? 'outside.' : ''}publicAddress`,
    }),
  ]
}

interface Caller {
  readonly name: SiteName
  readonly address: Address
}

/** The peers of a site that are on the internet. */
function callersByName({ sites, tunnels }: PartialNetwork): (name: SiteName) => readonly Caller[] {
  const all = [...sites.values()].flatMap(({ name, gateway }) => {
    const address = knownAddress(gateway?.outside.publicAddress)
    return address && !isInternal(address) && !noHostOf(address) ? [{ name, address }] : []
  })
  if (!tunnels) return () => all
  const byName = new Map(all.map((caller) => [caller.name, caller]))
  const callers = new Map<SiteName, Caller[]>()
  for (const { sites: ends } of tunnels) {
    for (const [index, end] of ends.entries()) {
      const caller = byName.get(ends[1 - index] ?? end)
      if (caller) callers.set(end, (callers.get(end) ?? []).concat(caller))
    }
  }
  return (name) => callers.get(name) ?? []
}

/** Each outside address belongs to one gateway. */
export function endpointsDiffer(network: PartialNetwork): Finding[] {
  const owners = new Map<string, SiteName>()
  const findings: Finding[] = []
  for (const { name, gateway } of network.sites.values()) {
    if (!gateway) continue
    for (const { end, path: place } of endsOf(gateway)) {
      const path = [...place, 'address']
      const address = calledText(end)
      const owner = address === undefined ? undefined : owners.get(address)
      if (address !== undefined && owner === undefined) owners.set(address, name)
      if (owner === undefined) continue
      const message = `${address} is already ${owner === name ? 'an' : 'the'} outside address of ${owner}`
      const hint = owner === name ? 'each uplink has its own' : 'each gateway has its own'
      findings.push(findingOf('ENDPOINT_DUPLICATE', inPlan(path), { message, hint }))
    }
  }
  return findings
}

/** What peers call, where that is written: an address or a host name. */
function calledText({ publicAddress: called }: PartialOutside): string | undefined {
  return called?.kind === 'host' ? called.name : knownAddress(called)?.toString()
}

/** Sent to such an address, packets would stay in the network of the site that has the subnet. */
export function endpointsAreOutside(network: PartialNetwork): Finding[] {
  const sites = [...network.sites.values()]
  const ends = sites.flatMap(({ name, gateway }) => {
    const publicAddress = knownAddress(gateway?.outside.publicAddress)
    return gateway && publicAddress ? [{ name, gateway, publicAddress }] : []
  })
  if (ends.length === 0) return []
  const subnets = sites.flatMap((site) => site.subnets)
  const space = PrefixSet.of(subnets.flatMap(({ prefix }) => prefix ?? []))
  return ends.flatMap(({ name, gateway, publicAddress }) => {
    if (!space.overlaps(Prefix.of(publicAddress))) return []
    return subnets
      .filter(({ prefix }) => prefix?.contains(publicAddress))
      .map((subnet) =>
        findingOf('ENDPOINT_IN_SUBNET', inPlan([...gateway.path, 'outside', 'address']), {
          message: `${publicAddress}, the outside address of ${name}, lies inside ${subnet.prefix} of ${subnet.site}`,
          hint: 'check both for a mistake',
          related: [{ place: inPlan(subnet.path), message: `${subnet.prefix} is here` }],
        }),
      )
  })
}

/** A gateway with several peers picks the key by identity, so no two of all sites may have the same. */
export function identitiesDiffer(network: PartialNetwork): Finding[] {
  const owners = new Map<string, SiteName>()
  return [...network.sites.values()].flatMap(({ name, gateway }) => {
    if (!gateway?.identity) return []
    const { identity, path } = gateway
    const owner = owners.get(identity)
    if (owner === undefined) {
      owners.set(identity, name)
      return []
    }
    const other = network.sites.get(owner)?.gateway
    const called = other && calledText(other.outside)
    if (called !== undefined && called === calledText(gateway.outside)) return []
    const message = `${identity} is already the IKE identity of ${owner}`
    return [
      findingOf('IDENTITY_DUPLICATE', inPlan([...path, 'identity']), { message, hint: 'each gateway has its own' }),
    ]
  })
}

/** A peer whose address changes is known by its name alone. */
export function changingEndsHaveNames(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap(({ name, gateway }) => {
    const changing = gateway && changingEndOf(gateway)
    if (!changing) return []
    const { what, identity } = changing
    const shown = identity === '' ? 'it has no identity' : `${identity} is not a name`
    const message = `the address of ${what} of ${name} changes, so that peers know it by its name, and ${shown}`
    const hint = isOfCloud(gateway)
      ? 'write the address that it has: gateways of clouds have fixed addresses'
      : `write identity: ${name.toLowerCase()}.example.net, or another name that only it has`
    const at = identity === '' ? gateway.path : [...gateway.path, 'identity']
    return [findingOf('IDENTITY_NOT_A_NAME', inPlan(at), { message, hint })]
  })
}

/** The first way to the internet whose address changes and that has no name. */
function changingEndOf({ outside, identity, uplinks }: PartialGateway) {
  const ends = [
    { what: 'the gateway', called: outside.publicAddress, identity },
    ...[...uplinks].map(([name, uplink]) => {
      return { what: `the uplink ${name}`, called: uplink.publicAddress, identity: uplink.identity }
    }),
  ]
  return ends.flatMap(({ what, called, identity: own }) =>
    called && called.kind !== 'known' && own !== undefined && !isName(own) ? [{ what, identity: own }] : [],
  )[0]
}

/** A name of hosts or users: no address, and no word for everybody. */
function isName(identity: string): boolean {
  return Address.tryParse(identity) === undefined && /[a-z]/i.test(identity) && !/^@?any$/i.test(identity)
}
