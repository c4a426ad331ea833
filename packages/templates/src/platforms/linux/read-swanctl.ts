import {
  type Address,
  type EspProposal,
  type Finding,
  findingOf,
  inConfig,
  type ParsedTunnel,
  Prefix,
  type Selector,
} from '@natplan/core'
import type { NotUnderstood, Offers } from '../../platform.ts'
import { tryParseEsp, tryParseIke } from './algorithms.ts'
import { type Block, partsOf } from './read-blocks.ts'
import { type List, Settings } from './read-settings.ts'
import { startOf } from './swanctl-view.ts'

export interface Connections {
  /** By name. */
  readonly tunnels: readonly ParsedTunnel[]
  readonly proposals: ReadonlyMap<string, Offers>
  /** Of tunnels and selectors. */
  readonly lines: ReadonlyMap<object, number>
  readonly notUnderstood: readonly NotUnderstood[]
  readonly findings: readonly Finding[]
}

interface Reading {
  readonly lines: Map<object, number>
  readonly notUnderstood: NotUnderstood[]
}

interface Connection {
  readonly tunnel: ParsedTunnel
  readonly offers: Offers
}

/** Reads all connections, natplan's own and those of others. */
export function readConnections(blocks: readonly Block[]): Connections {
  const reading: Reading = { lines: new Map(), notUnderstood: [] }
  const findings: Finding[] = []
  const found = new Map<string, Connection>()
  for (const { lines, blocks: connections } of blocks.map(partsOf)) {
    reading.notUnderstood.push(...lines.map(({ line, text }) => ({ line, text })))
    for (const block of connections) {
      const connection = readConnection(block, reading)
      if (connection) found.set(connection.tunnel.peer, connection)
      else findings.push(incomplete(block))
    }
  }
  const tunnels = [...found.values()].map(({ tunnel }) => tunnel).sort((a, b) => (a.peer < b.peer ? -1 : 1))
  const proposals = new Map([...found].map(([name, { offers }]) => [name, offers]))
  return { tunnels, proposals, findings, ...reading }
}

/** What strongSwan takes for what a connection leaves out (swanctl.conf(5)), in seconds. */
const unset = { ikeRekey: 14_400, espRekey: 3600, deadPeer: 0 } as const

/** Settings of a connection that say nothing about what it carries. */
const harmless = [
  'mobike',
  'fragmentation',
  'unique',
  'keyingtries',
  'reauth_time',
  'over_time',
  'rand_time',
  'send_cert',
]

function readConnection(block: Block, reading: Reading): Connection | undefined {
  const own = new Settings(block)
  const ends = new Map(partsOf(block).blocks.map((inner) => [inner.header, inner]))
  const [local, remote, children] = ['local', 'remote', 'children'].map((name) => ends.get(name))
  const ike = own.list('proposals', tryParseIke)
  const version = own.version()
  const addresses = { local: own.openAddress('local_addrs'), remote: own.openAddress('remote_addrs') }
  const lifetime = own.seconds('rekey_time', unset.ikeRekey)
  const interval = own.seconds('dpd_delay', unset.deadPeer)
  const timeout = own.seconds('dpd_timeout', unset.deadPeer)
  const forceNatTraversal = own.read('encap', yesNo)
  for (const key of harmless) own.read(key, (text) => text)
  const identities = { local: readEnd(local, reading), remote: readEnd(remote, reading) }
  const carried = readChildren(children, reading)
  const known = [local, remote, children]
  reading.notUnderstood.push(
    ...own.rest(),
    ...partsOf(block)
      .blocks.filter((inner) => !known.includes(inner))
      .map(header),
  )
  const [algorithms] = ike.known
  if (!algorithms || !version || lifetime === undefined || interval === undefined || timeout === undefined)
    return undefined
  if (!addresses.local || !addresses.remote || !local || !remote || !carried) return undefined
  const tunnel = {
    peer: block.header.replace(/^natplan-/, ''),
    local: { address: addresses.local, identity: identities.local ?? identityOf(addresses.local) },
    remote: { address: addresses.remote, identity: identities.remote ?? '%any' },
    ike: { version, ...algorithms, lifetime, deadPeer: { action: carried.action, interval, timeout } },
    esp: carried.esp,
    start: carried.start,
    forceNatTraversal: forceNatTraversal ?? false,
    selectors: carried.selectors,
  }
  reading.lines.set(tunnel, block.line)
  const isWhole = ike.isWhole && carried.offers.isWhole
  return { tunnel, offers: { ike: ike.known, esp: carried.offers.known, isWhole } }
}

function identityOf(address: Address): string {
  return address.bits === 0 ? '%any' : address.toString()
}

function readEnd(block: Block | undefined, { notUnderstood }: Reading): string | undefined {
  if (!block) return undefined
  const end = new Settings(block)
  end.read('auth', (text) => (text === 'psk' ? text : undefined))
  const identity = end.read('id', (text) => text)
  notUnderstood.push(...end.rest())
  return identity
}

type Child = Pick<ParsedTunnel, 'esp' | 'start' | 'selectors'> & {
  readonly action: ParsedTunnel['ike']['deadPeer']['action']
  readonly offers: List<EspProposal>
}

/** The children of a connection; one that differs from the first in more than its prefixes is not understood. */
function readChildren(block: Block | undefined, reading: Reading): Child | undefined {
  if (!block) return undefined
  const selectors: Selector[] = []
  let first: Child | undefined
  for (const [index, entry] of partsOf(block).blocks.entries()) {
    const child = readChild(entry, { fallback: index + 1, reading })
    first ??= child
    if (child && first && isAlike(child, first)) selectors.push(...child.selectors)
    else reading.notUnderstood.push(header(entry))
  }
  reading.notUnderstood.push(...partsOf(block).lines.map(({ line, text }) => ({ line, text })))
  return first && { ...first, selectors }
}

function readChild(
  block: Block,
  { fallback, reading }: { readonly fallback: number; readonly reading: Reading },
): Child | undefined {
  const child = new Settings(block)
  const locals = child.list('local_ts', Prefix.tryParse)
  const remotes = child.list('remote_ts', Prefix.tryParse)
  const offers = child.list('esp_proposals', tryParseEsp)
  const rekey = child.seconds('rekey_time', unset.espRekey)
  const lifetime = child.seconds('life_time', rekey === undefined ? undefined : Math.floor(rekey * 1.1))
  const start = child.readOr('start_action', startOf, 'respond')
  const action = child.readOr('dpd_action', deadPeerAction, 'clear')
  child.read('close_action', (text) => text)
  const mode = child.readOr('mode', (text) => (text === 'tunnel' ? text : undefined), 'tunnel')
  reading.notUnderstood.push(...child.rest())
  const [esp] = offers.known
  const isClear = locals.isWhole && remotes.isWhole && mode !== undefined
  if (!isClear || !esp || lifetime === undefined || !start || !action) return undefined
  const number = Number(/-([0-9]{1,6})$/.exec(block.header)?.[1] ?? fallback)
  const selectors = locals.known.flatMap((local) =>
    remotes.known.map((remote) => ({ number, local, remote, interface: undefined })),
  )
  for (const selector of selectors) reading.lines.set(selector, block.line)
  return { esp: { ...esp, lifetime }, offers, start, action, selectors }
}

function isAlike(child: Child, first: Child): boolean {
  const { selectors: _, ...one } = child
  const { selectors: __, ...other } = first
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The older words are `hold` and `none`. */
function deadPeerAction(text: string): Child['action'] | undefined {
  const word = text === 'hold' ? 'trap' : text === 'none' ? 'clear' : text
  return word === 'restart' || word === 'clear' || word === 'trap' ? word : undefined
}

function yesNo(text: string): boolean | undefined {
  return text === 'yes' ? true : text === 'no' ? false : undefined
}

function header({ line, header: text }: Block): NotUnderstood {
  return { line, text: `${text} {` }
}

function incomplete({ line, header: name }: Block): Finding {
  return findingOf('CONFIG_TUNNEL_INCOMPLETE', inConfig(line), {
    message: `the connection ${name} lacks an address, an end, an algorithm, a time or a child that natplan can compare`,
    hint: 'name one address at each end, known algorithms and prefixes, as natplan writes them',
  })
}
