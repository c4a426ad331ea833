import type { Device, DeviceInterface, DeviceRoute } from '../device/device.ts'
import { tableOfVrf } from '../device/device-of-policy.ts'
import { abilities } from './abilities.ts'
import { divertingRoutes } from './diverting-routes.ts'
import type { GatewayPolicy, GatewayRoute, VirtualInterface } from './gateway-policy.ts'
import { otherNumbers } from './tunnel-places.ts'
import type { Unfulfilled } from './unfulfilled.ts'

/** The routes, virtual interfaces and segment sizes of a policy that a device does not have, and what takes packets for peers elsewhere. */
export function unfulfilledRoutes(device: Device, policy: GatewayPolicy): Unfulfilled[] {
  return [
    ...missingRoutes(device, policy),
    ...missingDiscards(device, policy),
    ...otherInterfaces(device, policy),
    ...missingClamps(device, policy),
    ...missingAnswers(device, policy),
    ...divertingRoutes(device, policy),
  ]
}

function missingRoutes({ routes }: Device, policy: GatewayPolicy): Unfulfilled[] {
  const there = new Set(
    routes.flatMap(({ prefix, to, table, distance, doubt }) =>
      doubt || to.kind === 'next-table' ? [] : [`${table} ${prefix} ${wayText(to)} ${distance}`],
    ),
  )
  return policy.routes
    .filter(({ prefix, to, vrf, distance }) => {
      const table = tableOfVrf(policy, vrf)
      return !there.has(`${table} ${prefix} ${wayText(to)} ${distance}`)
    })
    .map(({ prefix, to, vrf }) => {
      const where = vrf === undefined ? '' : ` in the VRF ${vrf}`
      const what = `the route for ${prefix} to ${wayText(to)}${where} is missing`
      return { kind: 'route', what, hint: undefined, isCertain: true, line: undefined }
    })
}

/** Of a next hop the address alone: a configuration need not name the interface. */
function wayText(to: GatewayRoute['to'] | DeviceRoute['to']): string {
  return to.kind === 'interface' ? to.interface : to.kind === 'via' ? String(to.address) : 'nowhere'
}

/** A wider route to nowhere does as well; what goes elsewhere is no route of a policy's. */
function missingDiscards({ routes }: Device, { discards, platform }: GatewayPolicy): Unfulfilled[] {
  if (!abilities[platform].discardRoutes) return []
  const nowhere = routes.filter(({ to, table, doubt }) => to.kind === 'nowhere' && table === 'main' && !doubt)
  return discards
    .filter((prefix) => !nowhere.some((route) => route.prefix.contains(prefix)))
    .map((prefix) => {
      const what = `nothing keeps packets for ${prefix}, which only peers use, from the internet`
      return { kind: 'route', what, hint: undefined, isCertain: true, line: undefined }
    })
}

function otherInterfaces({ interfaces }: Device, policy: GatewayPolicy): Unfulfilled[] {
  return policy.interfaces.flatMap((wanted): Unfulfilled[] => {
    const { name, address, vrf } = wanted
    const there = interfaces.filter((one) => one.name === name)
    const table = tableOfVrf(policy, vrf)
    if (there.some((one) => hasExactly(one, address) && one.table === table)) return []
    const [first] = there
    const what = first
      ? `${name} of ${policy.site} exists already, with ${addressText(first)}${first.table === table ? '' : `, in the routing table ${first.table}`}`
      : `the virtual interface ${name} is missing`
    const hint =
      first && (wanted.kind === 'feature' ? 'choose another name with gateway.virtualInterface' : otherNumbers)
    return [{ kind: 'interface', what, hint, isCertain: true, line: first?.line }]
  })
}

function hasExactly({ addresses }: DeviceInterface, wanted: VirtualInterface['address']): boolean {
  const [first, ...more] = addresses
  if (!first || !wanted) return first === wanted
  return more.length === 0 && first.kind === 'known' && first.address.equals(wanted.address)
}

function addressText({ addresses }: DeviceInterface): string {
  const [first] = addresses
  if (!first) return 'no address'
  return first.kind === 'known' ? `${first.address}/${first.network.length}` : 'an address that is not known'
}

/** A smaller size does no harm. */
function missingClamps({ clamps }: Device, policy: GatewayPolicy): Unfulfilled[] {
  return policy.clamps
    .filter(({ interface: name, mss }) => !clamps.some((one) => isFor(one, name) && one.mss <= mss))
    .map(({ interface: name, mss }) => {
      const what = `the MSS is not clamped to ${mss}${name === undefined ? '' : ` on ${name}`}`
      return { kind: 'clamp', what, hint: undefined, isCertain: true, line: undefined }
    })
}

function isFor({ interface: there }: Device['clamps'][number], wanted: string | undefined): boolean {
  return there === undefined || there === wanted
}

/** Where an interface is not shown, somebody may have seen to it there. */
function missingAnswers(
  { proxyArp, interfaces }: Device,
  { proxied = [], platform, site }: GatewayPolicy,
): Unfulfilled[] {
  const { entries = [], isWhole = false } = proxyArp ?? {}
  return proxied.flatMap(({ address, interface: port }): Unfulfilled[] => {
    const isAnswered = entries.some((one) => (one.interface ?? port) === port && (one.address?.equals(address) ?? true))
    const isShown = interfaces.some(({ name, addresses }) => name === port && addresses.length > 0)
    const isCertain = abilities[platform].proxyArp === 'each' || (isWhole && isShown)
    if (isAnswered || !isCertain) return []
    const what = `${site} does not answer ARP for ${address} on ${port}`
    return [{ kind: 'route', what, hint: undefined, isCertain, line: undefined }]
  })
}
