import { type Address, connectedNetworks, type Device, NatplanError, withShownRoutes } from '@natplan/core'
import { readShownTables, type ShownTables } from '@natplan/templates'
import type { NamedText } from '../text/documents.ts'
import { parseNodeRoutes } from './read-node-routes.ts'

/** The configuration of a gateway, as it was read. */
export interface ReadGateway {
  readonly site: string
  readonly device: Device
}

/** Gateways with the routes that they show, and the texts that are those of nodes. */
export interface DividedRoutes {
  readonly gateways: readonly ReadGateway[]
  readonly nodes: readonly GivenRoutes[]
}

/** A text of routes, and the site that it is said to be of. */
export interface GivenRoutes {
  readonly site: string | undefined
  readonly text: NamedText
}

/**
 * Finds out whose each text of routes is, and gives gateways theirs. `withNodes`: sites whose nodes a plan knows.
 * @throws NatplanError USAGE for two texts of one gateway, for one without its configuration and for a part of a table
 */
export function divideRoutes(
  texts: readonly GivenRoutes[],
  read: readonly ReadGateway[],
  withNodes: ReadonlySet<string>,
): DividedRoutes {
  const shown = new Map<string, Device>()
  const nodes: GivenRoutes[] = []
  for (const given of texts) {
    const { name, text } = given.text
    const site = given.site ?? (read.length === 1 ? read[0]?.site : undefined)
    const gateway = read.find((one) => one.site === site)
    const tables = readShownTables(text)
    if (!isOfGateway(tables, { text, gateway, hasNodes: withNodes.has(site ?? '') })) nodes.push(given)
    else if (!gateway) throw withoutConfiguration(name, site)
    else if (shown.has(gateway.site)) throw twoTexts(gateway.site)
    else if (isPart(tables, gateway.device)) throw partOnly(name, gateway.site)
    else shown.set(gateway.site, withShownRoutes(gateway.device, { ...tables, file: name }))
  }
  return { gateways: read.map(({ site, device }) => ({ site, device: shown.get(site) ?? device })), nodes }
}

interface Candidate {
  readonly text: string
  readonly gateway: ReadGateway | undefined
  readonly hasNodes: boolean
}

/**
 * Hosts seldom run a routing daemon. What the kernel shows tells the addresses that the machine has; a text that tells none is the
 * gateway's where no nodes are known, when all its ways are those of the gateway.
 */
function isOfGateway(tables: ShownTables, { text, gateway, hasNodes }: Candidate): boolean {
  if (tables.by === 'daemon') return true
  if (!gateway || tables.routes.length === 0 || parseNodeRoutes(text).nodes.length > 1) return false
  const known = addressesOf(gateway.device)
  if (tables.own.length > 0) return tables.own.some((own) => known.some((address) => address.equals(own)))
  return !hasNodes && tables.routes.every(({ to }) => isWayOf(gateway.device, to))
}

function addressesOf(device: Device): Address[] {
  const ends = device.tunnels.flatMap(({ local: { address } }) => (address.kind === 'known' ? [address.address] : []))
  return [...connectedNetworks(device).map(({ address }) => address), ...ends]
}

/** Reports whether the gateway has that interface, with the next hop as a neighbour. */
function isWayOf(device: Device, to: ShownTables['routes'][number]['to']): boolean {
  if (to.kind === 'nowhere' || to.kind === 'next-table') return true
  const networks = connectedNetworks(device).filter((one) => one.interface.name === to.interface)
  if (to.kind === 'interface') return device.interfaces.some(({ name }) => name === to.interface)
  return networks.some(({ address, prefix }) => prefix.contains(to.address) && !address.equals(to.address))
}

/** What `show ip route bgp` leaves out is there all the same: a whole table has networks that the gateway has addresses in. */
function isPart({ routes }: ShownTables, device: Device): boolean {
  const main = routes.filter(({ table }) => table === 'main')
  return ([4, 6] as const).some((family) => {
    const shown = main.filter(({ prefix }) => prefix.family === family)
    const connected = connectedNetworks(device).filter(
      ({ prefix, interface: { table, kind } }) => prefix.family === family && table === 'main' && kind === 'physical',
    )
    const isThere = connected.some(({ prefix }) => shown.some((one) => one.prefix.equals(prefix)))
    return shown.length > 0 && connected.length > 0 && !isThere
  })
}

function partOnly(name: string, site: string): NatplanError {
  return new NatplanError('USAGE', `${name} shows none of the networks that the gateway of ${site} is in`, {
    hint: 'save "show ip route" or "ip route show table all" of that gateway as a whole',
  })
}

function withoutConfiguration(name: string, site: string | undefined): NatplanError {
  return new NatplanError('USAGE', `${name} holds the routes of a gateway whose configuration is not given`, {
    hint: site === undefined ? 'write SITE=FILE' : `give the configuration of ${site}, too`,
  })
}

function twoTexts(site: string): NatplanError {
  return new NatplanError('USAGE', `there are two texts of routes of the gateway of ${site}`, {
    hint: 'put what the gateway shows into one file',
  })
}
