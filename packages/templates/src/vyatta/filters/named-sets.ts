import type { RuleSet } from '@natplan/core'
import { SeenInterfaces } from '../../seen-interfaces.ts'
import type { ConfigNode } from '../config-tree.ts'
import type { DeviceReading } from '../device-reading.ts'
import type { RuleReading } from './filter-rule.ts'
import { readSet, restOf, type SetName } from './read-set.ts'
import { baseKind, namedKind, olderKind, type SetKind } from './set-kind.ts'

/** The kernel lets sets call each other no deeper (NFT_JUMP_STACK_SIZE of linux/nf_tables.h). */
const deepest = 16

interface Known {
  readonly set: RuleSet
  /** How many calls below it stand in a row. */
  readonly height: number
}

/** The sets of one family that others call by name, each read when it is first called. */
export class NamedSets {
  readonly reading: DeviceReading
  readonly family: 4 | 6
  readonly seen: SeenInterfaces
  readonly #known = new Map<string, Known | 'being read'>()

  constructor(reading: DeviceReading, family: 4 | 6) {
    this.reading = reading
    this.family = family
    this.seen = new SeenInterfaces(reading)
  }

  /** Where the zones of this generation stand, and the list for new sets of rules beside them. */
  get zonesAt(): { readonly path: readonly string[]; readonly list: readonly string[] } {
    const isNewer = this.reading.root.at('firewall', 'zone') !== undefined
    return isNewer
      ? { path: ['firewall', 'zone'], list: ['firewall', `ipv${this.family}`, 'name'] }
      : { path: ['zone-policy', 'zone'], list: ['firewall', this.family === 4 ? 'name' : 'ipv6-name'] }
  }

  /** `undefined` where there is none of that name; calls in a circle and too deep ones, which devices refuse, are left out. */
  find(name: string): RuleSet | undefined {
    return this.#read(name, true, 0)?.set
  }

  /** Reads a set that has its own place. At raw priority connections are not tracked yet. */
  read(node: ConfigNode, name: SetName, { kind, isTracked = true }: { kind: SetKind; isTracked?: boolean }): RuleSet {
    const call = (target: string) => this.#read(target, isTracked, 0)?.set
    return readSet(node, name, this.#readingOf(kind, isTracked, call))
  }

  /** Reads what a zone does with packets that no pair is for. */
  readRest(node: ConfigNode, name: string): Omit<RuleSet, 'rules'> {
    const { rules: _, ...rest } = restOf(
      node,
      name,
      this.#readingOf(olderKind, true, () => undefined),
    )
    return { name, line: node.line, ...rest }
  }

  #readingOf(kind: SetKind, isTracked: boolean, call: RuleReading['call']): RuleReading {
    const { dialect, groups, unread } = this.reading
    const isNewer = dialect.platform === 'vyos-1.4' || dialect.platform === 'vyos-1.5'
    const filter = isNewer || kind === baseKind || kind === namedKind ? 'nftables' : 'iptables'
    return { dialect, groups, unread, kind, isTracked, call, filter, family: this.family, seen: this.seen }
  }

  #read(name: string, isTracked: boolean, depth: number): Known | undefined {
    const key = `${isTracked} ${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known === 'being read' ? undefined : known
    const found = this.#find(name)
    if (!found || depth >= deepest) return undefined
    this.#known.set(key, 'being read')
    let height = 0
    const call = (target: string) => {
      const below = this.#read(target, isTracked, depth + 1)
      if (!below || below.height + 1 >= deepest) return undefined
      height = Math.max(height, below.height + 1)
      return below.set
    }
    const set = readSet(found.node, { name, path: found.path }, this.#readingOf(found.kind, isTracked, call))
    const made = { set, height }
    this.#known.set(key, made)
    return made
  }

  #find(name: string): FoundSet | undefined {
    const { root } = this.reading
    const newer = ['firewall', `ipv${this.family}`, 'name', name]
    const older = ['firewall', this.family === 4 ? 'name' : 'ipv6-name', name]
    for (const [path, kind] of [[newer, namedKind] as const, [older, olderKind] as const]) {
      const node = root.at(...path)
      if (node) return { node, kind, path }
    }
    return undefined
  }
}

interface FoundSet {
  readonly node: ConfigNode
  readonly kind: SetKind
  readonly path: readonly string[]
}
