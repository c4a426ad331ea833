import {
  type FilterPlace,
  type GatewayPolicy,
  type NamedAddress,
  type Passage,
  protocolName,
  textOf,
} from '@natplan/core'
import { endWords, packetWords, placeWords, platformModule } from '@natplan/templates'
import type { Result } from './result.ts'
import type { Table } from './table.ts'

/** What the filters at one site must let pass, for whoever runs them. */
export interface FirewallPage {
  readonly policy: GatewayPolicy
  readonly places: readonly FilterPlace[]
}

export function firewallResult(pages: readonly FirewallPage[]): Result {
  return {
    tables: () => pages.flatMap(tablesOf),
    document: () => ({ schemaVersion: 1, sites: pages.map(pageDocument) }),
  }
}

/** The same of many sites: a table for each place that filters are asked at, with the rows of all sites. */
export function firewallTablesByPlace(pages: readonly FirewallPage[]): Table[] {
  const sites: Table = {
    title: 'Whose filters these are',
    columns: ['SITE', 'PLATFORM', 'SIDES'],
    rows: pages.map((page) => [page.policy.site, page.policy.platform, sidesOf(page).join(', ')]),
    empty: '',
  }
  const tables = new Map<string, Table & { readonly rows: string[][] }>()
  for (const page of pages) {
    for (const { rows, columns, ...table } of placeTables(page)) {
      const key = JSON.stringify([table, columns])
      const known = tables.get(key) ?? { ...table, columns: ['SITE', ...columns], rows: [] }
      tables.set(key, known)
      for (const row of rows) known.rows.push([page.policy.site, ...row])
    }
  }
  return [sites, ...tables.values()]
}

interface NamedPlace extends FilterPlace {
  readonly where: string
}

/** The places that the platform has. */
function namedPlaces({ policy, places }: FirewallPage): NamedPlace[] {
  const words = platformModule(policy.platform)?.capabilities.filterWords
  return places.flatMap((place) => {
    const where = words && placeWords(words, place)
    return where === undefined ? [] : [{ ...place, where }]
  })
}

function tablesOf(page: FirewallPage): Table[] {
  const { site, platform } = page.policy
  const tables = placeTables(page)
  const heading = {
    title: `What the firewall at ${site} (${platform}) must let pass`,
    columns: [],
    rows: [],
    empty: tables.length > 0 ? sidesOf(page).join(', ') : 'nothing: there is no such tunnel',
  }
  return [heading, ...tables]
}

function placeTables(page: FirewallPage): Table[] {
  const places = namedPlaces(page)
  const isSame = !places.some(({ position }) => position === 'between')
  return places.map((place) => tableOf(place, isSame))
}

function sidesOf(page: FirewallPage): string[] {
  const { outside, inside } = page.policy
  return [
    `outside ${outside.interface} (${textOf(outside.address)})`,
    ...(inside ? [`inside ${inside.interface}`] : []),
    ...virtualSides(page),
  ]
}

/** So many interfaces of tunnels are named; the rest is counted. */
const namedSides = 8

/** The interfaces of tunnels that hosts' packets meet in place of the outside one, each with its peers. */
function virtualSides(page: FirewallPage): string[] {
  const outsides = new Set([page.policy.outside.interface, ...page.policy.tunnels.map((tunnel) => tunnel.interface)])
  const peers = new Map<string, Set<string>>()
  for (const { interface: name, peer } of page.places.flatMap(({ passages }) => passages)) {
    if (!outsides.has(name)) peers.set(name, (peers.get(name) ?? new Set()).add(peer))
  }
  const named = [...peers].map(([name, all]) => `tunnel interface ${name} (${[...all].join(', ')})`)
  const rest = named.length - namedSides
  return rest > 0 ? [...named.slice(0, namedSides), `${rest} more`] : named
}

function tableOf(place: NamedPlace, isSame: boolean): Table {
  const { where, passages, way } = place
  const isOwn = place.position === 'own' || place.position === 'between'
  // Of hosts everything may pass, but for those that hide.
  const isDetailed = isOwn || passages.some(({ mayBeFirst, protocol }) => !mayBeFirst || protocol !== undefined)
  const isMixed = new Set(passages.map((one) => one.interface)).size > 1
  const note = isOwn ? ownNote(place, isSame) : hostNote(place)
  return {
    title: `${aboutOf(place)}: ${where}`,
    columns: ['PEER', ...(isMixed ? ['INTERFACE'] : []), 'FROM', 'TO', ...(isDetailed ? ['WHAT', 'FIRST'] : [])],
    rows: passages.map((one) => [
      one.peer,
      ...(isMixed ? [one.interface] : []),
      endWords(one.source),
      endWords(one.destination),
      ...(isDetailed ? [packetWords(one), firstText(one, way)] : []),
    ]),
    empty: '',
    ...(note ? { footer: note } : {}),
  }
}

function aboutOf({ position, way }: FilterPlace): string {
  if (position === 'own' || position === 'between')
    return way === 'in' ? 'From the peers to this gateway' : 'From this gateway to the peers'
  return way === 'in' ? 'Peers call hosts here' : 'Hosts here call peers'
}

function ownNote({ position, way }: FilterPlace, isSame: boolean): string | undefined {
  if (position === 'between') return undefined
  return isSame && way === 'in' ? 'firewalls between the gateways see the same, in both directions' : undefined
}

function hostNote({ showsEncrypted, position, way }: FilterPlace): string | undefined {
  if (showsEncrypted) return 'only what came encrypted: such rules can match that'
  return position === 'amid' && way === 'out' ? 'answers have the same addresses, swapped' : undefined
}

function firstText({ mayBeFirst }: Passage, way: FilterPlace['way']): string {
  if (mayBeFirst) return 'first or answer'
  return way === 'in' ? 'answers' : 'answers: the peer initiates'
}

function pageDocument(page: FirewallPage) {
  const { site, platform, outside, inside } = page.policy
  return {
    site,
    platform,
    outside: { interface: outside.interface, address: addressText(outside.address) },
    ...(inside ? { inside } : {}),
    places: namedPlaces(page).map(placeDocument),
  }
}

/** An address, or the word of the plan for one that changes. */
function addressText(named: NamedAddress): string {
  return named.kind === 'known' ? named.address.toString() : 'dynamic'
}

function placeDocument({ position, way, hooks, where, in: from, out: to, showsEncrypted, passages }: NamedPlace) {
  return {
    position,
    way,
    where,
    hooks,
    ...(from === undefined ? {} : { in: from }),
    ...(to === undefined ? {} : { out: to }),
    encrypted: showsEncrypted,
    passes: passages.map(({ peer, interface: name, source, destination, protocol, ports, mayBeFirst }) => ({
      peer,
      interface: name,
      source: String(source),
      destination: String(destination),
      ...(protocol === undefined ? {} : { protocol: protocolName(protocol) }),
      ...(ports.length > 0 ? { ports } : {}),
      mayBeFirst,
    })),
  }
}
