import type { DeviceTunnel, TunnelChild } from '../device/device.ts'
import { type ConnectedNetwork, connectedNetworks, interfaceNamed, mainTable } from '../device/next-hop.ts'
import { leavesTunnelsNowhere } from '../device/stages.ts'
import { LongestPrefix } from '../match/longest-prefix.ts'
import type { Packet } from '../match/packet.ts'
import type { PassedInterface } from '../match/takes.ts'
import { abilities } from '../policy/abilities.ts'
import { routingOf } from '../world/routing.ts'
import type { WorldSite } from '../world/world.ts'
import type { Crossing } from './gateway-tables.ts'
import { notInside } from './passing.ts'

const connectedBySite = new WeakMap<WorldSite, LongestPrefix<ConnectedNetwork>>()

/** The interface that a host of the site is behind: by its network, or by the route to it. */
export function insideEntry(site: WorldSite, { source }: Packet): PassedInterface {
  let connected = connectedBySite.get(site)
  if (!connected) {
    connected = new LongestPrefix(
      connectedNetworks(site.device).filter(({ interface: { kind } }) => kind === 'physical'),
    )
    connectedBySite.set(site, connected)
  }
  const beside = connected.of(source)
  if (beside) return { name: beside.interface.name, isNot: [] }
  const route = routingOf(site).tables.get(mainTable)?.of(source)
  if (route?.to === 'inside' && route.interface !== undefined) return { name: route.interface, isNot: [] }
  return { name: site.sides.inside, isNot: notInside(site) }
}

/** What comes out of a policy-based tunnel comes in where the encrypted packet did, or by no interface at all. */
export function tunnelEntry(site: WorldSite, { child, tunnel }: Crossing): PassedInterface {
  if (child.through) return { name: child.through.interface, isNot: [] }
  return leavesTunnelsNowhere(site.device.order) ? nowhere : outsideOf(site, tunnel)
}

const nowhere: PassedInterface = { name: '', isNot: [] }

/** Reports whether a packet came in by no interface. */
export function isNowhere(incoming: PassedInterface): boolean {
  return incoming === nowhere
}

/** The interface over which a gateway and its peer send to each other. */
export function outsideOf(site: WorldSite, { local: { address } }: DeviceTunnel): PassedInterface {
  const own =
    address.kind === 'known'
      ? connectedNetworks(site.device).find((network) => network.address.equals(address.address))?.interface
      : interfaceNamed(site.device, address.kind === 'dynamic' ? address.interface : undefined)
  const name = own?.kind === 'physical' ? own.name : site.sides.uplinks[0]
  return { name, isNot: site.sides.inside === undefined ? [] : [site.sides.inside] }
}

/** Whether a device still knows of a packet that it came out of a child's tunnel. */
export function keepsMark({ device }: WorldSite, { through }: TunnelChild): boolean | undefined {
  if (through?.kind !== 'route') return true
  return interfaceNamed(device, through.interface)?.keepsMark ?? abilities[device.platform].virtualKeepsMark
}
