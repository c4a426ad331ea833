import { Address, type AddressMatch, type NatAction, type NatRule, Prefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'

type Direction = NatRule['direction']

/** The NAT rules that are in force and wholly understood, in the order of trying. The lines of others stay unread. */
export function parseNat(root: ConfigNode, dialect: VyattaDialect): NatRule[] {
  const nat = root.at(...dialect.natRoot)
  if (!nat) return []
  const rules =
    dialect.natLists === 'one'
      ? numbered(nat).flatMap(([number, node]) => oneListRule(number, node, dialect) ?? [])
      : (['source', 'destination'] as const).flatMap((direction) => {
          const list = nat.at(direction)
          return list
            ? numbered(list).flatMap(([number, node]) => ruleOf({ number, node, direction }, dialect) ?? [])
            : []
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

function oneListRule(number: number, node: ConfigNode, dialect: VyattaDialect): NatRule | undefined {
  const type = node.value('type')
  if (type !== 'source' && type !== 'destination' && type !== 'masquerade') return undefined
  return ruleOf({ number, node, direction: type === 'destination' ? 'destination' : 'source' }, dialect)
}

interface WrittenRule {
  readonly number: number
  readonly node: ConfigNode
  readonly direction: Direction
}

/** A rule of which any line is not understood would match something else than it seems to, so it is left out as a whole. */
function ruleOf(written: WrittenRule, dialect: VyattaDialect): NatRule | undefined {
  const { number, node, direction } = written
  if (node.at('disable')) {
    node.markAllRead()
    return undefined
  }
  node.flag('log')
  const protocol = node.value('protocol')
  const action = actionOf(written, dialect)
  const rule = {
    direction,
    number,
    interface: interfaceOf(node, direction, dialect),
    source: matchOf(node, 'source'),
    destination: matchOf(node, 'destination'),
    protocol: protocol === 'all' ? undefined : protocol,
    description: node.value('description'),
  }
  if (action && !node.hasUnread) return { ...rule, action }
  node.markAllUnread()
  return undefined
}

/** All interfaces but one are not understood: the leaf stays unread, and so does the rule. */
function interfaceOf(node: ConfigNode, direction: Direction, { natInterfacePath }: VyattaDialect): string | undefined {
  const leaf = direction === 'source' ? 'outbound-interface' : 'inbound-interface'
  const name = node.peek(leaf, ...natInterfacePath)
  if (name === undefined || name.startsWith('!')) return undefined
  node.value(leaf, ...natInterfacePath)
  return name === 'any' ? undefined : name
}

function matchOf(node: ConfigNode, side: Direction): AddressMatch | undefined {
  const text = node.peek(side, 'address')
  const match = text === undefined ? undefined : parseMatch(text)
  if (match) node.value(side, 'address')
  return match
}

/** `10.0.0.0/24`, `10.0.0.1`, `10.0.0.1-10.0.0.9`, each also with `!` in front; host bits are dropped, as the devices do. */
function parseMatch(text: string): AddressMatch | undefined {
  const negated = text.startsWith('!')
  const [first = '', last, ...rest] = (negated ? text.slice(1) : text).split('-')
  if (rest.length > 0) return undefined
  if (last === undefined) {
    const prefix = parsePrefix(first)
    return prefix && { kind: 'prefix', prefix, negated }
  }
  const from = Address.tryParse(first)
  const to = Address.tryParse(last)
  return from && to && { kind: 'range', first: from, last: to, negated }
}

function parsePrefix(text: string): Prefix | undefined {
  const [host = '', length, ...rest] = text.split('/')
  const address = Address.tryParse(host)
  if (!address || rest.length > 0) return undefined
  if (length === undefined) return Prefix.of(address)
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  return bits <= (address.family === 4 ? 32 : 128) ? Prefix.fromBits(address.bits, bits) : undefined
}

function actionOf({ node, direction }: WrittenRule, dialect: VyattaDialect): NatAction | undefined {
  if (node.at('exclude')) {
    node.flag('exclude')
    return { kind: 'exempt' }
  }
  if (dialect.natLists === 'one' && node.peek('type') === 'masquerade') return { kind: 'masquerade' }
  const path =
    dialect.natLists === 'two' ? ['translation'] : [direction === 'source' ? 'outside-address' : 'inside-address']
  const text = node.peek(...path, 'address')
  if (text === undefined) return undefined
  if (text === 'masquerade') {
    node.value(...path, 'address')
    return { kind: 'masquerade' }
  }
  const target = parseMatch(text)
  if (!target || target.negated) return undefined
  node.value(...path, 'address')
  return target.kind === 'range'
    ? { kind: 'pool', first: target.first, last: target.last }
    : { kind: 'map', to: target.prefix }
}
