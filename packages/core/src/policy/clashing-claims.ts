import type { Claim, Device, DeviceInterface, Written } from '../device/device.ts'
import { tableOfVrf } from '../device/device-of-policy.ts'
import { mainTable } from '../device/next-hop.ts'
import { abilities } from './abilities.ts'
import type { GatewayPolicy, VirtualInterface } from './gateway-policy.ts'
import { ownPrefix } from './own.ts'
import { otherNumbers } from './tunnel-places.ts'

/** Something that a policy needs and others have. */
interface Clash extends Pick<Written, 'line'> {
  readonly message: string
  readonly hint: string
}

/** Names and numbers beside those of rules that a policy needs and that others have on a device. */
export function clashingClaims(policy: GatewayPolicy, running: Device): Clash[] {
  const names = new Set(policy.interfaces.map(({ name }) => name))
  const others = running.interfaces.filter(({ name }) => !names.has(name))
  const claims = [...(running.claims ?? []), ...claimsOfInterfaces(others), ...claimsOfWays(running, names)]
  const first = new Map(claims.reverse().map((claim) => [keyOf(claim), claim]))
  return [
    ...wantsOf(policy).flatMap((want) => clashOf(want, first.get(keyOf(want)), policy)),
    ...policy.interfaces.flatMap((one) => addressClash(one, policy, others)),
  ]
}

interface Want extends Pick<Claim, 'kind' | 'value'> {
  readonly what: string
  readonly hint: string
}

/** An XFRM interface and the children that it leads to have a number in common; 0 would be none. */
export function ifIdOf(interfaceName: string): number | undefined {
  const [, number] = /^ipsec(\d{1,5})$/.exec(interfaceName) ?? []
  return number === undefined ? undefined : Number(number) + 1
}

function wantsOf({ platform, vrfs, interfaces, tunnels }: GatewayPolicy): Want[] {
  const hint = otherNumbers
  const priorities = vrfs.length > 0 ? abilities[platform].vrfPriorities : []
  return [
    ...vrfs.flatMap(({ name, table }): Want[] => [
      { kind: 'table', value: String(table), what: `the routing table ${table}`, hint },
      { kind: 'zone', value: String(table), what: `the zone ${table} of connection tracking`, hint },
      { kind: 'name', value: name, what: `the name ${name}`, hint },
    ]),
    ...interfaces.map(({ name }): Want => ({ kind: 'name', value: name, what: `the name ${name}`, hint })),
    ...interfaces.flatMap(({ name }): Want[] => {
      const id = ifIdOf(name)
      return id === undefined ? [] : [{ kind: 'if-id', value: String(id), what: `the if_id ${id}`, hint }]
    }),
    ...priorities.map(
      (priority): Want => ({
        kind: 'priority',
        value: String(priority),
        what: `the priority ${priority} of ip rule`,
        hint: `give it a priority above ${Math.max(...priorities)}: VRFs are asked before anything else`,
      }),
    ),
    ...tunnels.map(
      ({ peer }): Want => ({
        kind: 'group',
        value: `${ownPrefix}${peer}`,
        what: `the group ${ownPrefix}${peer}`,
        hint: 'give it a group of its own',
      }),
    ),
  ]
}

function keyOf({ kind, value }: Pick<Claim, 'kind' | 'value'>): string {
  return `${kind} ${value}`
}

function claimsOfInterfaces(interfaces: readonly DeviceInterface[]): Claim[] {
  return interfaces.flatMap(({ name, table, zone, line }): Claim[] => [
    { kind: 'name', value: name, by: 'another interface', line },
    ...(table === mainTable ? [] : [{ kind: 'table' as const, value: table, by: name, line }]),
    ...(zone === undefined ? [] : [{ kind: 'zone' as const, value: zone, by: name, line }]),
  ])
}

/** The tables that routes and rules use; the kernel makes routes for the addresses of the policy's own interfaces. */
function claimsOfWays({ routes, steering }: Device, own: ReadonlySet<string>): Claim[] {
  return [
    ...routes
      .filter(({ to }) => !('interface' in to && to.interface !== undefined && own.has(to.interface)))
      .map(({ table, prefix, line }): Claim => ({ kind: 'table', value: table, by: `the route for ${prefix}`, line })),
    ...steering.flatMap(({ to, line }): Claim[] =>
      to.kind === 'table' ? [{ kind: 'table', value: to.table, by: 'a rule that chooses a routing table', line }] : [],
    ),
  ]
}

function clashOf({ what, hint }: Want, found: Claim | undefined, { site }: GatewayPolicy): Clash[] {
  if (!found) return []
  return [{ message: `natplan needs ${what} at ${site}, which ${found.by} has already`, hint, line: found.line }]
}

/** Two interfaces of one table with addresses in one network take each other's packets. */
function addressClash(
  { name, kind, address, vrf }: VirtualInterface,
  policy: GatewayPolicy,
  others: readonly DeviceInterface[],
): Clash[] {
  if (!address) return []
  const table = tableOfVrf(policy, vrf)
  for (const other of others.filter((one) => one.table === table)) {
    const found = other.addresses.find((one) => one.kind === 'known' && address.network.contains(one.address))
    if (found?.kind !== 'known') continue
    const message = `${other.name} of ${policy.site} has ${found.address} already, in the network ${address.network} that natplan's ${name} is to have`
    return [{ message, hint: hintOfAddress[kind], line: found.line ?? other.line }]
  }
  return []
}

const hintOfAddress: Readonly<Record<VirtualInterface['kind'], string>> = {
  cable: otherNumbers,
  tunnel: 'write another link at the tunnel',
  feature: 'write another address in gateway.virtualInterface',
}
