import type { Hook, RuleList } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import type { DeviceReading } from '../device-reading.ts'
import { entriesInForce } from './in-force.ts'
import { NamedSets } from './named-sets.ts'
import { steeringKind } from './set-kind.ts'

/** A set and the interfaces whose packets meet it. */
interface Bound {
  readonly name: string
  readonly set: ConfigNode
  readonly side: 'in' | 'out'
  readonly hook: Hook
  readonly names: readonly string[]
}

/** Where mangle stands (linux/netfilter_ipv4.h): addresses are those on the wire. */
const priority = -150

/** Sets that choose a way for packets may drop some as well: policy routes, and EdgeOS's `modify`. */
export function steeringLists(reading: DeviceReading): RuleList[] {
  const sets = new NamedSets(reading, 4)
  return boundSets(reading)
    .filter(({ set }) => mayDrop(set))
    .map((bound) => listOf(bound, sets))
}

/** Reports whether a set does anything but let packets go on by some way. */
function mayDrop(set: ConfigNode): boolean {
  const words = [set, ...entriesInForce(set.at('rule'))].map((node, at) =>
    node.peek(at === 0 ? 'default-action' : 'action'),
  )
  return words.some((word) => word !== undefined && !passing.includes(word))
}

const passing = ['accept', 'return', 'modify']

/** The set is read for its way once more, so all marks are taken back. */
function listOf({ name, set, side, hook, names }: Bound, sets: NamedSets): RuleList {
  const to = sets.read(set, { name }, { kind: steeringKind })
  set.markAllUnread()
  const call = { kind: 'jump', to, isFinal: false } as const
  const match = { [side]: { names, negated: false } }
  return {
    name: `${name} (${hook})`,
    rules: [{ number: undefined, description: undefined, match, action: call, line: set.line }],
    fallback: 'accept',
    hook,
    priority,
    kind: 'filter',
    family: 4,
    line: set.line,
  }
}

/** By the name of the set and the hook, with all interfaces. */
function boundSets(reading: DeviceReading): Bound[] {
  const bound = new Map<string, Bound>()
  for (const one of [...boundRoutes(reading), ...boundModifies(reading)]) {
    const key = `${one.name} ${one.hook}`
    bound.set(key, { ...one, names: [...(bound.get(key)?.names ?? []), ...one.names] })
  }
  return [...bound.values()]
}

/** `interface` in the set (VyOS 1.4), or `policy route NAME` below an interface. */
function boundRoutes({ root, nodes }: DeviceReading): Bound[] {
  const routes = root.children('policy', 'route')
  const ports = nodes.flatMap(({ name: port, node }) =>
    node.children('policy', 'route').map(([name]) => ({ name, port })),
  )
  return routes.flatMap(([name, set]) => {
    const own = set.children('interface').map(([port]) => port)
    const names = [...own, ...ports.filter((one) => one.name === name).map(({ port }) => port)]
    return names.length > 0 ? [{ name: `policy route ${name}`, set, ...places.in, names }] : []
  })
}

/** `firewall in modify NAME` below an interface (EdgeOS). A set that is not there may do anything. */
function boundModifies({ root, nodes, unread }: DeviceReading): Bound[] {
  return nodes.flatMap(({ name: port, node }) =>
    Object.entries(places).flatMap(([way, place]) =>
      node.children('firewall', way, 'modify').flatMap(([name, below]): Bound[] => {
        const set = root.at('firewall', 'modify', name)
        if (set) return [{ name: `modify ${name}`, set, ...place, names: [port] }]
        unread.add(below.lines(), { touches: 'filters', isPlaced: false })
        return []
      }),
    ),
  )
}

const places = {
  in: { side: 'in', hook: 'prerouting' },
  out: { side: 'out', hook: 'postrouting' },
  local: { side: 'in', hook: 'input' },
} as const satisfies Record<string, Pick<Bound, 'side' | 'hook'>>
