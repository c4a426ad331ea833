import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { abilities } from '../policy/abilities.ts'
import { firewallRoles, type PlannedFilterSet } from './network.ts'
import { below, type Gathered, readAt } from './normalize-prefixes.ts'
import type { PartialGateway } from './partial-network.ts'
import type { Partly } from './partly.ts'
import type { WrittenSite } from './written.ts'

/** The first NAT rule number on a gateway: leaves room below for rules that are there already. */
const defaultRuleBase = 1000

/** The first number of a virtual interface: few people have so many that it is taken. */
const defaultInterfaceBase = 100

/** What stands for the outside of a gateway that has no interfaces. */
export const cloudOutside = 'vpn'

/** Ethernet; IPSec gateways of clouds and offices have no larger path between them. */
const defaultMtu = 1500

/** Link-local, so that no pool and no site has it. */
const defaultVirtualInterface = { name: 'vfp0', address: Address.parse('169.254.123.123') }

type Written = Partly<NonNullable<WrittenSite['gateway']>>

/** Parses the addresses of a gateway and fills in its defaults; what is written and cannot be read has none. */
export function gatewayOf(written: Written, place: Gathered): PartialGateway {
  const { outside = {}, inside, virtualInterface = {}, ruleBase = defaultRuleBase } = written
  const orDefault = <T>(value: T | undefined, other: T | undefined, ...keys: string[]) =>
    value ?? (place.unread.touches([...place.path, ...keys]) ? undefined : other)
  const address = addressAt(outside.address, below(place, 'outside', 'address'))
  const publicAddress = addressAt(outside.publicAddress, below(place, 'outside', 'publicAddress'))
  const called = orDefault(publicAddress, address, 'outside', 'publicAddress')
  const virtual = addressAt(virtualInterface.address, below(place, 'virtualInterface', 'address'))
  const platform = orDefault(written.platform, 'generic', 'platform')
  return {
    platform,
    outside: {
      interface: outside.interface ?? outsideOfCloud(platform),
      address,
      publicAddress: called,
      mtu: outside.mtu ?? defaultMtu,
    },
    inside: inside?.interface === undefined ? undefined : { interface: inside.interface },
    identity: orDefault(written.identity, called?.toString(), 'identity'),
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

function outsideOfCloud(platform: PartialGateway['platform']): string | undefined {
  return platform && abilities[platform].cloud ? cloudOutside : undefined
}

function addressAt(text: string | undefined, place: Gathered): Address | undefined {
  return text === undefined ? undefined : readAt(place, () => Address.parse(text))
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
