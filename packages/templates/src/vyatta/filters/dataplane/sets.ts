import { type DeviceRule, type PacketMatch, type RuleSet, wordTable } from '@natplan/core'
import { SeenInterfaces } from '../../../seen-interfaces.ts'
import type { ConfigNode } from '../../config-tree.ts'
import type { DeviceReading } from '../../device-reading.ts'
import type { RuleReading } from '../filter-rule.ts'
import { readSet } from '../read-set.ts'
import { droppingKind, passingKind, type SetKind, waningKind } from '../set-kind.ts'

/** What becomes of packets that no set of several decides. */
export type Rest = 'drop' | 'accept' | 'goes on'

const lastKinds: Readonly<Record<Rest, SetKind>> = { drop: droppingKind, accept: passingKind, 'goes on': waningKind }

/** Where the sets of the 5600 stand. */
export const setsPath = ['security', 'firewall', 'name']

/** The protocols of which a policy for all connections may keep state, with those that count as ICMP (FWHelper.pm). */
const policed: Readonly<Record<string, readonly number[]>> = wordTable({ tcp: [6], udp: [17], icmp: [1, 58] })

/** The sets of the 5600, read when they are bound. Several that are bound to one place are asked one after the other. */
export class DataplaneSets {
  readonly reading: DeviceReading
  readonly #rules: Omit<RuleReading, 'kind'>
  readonly #known = new Map<string, RuleSet | undefined>()

  constructor(reading: DeviceReading) {
    this.reading = reading
    const { dialect, groups, unread, root } = reading
    const policy = root.at('security', 'firewall', 'global-state-policy')
    const stateful = Object.entries(policed).flatMap(([name, protocols]) => (policy?.at(name) ? protocols : []))
    const seen = new SeenInterfaces(reading)
    this.#rules = { dialect, groups, unread, isTracked: true, call: () => undefined, filter: 'npf', seen, stateful }
  }

  /** The rules that ask the sets which a leaf names. One that is not there, which devices refuse, may do anything. */
  calls(bound: ConfigNode | undefined, match: PacketMatch, rest: Rest): DeviceRule[] {
    const entries = bound?.children() ?? []
    return entries.map(([name, node], at): DeviceRule => {
      const to = this.#find(name, at === entries.length - 1 ? rest : 'goes on')
      const rule = { number: undefined, description: undefined, match, line: node.line ?? bound?.line }
      if (to) return { ...rule, action: { kind: 'jump', to, isFinal: false } }
      const doubt = this.reading.unread.add(node.lines(), { touches: 'filters', isPlaced: true })
      return { ...rule, action: { kind: 'unknown' }, ...(doubt ? { doubt } : {}) }
    })
  }

  #find(name: string, rest: Rest): RuleSet | undefined {
    const key = `${rest} ${name}`
    if (!this.#known.has(key)) this.#known.set(key, this.#read(name, rest))
    return this.#known.get(key)
  }

  #read(name: string, rest: Rest): RuleSet | undefined {
    const path = [...setsPath, name]
    const node = this.reading.root.at(...path)
    return node && readSet(node, { name, path }, { ...this.#rules, kind: lastKinds[rest] })
  }
}

/** Reports whether some rule keeps state. */
export function keepState(rules: readonly DeviceRule[]): boolean {
  return rules.some(
    ({ action, makesSession }) => makesSession !== undefined || (action.kind === 'jump' && keepState(action.to.rules)),
  )
}
