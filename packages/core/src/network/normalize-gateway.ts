import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { collect, type Finding, inPlan, type Path } from '../finding.ts'
import { firewallRoles, type Gateway, type PlannedFilterSet } from './network.ts'
import type { WrittenSite } from './written.ts'

/** The first NAT rule number on a gateway: leaves room below for rules that are there already. */
const defaultRuleBase = 1000

/** Ethernet; IPSec gateways of clouds and offices have no larger path between them. */
const defaultMtu = 1500

/** Link-local, so that no pool and no site has it. */
const defaultVirtualInterface = { name: 'vfp0', address: '169.254.123.123' }

/** Parses the addresses of a gateway and fills in its defaults; `undefined` when an address is wrong. */
export function gatewayOf(
  written: NonNullable<WrittenSite['gateway']>,
  { path, findings }: { readonly path: Path; readonly findings: Finding[] },
): Gateway | undefined {
  const addressAt = (text: string, ...keys: string[]) =>
    collect(inPlan([...path, ...keys]), findings, () => Address.parse(text))
  const { outside, inside, virtualInterface = {} } = written
  const address = addressAt(outside.address, 'outside', 'address')
  const publicAddress = outside.publicAddress ? addressAt(outside.publicAddress, 'outside', 'publicAddress') : address
  const { name = defaultVirtualInterface.name, address: virtualAddress = defaultVirtualInterface.address } =
    virtualInterface
  const virtual = addressAt(virtualAddress, 'virtualInterface', 'address')
  if (!address || !publicAddress || !virtual) return undefined
  return {
    platform: written.platform ?? 'generic',
    outside: { interface: outside.interface, address, publicAddress, mtu: outside.mtu ?? defaultMtu },
    inside: inside && { interface: inside.interface },
    identity: written.identity ?? publicAddress.toString(),
    virtualInterface: { name, address: Prefix.of(virtual) },
    ruleBase: written.ruleBase ?? defaultRuleBase,
    firewall: written.firewall && filterSetsOf(written.firewall, { path, first: written.ruleBase ?? defaultRuleBase }),
    path,
  }
}

type WrittenFirewall = NonNullable<NonNullable<WrittenSite['gateway']>['firewall']>

/** Each set that the plan names, for one kind of packets or several. */
function filterSetsOf(
  firewall: WrittenFirewall,
  { path, first }: { readonly path: Path; readonly first: number },
): PlannedFilterSet[] {
  return firewallRoles.flatMap((role) => {
    const written = firewall[role]
    if (written === undefined) return []
    const at = [...path, 'firewall', role]
    const sets = Array.isArray(written)
      ? written.map((one, index) => [one, [...at, index]] as const)
      : [[written, at] as const]
    return sets.map(([one, place]) => ({
      role,
      name: typeof one === 'string' ? one : one.set,
      first: (typeof one === 'string' ? undefined : one.first) ?? first,
      isNumbered: typeof one !== 'string' && one.first !== undefined,
      path: place,
    }))
  })
}
