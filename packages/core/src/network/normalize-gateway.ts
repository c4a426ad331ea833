import { Address } from '../address/address.ts'
import type { NamedAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import { findingOf, inPlan } from '../finding.ts'
import { abilities } from '../policy/abilities.ts'
import { quoted } from '../quoted.ts'
import { nearest } from './names.ts'
import { firewallRoles, type PlannedFilterSet, type Uplink } from './network.ts'
import { addressAt, below, type Gathered } from './normalize-prefixes.ts'
import type { PartialGateway, PartialOutside } from './partial-network.ts'
import type { Partly } from './partly.ts'
import type { WrittenSite } from './written.ts'

/** The first NAT rule number on a gateway: leaves room below for rules that are there already. */
const defaultRuleBase = 1000

/** The first number of a virtual interface: few people have so many that it is taken. */
const defaultInterfaceBase = 100

/** What stands for the outside of a gateway that has no interfaces. */
export const cloudOutside = 'vpn'

/** Ethernet; IPsec gateways of clouds and offices have no larger path between them. */
const defaultMtu = 1500

/** Link-local, so that no pool and no site has it. */
const defaultVirtualInterface = { name: 'vfp0', address: Address.parse('169.254.123.123') }

type Written = Partly<NonNullable<WrittenSite['gateway']>>

/** Parses the addresses of a gateway and fills in its defaults; what is written and cannot be read has none. */
export function gatewayOf(written: Written, place: Gathered): PartialGateway {
  const { outside = {}, inside, virtualInterface = {}, ruleBase = defaultRuleBase } = written
  const orDefault = <T>(value: T | undefined, other: T | undefined, ...keys: string[]) =>
    value ?? (place.unread.touches([...place.path, ...keys]) ? undefined : other)
  const ends = outsideOf(outside, below(place, 'outside'))
  const { publicAddress: called } = ends
  const virtual = addressAt(virtualInterface.address, below(place, 'virtualInterface', 'address'))
  const platform = orDefault(written.platform, 'generic', 'platform')
  return {
    platform,
    outside: { ...ends, interface: ends.interface ?? outsideOfCloud(platform) },
    uplinks: uplinksOf(written, { platform, place }),
    inside: inside?.interface === undefined ? undefined : { interface: inside.interface },
    identity: orDefault(written.identity, called && nameOf(called), 'identity'),
    virtualInterface: {
      name: virtualInterface.name ?? defaultVirtualInterface.name,
      address: Prefix.of(virtual ?? defaultVirtualInterface.address),
    },
    ruleBase,
    interfaceBase: written.interfaceBase ?? defaultInterfaceBase,
    firewall: written.firewall && filterSetsOf(written.firewall, { path: place.path, first: ruleBase }),
    path: place.path,
  }
}

type WrittenEnd = Partly<NonNullable<WrittenSite['gateway']>['outside']>

function outsideOf(written: WrittenEnd, place: Gathered): PartialOutside {
  const own = namedAt(written.address, below(place, 'address'))
  const publicAddress = namedAt(written.publicAddress, below(place, 'publicAddress'))
  const isUnread = place.unread.touches([...place.path, 'publicAddress'])
  return {
    interface: written.interface,
    address: own?.kind === 'host' ? dynamic : own,
    publicAddress: publicAddress ?? (isUnread ? undefined : own),
    mtu: written.mtu ?? defaultMtu,
  }
}

const uplinkName = /^[A-Za-z][A-Za-z0-9_-]{0,14}$/

/** Those that could be read as a whole. */
function uplinksOf(
  { uplinks = {}, identity, inside }: Written,
  { platform, place }: { readonly platform: PartialGateway['platform']; readonly place: Gathered },
): Map<string, Uplink> {
  const read = Object.entries(uplinks).flatMap(([name, written]) => {
    const at = below(place, 'uplinks', name)
    if (!uplinkName.test(name)) {
      const message = `${quoted(name)} cannot be the name of an uplink`
      const hint = 'a name is a letter, then up to 14 letters, digits, "-" or "_"'
      at.findings.push(findingOf('UPLINK_UNFIT', { ...inPlan(at.path), isKey: true }, { message, hint }))
      at.unread.add(at.path)
      return []
    }
    if (!written) return []
    const { interface: named, address, publicAddress, mtu } = outsideOf(written, at)
    const port = named ?? outsideOfCloud(platform)
    if (port === undefined && platform && !at.unread.touches([...at.path, 'interface'])) {
      at.findings.push(findingOf('KEY_MISSING', inPlan(at.path), { message: 'the key interface is missing' }))
      at.unread.add(at.path)
    }
    const nextHop = addressAt(written.nextHop, below(at, 'nextHop'))
    if (port !== undefined && port === inside?.interface) {
      const message = `${port} is the inside interface, which no uplink can be`
      const hint = 'name the interface that leads to this way to the internet'
      at.findings.push(findingOf('UPLINK_UNFIT', inPlan([...at.path, 'interface']), { message, hint }))
      at.unread.add(at.path)
      return []
    }
    if (port === undefined || !address || !publicAddress) return []
    const uplink = { interface: port, address, publicAddress, mtu, nextHop, path: at.path }
    return [[name, { ...uplink, identity: identity ?? nameOf(publicAddress) }] as const]
  })
  return new Map(read)
}

type WrittenOutside = WrittenEnd['address']

const dynamic: NamedAddress = { kind: 'dynamic', interface: undefined }

function namedAt(written: WrittenOutside | undefined, place: Gathered): NamedAddress | undefined {
  if (written === 'dynamic') return dynamic
  if (typeof written === 'object') return written.host === undefined ? undefined : { kind: 'host', name: written.host }
  if (written !== undefined && nearest(written, ['dynamic'])) {
    const message = `${quoted(written)} is not an IP address`
    place.findings.push(findingOf('ADDRESS_INVALID', inPlan(place.path), { message, hint: 'did you mean dynamic?' }))
    place.unread.add(place.path)
    return undefined
  }
  const address = addressAt(written, place)
  return address && { kind: 'known', address }
}

/** Who a gateway is unless the plan says so: what peers call. Where that changes, a rule wants a name. */
function nameOf(called: NamedAddress): string {
  if (called.kind === 'known') return called.address.toString()
  return called.kind === 'host' ? called.name : ''
}

function outsideOfCloud(platform: PartialGateway['platform']): string | undefined {
  return platform && abilities[platform].cloud ? cloudOutside : undefined
}

type WrittenSet = Partly<string | { readonly set: string; readonly first?: number | undefined }>

/** Each set that the plan names, for one kind of packets or several. */
function filterSetsOf(
  firewall: NonNullable<Written['firewall']>,
  { path, first }: Pick<Gathered, 'path'> & { readonly first: number },
): PlannedFilterSet[] {
  return firewallRoles.flatMap((role) => {
    const written: WrittenSet | readonly (WrittenSet | undefined)[] | undefined = firewall[role]
    const at = [...path, 'firewall', role]
    const sets = isList(written)
      ? written.map((one, index) => [one, [...at, index]] as const)
      : [[written, at] as const]
    return sets.flatMap(([one, place]) => {
      const { set: name, first: number } = typeof one === 'object' ? one : { set: one, first: undefined }
      if (name === undefined) return []
      return [{ role, name, first: number ?? first, isNumbered: number !== undefined, path: place }]
    })
  })
}

/** `Array.isArray` does not know lists that nobody may change. */
function isList<T>(value: T | readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value)
}
