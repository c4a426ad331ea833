import type { Device, DeviceRoute, Unread } from './device.ts'

/** What a running device shows of its routing tables. */
export interface ShownRoutes {
  /** The file that the lines are in. */
  readonly file: string
  /** Of all tables that are shown; those that are not in use have a higher distance, or are left out. */
  readonly routes: readonly DeviceRoute[]
  /** Lines that were not understood. */
  readonly unread: readonly Unread[]
}

/**
 * The device with the routes that it shows in place of those that are written, in each table and for each family of which it shows any:
 * what such a table holds is the truth, and protocols that fill it are answered.
 */
export function withShownRoutes(device: Device, { file, routes: given, unread }: ShownRoutes): Device {
  const routes = given.map((route) => ({ ...route, table: tableOf(device, route) }))
  const shown = new Set(routes.map(shownIn))
  const kept = device.routes.filter((route) => !shown.has(shownIn(route)))
  const replaced = new Set(device.routes.filter((route) => shown.has(shownIn(route))).map(({ doubt }) => doubt?.line))
  const families = ([4, 6] as const).filter((family) => shown.has(`main ${family}`))
  const needed = device.tunnels.some(({ children }) => children.some(({ local }) => local.family === 6)) ? [4, 6] : [4]
  const isAnswered = ({ touches, isPlaced, line, fills }: Unread) =>
    isPlaced
      ? touches === 'routes' && replaced.has(line)
      : fills !== undefined && needed.every((family) => shown.has(`${fills} ${family}`))
  return {
    ...device,
    routes: [...routes.map((route) => doubted(device, { ...route, file })), ...kept],
    wholeTables: families,
    unread: [...device.unread.filter((one) => !isAnswered(one)), ...unread.map((one) => ({ ...one, file }))],
  }
}

function shownIn({ table, prefix }: DeviceRoute): string {
  return `${table} ${prefix.family}`
}

/** Daemons call the table of a VRF by its name, the device by its number. */
function tableOf({ interfaces }: Device, { table }: DeviceRoute): string {
  return interfaces.find(({ vrf }) => vrf !== undefined && table === `vrf ${vrf}`)?.table ?? table
}

/** A way over an interface that the configuration does not have leads nobody knows where. */
function doubted(device: Device, route: DeviceRoute): DeviceRoute {
  const { to, prefix, line } = route
  const place = { line, ...(route.file === undefined ? {} : { file: route.file }) }
  const name = to.kind === 'nowhere' ? undefined : to.interface
  const isKnown = name === undefined || name === 'lo' || device.interfaces.length === 0 || hasInterface(device, name)
  if (isKnown || route.doubt) return route
  const what = `the route for ${prefix} leads over ${name}, which is not in the configuration`
  return { ...route, doubt: { ...place, what } }
}

function hasInterface({ interfaces, tunnels }: Device, name: string): boolean {
  return (
    interfaces.some((one) => one.name === name) ||
    tunnels.some(({ children }) => children.some(({ through }) => through?.interface === name))
  )
}
