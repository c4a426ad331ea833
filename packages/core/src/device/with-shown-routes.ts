import { Prefix } from '../address/prefix.ts'
import { RangeSet } from '../match/range-set.ts'
import type { Device, DeviceRoute, SteeringRule, Unread } from './device.ts'

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
 * what such a table holds is the truth, and protocols that fill it are answered; of one family only, they are a doubt about the other.
 */
export function withShownRoutes(device: Device, { file, routes: given, unread }: ShownRoutes): Device {
  const routes = given.map((route) => ({ ...route, table: tableOf(device, route) }))
  const shown = new Set(routes.map(shownIn))
  const replaced = device.routes.filter((route) => shown.has(shownIn(route)))
  const lines = new Set(replaced.map(({ doubt }) => doubt?.line))
  const missing = (table: string) => families.filter((family) => !shown.has(`${table} ${family}`))
  const isReplaced = ({ touches, isPlaced, line }: Unread) => isPlaced && touches === 'routes' && lines.has(line)
  const open = device.unread
    .filter((one) => !isReplaced(one))
    .map((one) => ({ one, left: one.fills === undefined || one.isPlaced ? families : missing(one.fills) }))
  const halves = open.filter(({ left }) => left.length === 1)
  return {
    ...device,
    routes: [
      ...routes.map((route) => doubted(device, { ...route, file })),
      ...device.routes.filter((route) => !replaced.includes(route)),
    ],
    wholeTables: families.filter((family) => shown.has(`main ${family}`)),
    steering: [...halves.flatMap(({ one, left }) => left.map((family) => doubtAbout(one, family))), ...device.steering],
    unread: [
      ...open.filter(({ left }) => left.length === 2).map(({ one }) => one),
      ...halves
        .filter(({ left }) => left.some((family) => knows(device, family)))
        .map(({ one }) => ({ ...one, isPlaced: true })),
      ...unread.map((one) => ({ ...one, file })),
    ],
  }
}

const families = [4, 6] as const

const everyAddress = { 4: Prefix.parse('0.0.0.0/0'), 6: Prefix.parse('::/0') } as const

/** Reports whether the device has to do with packets of a family: selectors for everything ask for both. */
function knows({ interfaces, routes, tunnels }: Device, family: 4 | 6): boolean {
  const addresses = interfaces.flatMap((one) => one.addresses)
  const prefixes = [
    ...addresses.flatMap((one) => (one.kind === 'known' ? [one.network] : [])),
    ...tunnels.flatMap(({ children }) => children.flatMap(({ local, remote }) => [local, remote])),
    ...routes.map(({ prefix }) => prefix),
  ]
  return family === 4 || prefixes.some((prefix) => prefix.family === 6 && prefix.length > 0)
}

/** Packets of that family may go another way. */
function doubtAbout({ line, text }: Unread, family: 4 | 6): SteeringRule {
  const match = { source: RangeSet.ofPrefixes([everyAddress[family]]) }
  return { line, match, asked: 'before-translation', to: { kind: 'unknown' }, doubt: { line, what: text } }
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
  const name = to.kind === 'nowhere' || to.kind === 'next-table' ? undefined : to.interface
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
