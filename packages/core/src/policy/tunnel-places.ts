import type { Address } from '../address/address.ts'
import type { Family } from '../address/bits.ts'
import { knownAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { interfaceKey, type Lock, type LockedInterface, mostInterface } from '../allocation/lock.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import { platforms } from '../network/platforms.ts'
import { type Abilities, abilities, type RoutedTunnels } from './abilities.ts'
import { hasFixedAddress } from './changing-ends.ts'
import type { Connection } from './connections.ts'
import type { InterfaceAddress, TunnelInterface, VirtualInterface, Vrf } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import type { SubnetPair } from './subnet-pairs.ts'

/** Where a tunnel meets the gateway: its virtual interface, and where NAT is done for it. */
export interface TunnelPlace {
  readonly through: TunnelInterface | undefined
  /** The interface that rules for the site's own subnets name. */
  readonly nat: string
  /** What a gateway has in addition that translates for the peer as well. */
  readonly domain: Domain | undefined
  /** The interfaces of this tunnel alone. */
  readonly interfaces: readonly VirtualInterface[]
}

/**
 * A second routing table behind a cable inside the gateway: packets pass NAT once at each of its ends. The form was proven with a kernel:
 * both ends may have the same addresses, and nothing leaves while the tunnel is down.
 */
export interface Domain {
  readonly vrf: Vrf
  /** The end of the cable in the main table; `far` is in the other one. */
  readonly near: { readonly name: string; readonly address: Address }
  readonly far: { readonly name: string; readonly address: Address }
}

/** Link-local space for the cables (RFC 3927), each a /31 (RFC 3021). */
const cables = Prefix.parse('169.254.64.0/18')

/** The first table that people use themselves is mostly 100 or 200. */
const firstTable = 1000

/** What moves the numbers that the names of a gateway's virtual interfaces, VRFs and the like are made of. */
export const otherNumbers =
  'choose other numbers with gateway.interfaceBase; one that the lock has moves when its line is removed from interfaces there'

interface Places {
  readonly places: ReadonlyMap<SiteName, TunnelPlace>
  readonly interfaces: readonly LockedInterface[]
  readonly findings: readonly Finding[]
}

/** The place of each tunnel of a gateway, by peer; virtual interfaces keep the number that the lock has. */
export function tunnelPlaces(
  site: GatewaySite,
  connections: readonly Connection[],
  { pairs, lock }: { readonly pairs: readonly SubnetPair[]; readonly lock: Lock },
): Places {
  const carried = familiesByTunnel(pairs)
  const findings = [
    ...connections.flatMap((one) => unsupported(site, one, carried.get(one.name) ?? new Set())),
    ...connections.flatMap((one) => handingToCable(one, connections)),
  ]
  const wanting = connections.filter(({ form, translatesForPeer }) => form.mode === 'route' || translatesForPeer)
  const numbers = numbersOf(site, wanting, lock)
  const places = connections.map((connection) => {
    const [number, cable] = [connection, cableOwner(connection, connections)].map(({ name }) => numbers.get(name))
    return [connection.name, placeOf(connection, { number, cable })] as const
  })
  const interfaces = wanting.flatMap((connection) => {
    const number = numbers.get(connection.name)
    return number === undefined ? [] : [{ ...lockedTunnel(site.name, connection), number, path: [] }]
  })
  return { places: new Map(places), interfaces, findings: [...findings, ...exhausted(site, wanting, numbers)] }
}

/** The IP versions of what each tunnel carries, that of sites behind its ends as well. */
function familiesByTunnel(pairs: readonly SubnetPair[]): Map<SiteName, Set<Family>> {
  const carried = new Map<SiteName, Set<Family>>()
  for (const { tunnel, local } of pairs) {
    const known = carried.get(tunnel) ?? new Set()
    carried.set(tunnel, known.add(local.wire.family))
  }
  return carried
}

function lockedTunnel(site: SiteName, { peer, label }: Connection) {
  return { site, peer: peer.name, ...(label === undefined ? {} : { uplink: label }) }
}

/** The number of one that left is not given to another at once: its interface is still on the gateway. */
function numbersOf({ name, gateway }: GatewaySite, wanting: readonly Connection[], lock: Lock): Map<SiteName, number> {
  const locked = [...lock.interfaces.values()].filter(({ site }) => site === name)
  const taken = new Set(locked.map(({ number }) => number))
  let next = gateway.interfaceBase
  const free = () => {
    while (taken.has(next)) next++
    return next++
  }
  return new Map(
    wanting.flatMap((connection) => {
      const number = lock.interfaces.get(interfaceKey(lockedTunnel(name, connection)))?.number ?? free()
      return number > mostInterface ? [] : [[connection.name, number] as const]
    }),
  )
}

function exhausted(
  { name, gateway }: GatewaySite,
  wanting: readonly Connection[],
  numbers: ReadonlyMap<SiteName, number>,
): Finding[] {
  if (numbers.size === wanting.length) return []
  return [
    findingOf('INTERFACE_NUMBERS_EXHAUSTED', inPlan(gateway.path), {
      message: `${wanting.length - numbers.size} of ${wanting.length} tunnels of ${name} find no number for their virtual interface: the highest is ${mostInterface}`,
      hint: 'write a lower interfaceBase',
    }),
  ]
}

/** Several tunnels to a peer have one cable, so that they take over from each other behind it, and answers may come by any of them. */
export function cableOwner(connection: Connection, all: readonly Connection[]): Connection {
  if (!connection.translatesForPeer) return connection
  return all.find((one) => one.peer.name === connection.peer.name && one.translatesForPeer) ?? connection
}

/** The numbers of its interface, and of the cable, where it has one. */
function placeOf(
  connection: Connection,
  { number, cable: shared = number }: Readonly<Record<'number' | 'cable', number | undefined>>,
): TunnelPlace {
  const { name: peer, site, form, ends, translatesForPeer } = connection
  const { name, gateway } = site
  const { virtualInterface, routed, translates } = abilities[gateway.platform]
  const feature = virtualInterface ? gateway.virtualInterface.name : undefined
  if (number === undefined || !routed) {
    const through = feature === undefined ? undefined : ({ kind: 'feature', interface: feature } as const)
    return { through, nat: feature ?? gateway.outside.interface, domain: undefined, interfaces: [] }
  }
  const tunnel = `${routed.prefix}${number}`
  const takes = form.mode === 'route' ? form.takes : 'narrow'
  const through = { kind: 'route', interface: tunnel, takes } as const
  const address = form.mode === 'route' && form.link ? linkAddress(form.link, ends[0] === name) : undefined
  const own = { kind: 'tunnel', name: tunnel, address, peer } as const
  if (!translatesForPeer) return { through, nat: tunnel, domain: undefined, interfaces: [own] }
  const domain = domainOf(shared ?? number, translates)
  return {
    through,
    nat: domain.near.name,
    domain,
    interfaces: [{ ...own, vrf: domain.vrf.name }, ...(shared === number ? cable(domain, peer) : [])],
  }
}

/** The first address that can be used is for the first of the sites. */
function linkAddress(link: Prefix, isFirst: boolean): InterfaceAddress {
  const skipped = link.length === 31 ? 0 : 1
  return { address: link.at(skipped + (isFirst ? 0 : 1)), network: link }
}

/** A gateway with rules for both ends of a tunnel does the same without a cable that anybody sees; its two sides have names of their own. */
function domainOf(number: number, translates: Abilities['translates']): Domain {
  const address = (offset: number): Address => cables.at(2 * number + offset)
  return {
    vrf: { name: `natplan${number}`, table: firstTable + number },
    near: { name: translates === 'rules' ? `inner${number}` : `veth${2 * number}`, address: address(0) },
    far: { name: translates === 'rules' ? `outer${number}` : `veth${2 * number + 1}`, address: address(1) },
  }
}

function cable({ vrf, near, far }: Domain, peer: SiteName): VirtualInterface[] {
  const network = Prefix.fromBits(near.address.bits, 31)
  const end = (one: Domain['near'], joins: string) =>
    ({ kind: 'cable', name: one.name, address: { address: one.address, network }, joins, peer }) as const
  return [end(near, far.name), { ...end(far, near.name), vrf: vrf.name }]
}

/** What the platform of a gateway cannot do of a tunnel's form. */
function unsupported(site: GatewaySite, connection: Connection, carried: ReadonlySet<Family>): Finding[] {
  const { form, path, peer, inFront, rank, count } = connection
  const { platform } = site.gateway
  const { routed, translates, cloud, switchesOver, mixesFamilies } = abilities[platform]
  const say = (message: string, keys: readonly string[], can: (one: Abilities) => boolean, how = 'these can') => [
    findingOf('TUNNEL_FORM_UNSUPPORTED', inPlan([...path, ...keys]), {
      message: `${platform} at ${site.name} ${message}`,
      hint: `${how}: ${platforms.filter((one) => can(abilities[one])).join(', ')}`,
    }),
  ]
  if (connection.translateAt === site.name && translates === 'nothing') return [translatesNothing(site, connection)]
  if (connection.translatesForPeer && !translatesBothEnds(abilities[platform])) {
    return say('cannot translate for its peer as well', ['translateAt'], translatesBothEnds)
  }
  if (cloud && inFront.length > 0) {
    return say(`does not forward to ${peer.name} what others send`, [], (one) => one.cloud === undefined)
  }
  if (count > 1 && rank === count && !switchesOver) {
    return say(
      'keeps routes into a tunnel that is down, so that no other tunnel takes over',
      ['uplinks'],
      (one) => one.switchesOver,
    )
  }
  if (connection.translatesForPeer && translates === 'domain' && carried.has(6)) return [withoutIpv6(site, connection)]
  const foreign = mixesFamilies ? undefined : foreignFamily(site, connection, carried)
  if (foreign !== undefined) {
    const lack = `carries no IPv${foreign} through a tunnel between IPv${foreign === 6 ? 4 : 6} addresses`
    return say(lack, [], (one) => one.mixesFamilies && one.cloud === undefined)
  }
  if (form.mode !== 'route') return []
  const { takes } = form
  if (!routed) return say('has no virtual interfaces for tunnels', ['mode'], (one) => one.routed !== undefined)
  if (!cloud && takes === 'any' && carried.has(6) && !takesIpv6(routed, connection)) {
    const lack = `carries no IPv6 through a virtual interface${routed.any === 'ipv4' ? '' : ' with IKEv1'}`
    return say(lack, ['mode'], (one) => one.routed !== undefined && one.routed.any !== 'ipv4', 'these can with IKEv2')
  }
  const open = routed.needsAddresses ? endsWithoutAddress(connection) : []
  if (open.length > 0) {
    const lack = `makes virtual interfaces between fixed addresses only, which ${open.join(' and ')} ${open.length > 1 ? 'have' : 'has'} not`
    return say(lack, ['mode'], (one) => one.routed !== undefined && !one.routed.needsAddresses)
  }
  if (routed.takes.includes(takes)) return []
  const what = takes === 'any' ? 'everything through' : 'selectors at'
  return say(`has not ${what} a virtual interface`, ['selectors'], (one) => one.routed?.takes.includes(takes) ?? false)
}

/**
 * What a tunnel's selectors take is expected encrypted wherever it comes in, also out of a cable, where it is not any more: only a tunnel that routes
 * lead into keeps its selectors to itself.
 */
function handingToCable(
  { site, peer, form, translatesForPeer, inFront, path }: Connection,
  all: readonly Connection[],
): Finding[] {
  if (form.mode === 'route' || translatesForPeer || inFront.length === 0) return []
  const beyond = all.find((one) => inFront.includes(one.peer.name) && one.translatesForPeer)
  if (!beyond) return []
  return [
    findingOf('TUNNEL_FORM_UNSUPPORTED', inPlan(path), {
      message: `${site.name} translates for ${beyond.peer.name} as well, and forwards to it what comes from ${peer.name}, which selectors of this tunnel would take for unencrypted`,
      hint: `write mode: route on this tunnel; where subnets of ${peer.name} are translated, translateAt: ${site.name} does as well`,
    }),
  ]
}

/** The cable between the two routing tables has IPv4 addresses alone. */
function withoutIpv6({ name, gateway }: GatewaySite, { peer, path }: Connection): Finding {
  return findingOf('TUNNEL_FORM_UNSUPPORTED', inPlan([...path, 'translateAt']), {
    message: `${gateway.platform} at ${name} translates for ${peer.name} as well, and then forwards no IPv6`,
    hint: `leave out translateAt, or the IPv6 subnets of ${name} or ${peer.name}`,
  })
}

function endsWithoutAddress({ site, peer }: Connection): SiteName[] {
  const isOpen = site.gateway.outside.address.kind !== 'known'
  return [...(isOpen ? [site.name] : []), ...(hasFixedAddress(peer) ? [] : [peer.name])]
}

/** What the tunnel would carry of the IP version that its ends have not; ends whose addresses nobody knows are taken for IPv4. */
function foreignFamily(site: GatewaySite, { peer }: Connection, carried: ReadonlySet<Family>): Family | undefined {
  const known = [site, peer].map(({ gateway }) => knownAddress(gateway.outside.publicAddress))
  const foreign = known.some((address) => address?.family === 6) ? 4 : 6
  return carried.has(foreign) ? foreign : undefined
}

/** A child of IKEv1 has one pair of prefixes only (RFC 2409, quick mode). */
function takesIpv6({ any }: RoutedTunnels, { algorithms }: Connection): boolean {
  return any !== 'ipv4' && algorithms.ike.version === 2
}

function translatesBothEnds({ translates }: Abilities): boolean {
  return translates === 'domain' || translates === 'rules'
}

/** A gateway without NAT needs a peer that translates both ends. */
export function translatesNothing({ name, gateway }: GatewaySite, { peer, path, translateAt }: Connection): Finding {
  const able = platforms.filter((one) => translatesBothEnds(abilities[one]))
  const canPeer = able.includes(peer.gateway.platform)
  const keys = translateAt === undefined ? [] : ['translateAt']
  return findingOf('TRANSLATION_UNSUPPORTED', inPlan([...path, ...keys]), {
    message: `${gateway.platform} at ${name} translates nothing, so ${peer.name} must do it for both`,
    hint: canPeer
      ? `write translateAt: ${peer.name} on this tunnel`
      : `${peer.gateway.platform} at ${peer.name} cannot; these can: ${able.join(', ')}`,
  })
}
