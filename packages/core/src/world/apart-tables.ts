import type { Device, DeviceInterface } from '../device/device.ts'
import { interfaceNamed, interfaceOfRoute, mainTable } from '../device/next-hop.ts'
import { hostsBehind } from './hosts-behind.ts'

/**
 * The device without the routing tables that no packet of its tunnels uses: VRFs of others, which may have the same networks and whose
 * protocols fill no other table. All stay where something may lead from one table to another in a way that is not followed.
 */
export function withoutApartTables(device: Device): Device {
  const { interfaces, routes, unread } = device
  const tables = [...interfaces, ...routes].map(({ table }) => table)
  const isPlain = [...tables, ...unread.map(({ fills }) => fills ?? mainTable)].every((table) => table === mainTable)
  if (isPlain || isOpen(device)) return device
  const used = usedTables(device)
  return {
    ...device,
    interfaces: interfaces.filter(({ table }) => used.has(table)),
    routes: routes.filter(({ table }) => used.has(table)),
    unread: unread.filter(({ fills }) => fills === undefined || used.has(fills)),
  }
}

function isOpen({ steering, routes }: Device): boolean {
  return (
    steering.some(({ to, doubt }) => doubt !== undefined || to.kind === 'unknown') || routes.some(({ doubt }) => doubt)
  )
}

function usedTables(device: Device): ReadonlySet<string> {
  const holding = [...device.interfaces.filter(holdsEnd(device)), ...device.interfaces.filter(holdsHosts(device))]
  const steered = device.steering.flatMap(({ to }) => (to.kind === 'table' ? [to.table] : []))
  const used = new Set([mainTable, ...holding.map(({ table }) => table), ...steered])
  for (const route of device.routes) {
    const onward = interfaceNamed(device, interfaceOfRoute(device, route))
    if (onward && onward.table !== route.table) used.add(onward.table).add(route.table)
  }
  return withJoined(device, used)
}

/** Packets come from one table into another over a pair of interfaces. */
function withJoined({ interfaces }: Pick<Device, 'interfaces'>, used: ReadonlySet<string>): ReadonlySet<string> {
  const tables = new Map(interfaces.map(({ name, table }) => [name, table]))
  const joined = interfaces.flatMap(({ table, joins }) => (used.has(table) ? (tables.get(joins ?? '') ?? []) : []))
  const all = new Set([...used, ...joined])
  return all.size === used.size ? used : withJoined({ interfaces }, all)
}

/** An interface that a tunnel starts from, or that is in front of one; where an end does not say, any may be. */
function holdsEnd({ tunnels }: Device): (one: DeviceInterface) => boolean {
  const ends = tunnels.map(({ local: { address } }) => address)
  const fronts = new Set(tunnels.flatMap(({ children }) => children.map(({ through }) => through?.interface)))
  return ({ name, addresses }) =>
    fronts.has(name) ||
    ends.some((end) =>
      end.kind === 'known'
        ? addresses.some((one) => one.kind === 'known' && one.address.equals(end.address))
        : end.kind !== 'dynamic' || end.interface === undefined || end.interface === name,
    )
}

function holdsHosts(device: Device): (one: DeviceInterface) => boolean {
  const hosts = hostsBehind(device)
  return ({ addresses }) =>
    addresses.some((one) => one.kind === 'dynamic' || hosts.some((prefix) => prefix.overlaps(one.network)))
}
