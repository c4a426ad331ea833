import type { Hook, RuleList } from '@natplan/core'
import type { ConfigNode } from '../config-tree.ts'
import type { DeviceReading } from '../device-reading.ts'
import { interfaceNodes } from '../read-interfaces.ts'
import { entriesInForce } from './in-force.ts'
import { NamedSets } from './named-sets.ts'
import { steeringKind } from './set-kind.ts'

/** A set and the interfaces whose packets meet it. */
interface Bound {
  readonly name: string
  readonly set: ConfigNode
  readonly side: 'in' | 'out'
  readonly hook: Hook
  readonly names: string[]
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
  const to = sets.read(set, name, { kind: steeringKind })
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

/** `policy route NAME` below an interface, `interface` in the set (VyOS 1.4), `firewall in modify NAME` (EdgeOS). */
function boundSets({ root }: DeviceReading): Bound[] {
  const bound = new Map<string, Bound>()
  const bind = (name: string, set: ConfigNode | undefined, place: Pick<Bound, 'side' | 'hook'>, port: string) => {
    if (!set) return
    const known = bound.get(`${name} ${place.hook}`)
    if (known) known.names.push(port)
    else bound.set(`${name} ${place.hook}`, { name, set, ...place, names: [port] })
  }
  const before = { side: 'in', hook: 'prerouting' } as const
  for (const [name, set] of root.children('policy', 'route')) {
    for (const [port] of set.children('interface')) bind(`policy route ${name}`, set, before, port)
  }
  const places = {
    in: before,
    out: { side: 'out', hook: 'postrouting' },
    local: { side: 'in', hook: 'input' },
  } as const
  for (const { name: port, node } of interfaceNodes(root)) {
    for (const [name] of node.children('policy', 'route')) {
      bind(`policy route ${name}`, root.at('policy', 'route', name), before, port)
    }
    for (const [way, place] of Object.entries(places)) {
      for (const [name] of node.children('firewall', way, 'modify')) {
        bind(`modify ${name}`, root.at('firewall', 'modify', name), place, port)
      }
    }
  }
  return [...bound.values()]
}
