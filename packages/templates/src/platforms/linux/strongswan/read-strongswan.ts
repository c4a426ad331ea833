import {
  Address,
  type Claim,
  type Device,
  type DeviceTunnel,
  type Prefix,
  type TunnelChild,
  type Unread,
} from '@natplan/core'
import type { ListedKey } from '../../../shown-key.ts'
import { hiddenSetting } from '../../../shown-line.ts'
import { unread } from '../numbered.ts'
import type { Parts } from '../split-text.ts'
import { readConnection, type Surroundings } from './connection.ts'
import { daemonSections, readDaemon } from './daemon.ts'
import { readIpsecConf } from './ipsec-conf.ts'
import { keysOfLines, keysOfSection } from './secrets.ts'
import { tryParseSelector } from './selectors.ts'
import { readSettings, resolve, type Section, sectionOf } from './settings-tree.ts'

export interface Strongswan {
  readonly tunnels: readonly DeviceTunnel[]
  readonly keys: readonly ListedKey[]
  readonly installsRoutes: Device['installsRoutes']
  readonly isInstallingWritten: boolean
  /** The `if_id` of connections and children. */
  readonly claims: readonly Claim[]
  readonly unread: readonly Unread[]
}

/** Reads swanctl.conf, ipsec.conf, the secrets of both and strongswan.conf. */
export function readStrongswan(
  parts: Pick<Parts, 'settings' | 'ipsecConf' | 'secrets' | 'links' | 'switched'>,
  interfaces: Device['interfaces'],
): Strongswan {
  const written = readSettings(parts.settings)
  const root = resolve(written)
  const get = (name: string) => root.sections.get(name) ?? sectionOf(name, 0)
  const own = new Set(
    interfaces.flatMap(({ addresses }) => addresses.map((one) => (one.kind === 'known' ? one.address.toString() : ''))),
  )
  const isOwn = (address: string) => own.has(Address.tryParse(address)?.toString() ?? '-')
  const surroundings: Surroundings = {
    interfaceOf: (key) => parts.links.boundTo(key),
    looseInterface: parts.links.loose(),
    switchedOf: (ifId) => parts.switched.get(ifId),
    poolOf: (name) => poolOf(get('pools').sections.get(name)),
  }
  const sections = [...get('connections').sections.values(), ...readIpsecConf(parts.ipsecConf, isOwn)]
  const connections = sections.map((section) => readConnection(section, surroundings))
  const daemon = readDaemon([...root.sections.values()].filter(({ name }) => daemonSections.includes(name)))
  const reading = { links: parts.links, routes: daemon.installsRoutes, interfaces }
  const tunnels = connections.map(({ tunnel }) => withVtiDoubt(tunnel, reading))
  const bypass = bypassChildren(daemon.bypassesNetworks, interfaces)
  return {
    tunnels: bypass ? withChildren(tunnels, bypass) : tunnels,
    keys: [...keysOfSection(get('secrets')), ...keysOfLines(parts.secrets)],
    installsRoutes: daemon.installsRoutes,
    isInstallingWritten: daemon.isInstallingWritten,
    claims: sections.flatMap((section) => ifIdsIn(section, `the connection ${section.name}`)),
    unread: [
      ...daemon.unread,
      ...(bypass ? [] : [unread({ line: daemon.bypassesNetworks ?? 0, text: 'bypass-lan: load' }, 'tunnels')]),
      ...connections.flatMap(({ doubts }) =>
        doubts.map(({ line, what }): Unread => ({ line: line ?? 0, text: what, touches: 'tunnels', isPlaced: true })),
      ),
      ...strangersIn(root, written),
    ],
  }
}

function ifIdsIn({ settings, sections }: Section, by: string): Claim[] {
  const own = ['if_id_in', 'if_id_out'].flatMap((key) => settings.get(key) ?? [])
  const numbers = own.map(({ value, line }) => ({ number: Number(value), line })).filter(({ number }) => number > 0)
  return [
    ...numbers.map(({ number, line }): Claim => ({ kind: 'if-id', value: String(number), by, line })),
    ...[...sections.values()].flatMap((section) => ifIdsIn(section, by)),
  ]
}

/** What keeps packets that are routed into a VTI device from the children behind it, which have its mark. */
function withVtiDoubt(tunnel: DeviceTunnel, { links, routes, interfaces }: VtiReading): DeviceTunnel {
  const doubts = tunnel.children.flatMap(({ through, local, remote, line }) => {
    const device = interfaces.find(({ name }) => name === through?.interface)
    if (device?.keepsMark !== false) return []
    const what =
      otherEnd(tunnel, links.remoteOf(device.name)) ?? detour(device.name, { local, remote }, { routes, interfaces })
    return what === undefined ? [] : [{ line, what }]
  })
  return doubts[0] && !tunnel.doubt ? { ...tunnel, doubt: doubts[0] } : tunnel
}

interface VtiReading {
  readonly links: Parts['links']
  readonly routes: Device['installsRoutes']
  readonly interfaces: Device['interfaces']
}

/** A VTI drops what its tunnel would not send to the gateway that it names itself (ip_vti.c). */
function otherEnd({ remote: { address } }: DeviceTunnel, device: Address | undefined): string | undefined {
  if (!device || address.kind !== 'known' || address.address.equals(device)) return undefined
  return `the interface in front of it sends to ${device}, not to ${address.address}`
}

/** For what belongs to an interface by its number the daemon makes no routes, and it makes them for a mark (kernel_netlink_ipsec.c). */
function detour(
  name: string,
  { local, remote }: Pick<TunnelChild, 'local' | 'remote'>,
  { routes, interfaces }: Pick<VtiReading, 'routes' | 'interfaces'>,
): string | undefined {
  const addresses = interfaces.flatMap((one) => one.addresses)
  const isOwn = addresses.some((one) => one.kind === 'known' && local.contains(one.address))
  if (routes === 'never' || !(isOwn || local.length === 0)) return undefined
  return `without install_routes = no the IKE daemon's own route for ${remote} comes before those into ${name}`
}

/**
 * What the plugin bypass-lan adds: each network of an interface passes to itself (bypass_lan_listener.c). `undefined` where the text does
 * not show all of them.
 */
function bypassChildren(line: number | undefined, interfaces: Device['interfaces']): TunnelChild[] | undefined {
  if (line === undefined) return []
  const addresses = interfaces.filter(({ kind }) => kind === 'physical').flatMap((one) => one.addresses)
  const networks = addresses.flatMap((one) => (one.kind === 'known' ? [one.network] : []))
  if (networks.length === 0 || networks.length < addresses.length) return undefined
  return [...new Map(networks.map((network) => [network.toString(), network])).values()].map((network) => ({
    name: `Bypass LAN ${network}`,
    number: undefined,
    kind: 'pass',
    local: network,
    remote: network,
    through: undefined,
    priority: undefined,
    start: 'trap',
    line,
  }))
}

/** They belong to no connection, and are asked of every packet wherever they stand. */
function withChildren(tunnels: readonly DeviceTunnel[], added: readonly TunnelChild[]): readonly DeviceTunnel[] {
  const [first, ...others] = tunnels
  return first ? [{ ...first, children: [...first.children, ...added] }, ...others] : tunnels
}

/** The addresses that a pool gives away; `undefined` when the text does not tell. */
function poolOf(section: Section | undefined): readonly Prefix[] | undefined {
  const addresses = section?.settings.get('addrs')?.value
  const selector = addresses === undefined ? undefined : tryParseSelector(addresses)
  return selector && selector.prefixes !== 'dynamic' ? selector.prefixes : undefined
}

/** Sections that this software has and that carry no packets. */
const harmless: readonly string[] = ['connections', 'secrets', 'pools', 'authorities', ...daemonSections]

function strangersIn(root: Section, written: Section): Unread[] {
  const named = new Set(referencesIn(written))
  const strangers = [...root.sections.values()].filter(({ name }) => !harmless.includes(name) && !named.has(name))
  const settings = [...root.settings].map(([key, { line }]) => unread({ line, text: `${key} = …` }, 'anything'))
  const connections = root.sections.get('connections')
  const stray = [...(connections?.settings ?? [])].map(([key, { line }]) =>
    unread({ line, text: `${key} = …` }, 'tunnels'),
  )
  return [
    ...strangers.map(({ line, name }) => unread({ line, text: `${name} {` }, 'anything')),
    ...[...root.strange, ...(connections?.strange ?? [])].map(({ line, text }) =>
      unread({ line, text: hiddenSetting(text) }, 'tunnels'),
    ),
    ...settings,
    ...stray,
  ]
}

function referencesIn({ references, sections }: Section): string[] {
  return [...references.map((path) => path.split('.')[0] ?? ''), ...[...sections.values()].flatMap(referencesIn)]
}
