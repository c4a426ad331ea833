import { Prefix } from '@natplan/core'
import type { Child, Connection, GatewayState, Guard, HostState, NatChain, NatRule } from './network.ts'
import { uplinkOf } from './wiring.ts'

export type SiteId = 'a' | 'b' | 'c'

export const any = Prefix.parse('0.0.0.0/0')

/** Host bits that hosts have everywhere: some in each half of the smallest network, and the last one. */
const hostNumbers = [5, 6, 12, 17, 20, 30] as const

export interface SiteOptions {
  readonly lans: readonly Prefix[]
  /** How many uplinks; 1 unless said otherwise. */
  readonly uplinks?: 1 | 2
}

/** A gateway with its networks and a default route, and nothing else. */
export function bareGateway(site: SiteId, { lans, uplinks = 1 }: SiteOptions): GatewayState {
  const numbers = uplinks === 1 ? ([0] as const) : ([0, 1] as const)
  return {
    site,
    machine: `${site}-gateway`,
    inside: lans.map((_, index) => `lan${index}`),
    lans,
    uplinks: numbers.map((number) => `wan${number}`),
    addresses: [
      ...lans.map((lan, index) => `address add ${lan.at(1)}/${lan.length} dev lan${index}`),
      ...numbers.map((number) => `address add ${uplinkOf(site, number).address}/28 dev wan${number}`),
    ],
    routes: numbers.map(
      (number) => `default via ${uplinkOf(site, number).gateway} dev wan${number}${number === 1 ? ' metric 200' : ''}`,
    ),
    policies: [],
    chains: [],
    guards: [],
    zones: [],
    filters: { sets: [], chains: [] },
    written: undefined,
    connections: [],
    strongswan: 'running',
    installRoutes: true,
    downLink: undefined,
  }
}

/** A host in each network of a site. */
export function hostsOf(site: SiteId, lans: readonly Prefix[]): HostState[] {
  return lans.map((prefix, index) => ({
    site,
    machine: index === 0 ? `${site}-host` : `${site}-host${index + 1}`,
    prefix,
    addresses: hostNumbers
      .filter((number) => number + 1 < 2 ** (32 - prefix.length))
      .map((number) => prefix.at(number).toString()),
    gateway: prefix.at(1).toString(),
  }))
}

/** Two prefixes of a child, as one of its ends has them. */
interface Pair {
  readonly local: readonly Prefix[]
  readonly remote: readonly Prefix[]
  readonly interfaceId?: number
}

export interface ConnectOptions {
  readonly pairs: readonly Pair[]
  readonly start: readonly [Child['start'], Child['start']]
  /** The address that the first gateway has, and the one that its peer sends to. */
  readonly first?: { readonly own: string; readonly known: string }
}

/** A connection between two gateways, at both ends. */
export function connected(
  one: GatewayState,
  other: GatewayState,
  { pairs, start: [start, otherStart], first }: ConnectOptions,
): readonly [GatewayState, GatewayState] {
  const here = first ?? { own: uplinkOf(one.site, 0).address, known: uplinkOf(one.site, 0).address }
  const there = uplinkOf(other.site, 0).address
  const child = ({ local, remote, interfaceId }: Pair, at: { index: number; peer: string; start: Child['start'] }) => ({
    name: `net-${at.peer}-${at.index + 1}`,
    local,
    remote,
    mode: 'tunnel' as const,
    start: at.start,
    interfaceId,
  })
  const ends = { localId: `${one.site}.example.net`, remoteId: `${other.site}.example.net` }
  const mine: Connection = {
    name: `to-${other.site}`,
    local: here.own,
    remote: there,
    ...ends,
    children: pairs.map((pair, index) => child(pair, { index, peer: other.site, start })),
  }
  const theirs: Connection = {
    name: `to-${one.site}`,
    local: there,
    remote: here.known,
    localId: ends.remoteId,
    remoteId: ends.localId,
    children: pairs.map(({ local, remote, interfaceId }, index) =>
      child(
        { local: remote, remote: local, ...(interfaceId === undefined ? {} : { interfaceId }) },
        { index, peer: one.site, start: otherStart },
      ),
    ),
  }
  return [withConnection(one, mine), withConnection(other, theirs)]
}

export function withConnection(gateway: GatewayState, connection: Connection): GatewayState {
  return { ...gateway, connections: [...gateway.connections, connection] }
}

/** A child that lets packets pass by the tunnels. */
export function passing(local: readonly Prefix[], remote: readonly Prefix[]): Connection {
  const child = { name: 'stays-here', local, remote, mode: 'pass', start: 'trap', interfaceId: undefined } as const
  return { name: 'bypass', local: '', localId: '', remote: undefined, remoteId: '', children: [child] }
}

export interface Translation {
  readonly from: Prefix
  readonly to: Prefix
  readonly peers: readonly Prefix[]
  readonly interface: string
}

/** natplan's own NAT: one to one, before that of others. */
export function translating(gateway: GatewayState, translations: readonly Translation[]): GatewayState {
  const rules = (side: 'source' | 'destination') =>
    translations.flatMap(({ from, to, peers, interface: name }) =>
      peers.map((peer): NatRule => {
        const turned = side === 'source' ? { from, to } : { from: to, to: from }
        return { kind: 'map', side, interface: name, peer, ...turned }
      }),
    )
  return withChains(gateway, [
    { table: 'inet natplan', name: 'destination', hook: 'prerouting', priority: -110, rules: rules('destination') },
    { table: 'inet natplan', name: 'source', hook: 'postrouting', priority: 90, rules: rules('source') },
  ])
}

export function withChains(gateway: GatewayState, chains: readonly NatChain[]): GatewayState {
  return { ...gateway, chains: [...gateway.chains, ...chains] }
}

export interface MasqueradeOptions {
  readonly priority?: number
  readonly interface?: string
  /** Destinations that are left alone. */
  readonly except?: readonly Prefix[]
}

/** The masquerade that most gateways have. */
export function masquerading(
  gateway: GatewayState,
  { priority = 100, interface: name = 'wan0', except = [] }: MasqueradeOptions = {},
): GatewayState {
  const common = { interface: name, source: undefined }
  const rules = [
    ...except.map((destination): NatRule => ({ kind: 'accept', ...common, destination })),
    { kind: 'masquerade', ...common, destination: undefined } as const,
  ]
  return withChains(gateway, [{ table: 'ip nat', name: 'postrouting', hook: 'postrouting', priority, rules }])
}

/** Guards for the prefixes of peers, at one interface or at all but one. */
export function guarded(gateway: GatewayState, prefixes: readonly Prefix[], at: Guard['at']): GatewayState {
  const guards = (['out', 'in'] as const).map((way): Guard => ({ way, at, prefixes }))
  return { ...gateway, guards: [...gateway.guards, ...guards] }
}
