import type { AddressMatch, NatAction, NatRule, PortMatch } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { Groups } from './groups.ts'
import type { Lines } from './lines.ts'
import { tryParseMatch, tryParsePortRange, tryParsePorts } from './parse-match.ts'

type Direction = NatRule['direction']

interface Reading {
  readonly dialect: VyattaDialect
  readonly groups: Groups
  readonly lines: Lines
}

/**
 * The NAT rules that are in force and wholly understood, in the order of trying. The lines of others stay unread. A rule for a group of
 * several addresses or interfaces comes once for each of them, with one number.
 */
export function parseNat(
  root: ConfigNode,
  { dialect, lines }: { readonly dialect: VyattaDialect; readonly lines: Lines },
): NatRule[] {
  const nat = root.at(...dialect.natRoot)
  if (!nat) return []
  const reading = { dialect, groups: new Groups(root), lines }
  const rules =
    dialect.natLists === 'one'
      ? numbered(nat).flatMap(([number, node]) => oneListRule({ number, node }, reading))
      : (['source', 'destination'] as const).flatMap((direction) => {
          const list = nat.at(direction)
          return list ? numbered(list).flatMap(([number, node]) => rulesOf({ number, node, direction }, reading)) : []
        })
  return rules.sort((a, b) => compareDirection(a.direction, b.direction) || a.number - b.number)
}

/** The numbers of all rules, also of those that `parseNat` leaves out. */
export function usedNumbers(root: ConfigNode, dialect: VyattaDialect): Pick<NatRule, 'direction' | 'number'>[] {
  const nat = root.at(...dialect.natRoot)
  if (!nat) return []
  if (dialect.natLists === 'two') {
    return (['source', 'destination'] as const).flatMap((direction) => {
      const list = nat.at(direction)
      return list ? numbered(list).map(([number]) => ({ direction, number })) : []
    })
  }
  return numbered(nat).flatMap(([number]) => [
    { direction: 'source' as const, number },
    { direction: 'destination' as const, number },
  ])
}

function compareDirection(a: Direction, b: Direction): number {
  return a === b ? 0 : a === 'source' ? -1 : 1
}

function numbered(list: ConfigNode): [number, ConfigNode][] {
  return [...(list.at('rule')?.entries() ?? [])].flatMap(([text, node]) =>
    /^[1-9]\d{0,5}$/.test(text) ? [[Number(text), node] as [number, ConfigNode]] : [],
  )
}

interface WrittenRule {
  readonly number: number
  readonly node: ConfigNode
  readonly direction: Direction
}

function oneListRule({ number, node }: Omit<WrittenRule, 'direction'>, reading: Reading): NatRule[] {
  const type = node.value('type')
  if (type !== 'source' && type !== 'destination' && type !== 'masquerade') return []
  return rulesOf({ number, node, direction: type === 'destination' ? 'destination' : 'source' }, reading)
}

/** More rules than this out of one are not made: two large groups against each other. */
const largestProduct = 256

/** A rule of which any line is not understood would match something else than it seems to, so it is left out as a whole. */
function rulesOf(written: WrittenRule, reading: Reading): NatRule[] {
  const { number, node, direction } = written
  if (node.at('disable')) {
    node.markAllRead()
    return []
  }
  node.flag('log')
  const action = actionOf(written, reading.dialect)
  const ports = { source: portsOf(node, 'source', reading), destination: portsOf(node, 'destination', reading) }
  const rule = {
    direction,
    number,
    protocol: protocolOf(node),
    ...(ports.source || ports.destination ? { ports } : {}),
    description: node.value('description'),
  }
  const interfaces = interfacesFor(node, direction, reading)
  const sources = matchesOf(node, 'source', reading)
  const destinations = matchesOf(node, 'destination', reading)
  const own = direction === 'source' ? sources : destinations
  const isClear = !(action?.kind === 'map' && own.length > 1 && action.to.bits !== action.to.lastBits)
  const product = interfaces.length * sources.length * destinations.length
  if (action && isClear && !node.hasUnread && product <= largestProduct) {
    return interfaces.flatMap((name) =>
      sources.flatMap((source) =>
        destinations.map((destination) =>
          reading.lines.keep({ ...rule, interface: name, source, destination, action }, node),
        ),
      ),
    )
  }
  node.markAllUnread()
  return []
}

/** As the device writes them: `eth*` for all that begin so, `!eth0` for all but one; `undefined` for any. */
function interfacesFor(
  node: ConfigNode,
  direction: Direction,
  { dialect: { natInterfacePath }, groups }: Reading,
): readonly (string | undefined)[] {
  const leaf = direction === 'source' ? 'outbound-interface' : 'inbound-interface'
  const name = node.peek(leaf, ...natInterfacePath)
  if (name === undefined) {
    const written = natInterfacePath.length > 0 ? node.at(leaf) : undefined
    return (written && groups.interfaces(written)) ?? [undefined]
  }
  node.value(leaf, ...natInterfacePath)
  return [name === 'any' ? undefined : name]
}

/** Protocols by number (IANA), as far as NAT rules name them so. */
const protocolNames: ReadonlyMap<string, string> = new Map([
  ['0', 'all'],
  ['ip', 'all'],
  ['any', 'all'],
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['47', 'gre'],
  ['50', 'esp'],
])

/** A name in small letters, `tcp_udp` for both, `!tcp` for all but one; `undefined` for all. */
function protocolOf(node: ConfigNode): string | undefined {
  const word = node.value('protocol')?.toLowerCase() ?? 'all'
  const [sign, name] = word.startsWith('!') ? ['!', word.slice(1)] : ['', word]
  const known = protocolNames.get(name) ?? name
  return sign === '' && known === 'all' ? undefined : `${sign}${known}`
}

function portsOf(node: ConfigNode, side: Direction, { groups }: Reading): PortMatch | undefined {
  const text = node.peek(side, 'port')
  if (text === undefined) {
    const written = node.at(side)
    return written && groups.ports(written)
  }
  const match = tryParsePorts(text)
  if (match) node.value(side, 'port')
  return match
}

/** One for each address that a rule names, at least one: `undefined` for any address. */
function matchesOf(node: ConfigNode, side: Direction, { groups }: Reading): readonly (AddressMatch | undefined)[] {
  const text = node.peek(side, 'address')
  if (text === undefined) {
    const written = node.at(side)
    return (written && groups.addresses(written)) ?? [undefined]
  }
  const match = tryParseMatch(text)
  if (match) node.value(side, 'address')
  return [match]
}

function actionOf({ node, direction }: WrittenRule, dialect: VyattaDialect): NatAction | undefined {
  if (node.at('exclude')) {
    node.flag('exclude')
    return { kind: 'exempt' }
  }
  const path =
    dialect.natLists === 'two' ? ['translation'] : [direction === 'source' ? 'outside-address' : 'inside-address']
  const ports = tryParsePortRange(node.peek(...path, 'port') ?? '')
  if (ports) node.value(...path, 'port')
  const action = addressAction(node, path, dialect)
  return action && ports ? { ...action, ports } : action
}

function addressAction(
  node: ConfigNode,
  path: readonly string[],
  { natLists }: VyattaDialect,
): Exclude<NatAction, { readonly kind: 'exempt' }> | undefined {
  if (natLists === 'one' && node.peek('type') === 'masquerade') return { kind: 'masquerade' }
  const text = node.peek(...path, 'address')
  if (text === undefined) return undefined
  if (text === 'masquerade') {
    node.value(...path, 'address')
    return { kind: 'masquerade' }
  }
  const target = tryParseMatch(text)
  if (!target || target.negated) return undefined
  node.value(...path, 'address')
  return target.kind === 'range'
    ? { kind: 'pool', first: target.first, last: target.last }
    : { kind: 'map', to: target.prefix }
}
