import { type Finding, findingOf, inConfig, type ParsedTunnel, Prefix, type Selector } from '@natplan/core'
import type { NotUnderstood } from '../../platform.ts'
import { tryParseEsp, tryParseIke } from './algorithms.ts'
import { type Block, type Line, partsOf } from './read-blocks.ts'
import { Settings } from './read-settings.ts'
import { startOf } from './swanctl-view.ts'

export interface Connections {
  /** By name. */
  readonly tunnels: readonly ParsedTunnel[]
  readonly notUnderstood: readonly NotUnderstood[]
  readonly findings: readonly Finding[]
}

/** Reads all connections, natplan's own and those of others. */
export function readConnections(blocks: readonly Block[]): Connections {
  const notUnderstood: NotUnderstood[] = []
  const findings: Finding[] = []
  const tunnels = new Map<string, ParsedTunnel>()
  for (const { lines, blocks: connections } of blocks.map(partsOf)) {
    notUnderstood.push(...lines.map(({ line, text }) => ({ line, text })))
    for (const block of connections) {
      const tunnel = readConnection(block, notUnderstood)
      if (tunnel) tunnels.set(tunnel.peer, tunnel)
      else findings.push(incomplete(block))
    }
  }
  const sorted = [...tunnels.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1))
  return { tunnels: sorted, notUnderstood, findings }
}

function readConnection(block: Block, notUnderstood: NotUnderstood[]): ParsedTunnel | undefined {
  const own = new Settings(block)
  const ends = new Map(partsOf(block).blocks.map((inner) => [inner.header, inner]))
  const [local, remote, children] = ['local', 'remote', 'children'].map((name) => ends.get(name))
  const algorithms = own.read('proposals', tryParseIke)
  const version = own.read('version', (text) => (text === '1' ? 1 : text === '2' ? 2 : undefined))
  const addresses = { local: own.address('local_addrs'), remote: own.address('remote_addrs') }
  const times = [own.seconds('rekey_time'), own.seconds('dpd_delay'), own.seconds('dpd_timeout')]
  const [lifetime, interval, timeout] = times
  const forceNatTraversal = own.read('encap', yesNo)
  own.read('mobike', yesNo)
  const identities = { local: readEnd(local, notUnderstood), remote: readEnd(remote, notUnderstood) }
  const carried = readChildren(children, notUnderstood)
  const known = [local, remote, children]
  notUnderstood.push(
    ...own.rest(),
    ...partsOf(block)
      .blocks.filter((inner) => !known.includes(inner))
      .map(header),
  )
  if (!algorithms || !version || lifetime === undefined || interval === undefined || timeout === undefined)
    return undefined
  if (!addresses.local || !addresses.remote || !identities.local || !identities.remote || !carried) return undefined
  const { esp, start, action, selectors } = carried
  return {
    peer: block.header.replace(/^natplan-/, ''),
    local: { address: addresses.local, identity: identities.local },
    remote: { address: addresses.remote, identity: identities.remote },
    ike: { version, ...algorithms, lifetime, deadPeer: { action, interval, timeout } },
    esp,
    start,
    forceNatTraversal: forceNatTraversal ?? false,
    selectors,
  }
}

function readEnd(block: Block | undefined, notUnderstood: NotUnderstood[]): string | undefined {
  if (!block) return undefined
  const end = new Settings(block)
  end.read('auth', (text) => (text === 'psk' ? text : undefined))
  const identity = end.read('id', (text) => text)
  notUnderstood.push(...end.rest())
  return identity
}

type Child = Pick<ParsedTunnel, 'esp' | 'start'> & {
  readonly action: ParsedTunnel['ike']['deadPeer']['action']
  readonly selector: Selector
}

/** The children of a connection; one that differs from the first in more than its prefixes is not understood. */
function readChildren(block: Block | undefined, notUnderstood: NotUnderstood[]) {
  if (!block) return undefined
  const selectors: Selector[] = []
  let first: Child | undefined
  for (const [index, entry] of partsOf(block).blocks.entries()) {
    const child = readChild(entry, { fallback: index + 1, notUnderstood })
    first ??= child
    if (child && first && isAlike(child, first)) selectors.push(child.selector)
    else notUnderstood.push(header(entry))
  }
  notUnderstood.push(...partsOf(block).lines.map(({ line, text }) => ({ line, text })))
  return first && { esp: first.esp, start: first.start, action: first.action, selectors }
}

function readChild(
  block: Block,
  { fallback, notUnderstood }: { readonly fallback: number; readonly notUnderstood: NotUnderstood[] },
): Child | undefined {
  const child = new Settings(block)
  const local = child.read('local_ts', Prefix.tryParse)
  const remote = child.read('remote_ts', Prefix.tryParse)
  const esp = child.read('esp_proposals', tryParseEsp)
  const rekey = child.seconds('rekey_time')
  const lifetime = child.seconds('life_time') ?? rekey
  const start = child.read('start_action', startOf)
  const action = child.read('dpd_action', deadPeerAction)
  notUnderstood.push(...child.rest())
  if (!local || !remote || !esp || lifetime === undefined || !start || !action) return undefined
  const number = Number(/-([0-9]{1,6})$/.exec(block.header)?.[1] ?? fallback)
  return { esp: { ...esp, lifetime }, start, action, selector: { number, local, remote, interface: undefined } }
}

function isAlike(child: Child, first: Child): boolean {
  const { selector: _, ...one } = child
  const { selector: __, ...other } = first
  return JSON.stringify(one) === JSON.stringify(other)
}

function deadPeerAction(text: string): Child['action'] | undefined {
  return text === 'restart' || text === 'clear' || text === 'trap' ? text : undefined
}

function yesNo(text: string): boolean | undefined {
  return text === 'yes' ? true : text === 'no' ? false : undefined
}

function header({ line, header: text }: Block): NotUnderstood {
  return { line, text: `${text} {` }
}

function incomplete({ line, header: name }: Block): Finding {
  return findingOf('CONFIG_TUNNEL_INCOMPLETE', inConfig(line), {
    message: `the connection ${name} lacks an address, an identity, an algorithm, a time or a child that natplan can compare`,
    hint: 'name one address, one proposal and one prefix each, as natplan writes them',
  })
}

/** Reports the lines of the secrets that are not as natplan writes them, without showing what follows the name. */
export function readSecrets(block: Block): NotUnderstood[] {
  const known = /^(id(-[A-Za-z0-9_-]+)?|secret)$/
  const lines = [block, ...partsOf(block).blocks].flatMap((one) => partsOf(one).lines)
  return lines.filter(({ text }) => !known.test(nameOf(text))).map((line) => ({ line: line.line, text: hidden(line) }))
}

function nameOf(text: string): string {
  return text.split('=', 1)[0]?.trim() ?? ''
}

function hidden({ text }: Line): string {
  return text.includes('=') ? `${nameOf(text)} = [hidden]` : '[hidden]'
}
