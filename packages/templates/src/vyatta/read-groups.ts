import { everyAddress, type Range, RangeSet } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import { everyIpv4, everyOf, signed, tryParsePortSet, tryParseProtocols, tryParseRange } from './read-values.ts'

/** The kinds of groups that hold addresses, with the leaves of their members. */
const addressKinds: ReadonlyMap<string, readonly string[]> = new Map([
  ['address-group', ['address', 'address-range']],
  ['network-group', ['network']],
  ['ipv6-address-group', ['address']],
  ['ipv6-network-group', ['network']],
])

/** Kinds whose members are known at run time only. */
const liveKinds = ['domain-group', 'dynamic-address-group', 'dynamic-ipv6-address-group', 'mac-group', 'remote-group']

/** Addresses that a rule asks for. Where something about them is not known, they are among `members`, or any where those are missing. */
export interface AddressSet {
  readonly members?: RangeSet
  readonly unknown?: string
}

/** What an interface has; EdgeOS keeps a group of its addresses and one of its networks (`ADDRv4_eth0`, `NETv4_eth0`). */
export type OfInterface = (name: string, what: 'addresses' | 'networks') => AddressSet

/** The named groups of a configuration. `undefined` where one is not there or holds something that was not understood. */
export class NamedGroups {
  readonly #roots: readonly ConfigNode[]
  readonly ofInterface: OfInterface
  readonly #known = new Map<string, AddressSet | undefined>()
  readonly #ports = new Map<string, RangeSet | undefined>()
  readonly #interfaces = new Map<string, readonly string[] | undefined>()

  constructor(root: ConfigNode, ofInterface: OfInterface) {
    const found = [
      root.at('firewall', 'group'),
      root.at('resources', 'group'),
      root.at('security', 'firewall', 'group'),
    ]
    this.#roots = found.filter((node) => node !== undefined)
    this.ofInterface = ofInterface
  }

  /** By the kind and the name that a rule writes, with `!` in front for all addresses but the members. */
  addresses(kind: string, written: string): AddressSet | undefined {
    const key = `${kind} ${written}`
    if (!this.#known.has(key)) {
      const everyone = kind.startsWith('ipv6-') ? everyAddress(6) : everyIpv4
      this.#known.set(key, negatable(written, this.#addresses(kind, written.replace(/^!/, '')), everyone))
    }
    return this.#known.get(key)
  }

  #addresses(kind: string, name: string): AddressSet | undefined {
    if (liveKinds.includes(kind)) return { unknown: `the members of ${kind} ${name}` }
    const leaves = addressKinds.get(kind)
    if (!leaves) return undefined
    const [, part, port = ''] = /^(ADDR|NET)v4_(.+)$/.exec(name) ?? []
    if (part !== undefined) return this.ofInterface(port, part === 'ADDR' ? 'addresses' : 'networks')
    const ranges = this.#texts(kind, name, leaves)?.map(({ text, node }) => memberRange(text, node))
    return ranges?.every((range) => range !== undefined) ? { members: RangeSet.of(ranges) } : undefined
  }

  /** A group of addresses of whatever kind, as the 5600 names it in place of an address. */
  namedAddresses(written: string): AddressSet | undefined {
    const name = written.replace(/^!/, '')
    return this.#roots.some((root) => root.at('address-group', name))
      ? this.addresses('address-group', written)
      : undefined
  }

  ports(name: string): RangeSet | undefined {
    if (!this.#ports.has(name)) this.#ports.set(name, this.#readPorts(name))
    return this.#ports.get(name)
  }

  #readPorts(name: string): RangeSet | undefined {
    const sets = this.#texts('port-group', name, ['port'])?.map(({ text }) => tryParsePortSet(text))
    return sets?.every((set) => set !== undefined) ? unionOf(sets) : undefined
  }

  protocols(name: string): RangeSet | undefined {
    const sets = this.#texts('protocol-group', name, ['protocol'])?.map(({ text }) => tryParseProtocols(text))
    return sets?.every((set) => set instanceof RangeSet) ? unionOf(sets as RangeSet[]) : undefined
  }

  interfaces(name: string): readonly string[] | undefined {
    if (!this.#interfaces.has(name)) {
      const found = this.#texts('interface-group', name, ['interface'])
      this.#interfaces.set(
        name,
        found?.map(({ text }) => text),
      )
    }
    return this.#interfaces.get(name)
  }

  /** The members of a group and of those that it includes, each of which is looked at once. */
  #texts(kind: string, name: string, leaves: readonly string[], seen = new Set<string>()): Member[] | undefined {
    if (seen.has(name)) return []
    seen.add(name)
    const group = this.#roots.map((root) => root.at(kind, name)).find((node) => node !== undefined)
    if (!group) return undefined
    const found: Member[] = []
    for (const [word, node] of group.children()) {
      if (word === 'description') continue
      const members = leaves.includes(word)
        ? node.children().map(([text, below]) => ({ text, node: below }))
        : word === 'include'
          ? this.#included(kind, node, leaves, seen)
          : undefined
      if (!members) return undefined
      for (const member of members) found.push(member)
    }
    return found
  }

  #included(kind: string, include: ConfigNode, leaves: readonly string[], seen: Set<string>): Member[] | undefined {
    const all = include.children().map(([name]) => this.#texts(kind, name, leaves, seen))
    return all.every((members) => members !== undefined) ? all.flat() : undefined
  }
}

interface Member {
  readonly text: string
  readonly node: ConfigNode
}

/** `10.0.0.1-10.0.0.9`, or the 5600's `address-range 10.0.0.1 to 10.0.0.9`. */
function memberRange(text: string, node: ConfigNode): Range | undefined {
  const to = node.peek('to')
  return tryParseRange(to === undefined ? text : `${text}-${to}`)
}

/** All but addresses that are not known could be any. */
function negatable(text: string, found: AddressSet | undefined, everyone: Range): AddressSet | undefined {
  if (!found?.members || !text.startsWith('!')) return found
  if (found.unknown !== undefined) return { unknown: found.unknown }
  const [first] = found.members.ranges
  return { members: signed(text, found.members, first ? everyOf(first) : everyone) }
}

function unionOf(sets: readonly RangeSet[]): RangeSet {
  return RangeSet.of(sets.flatMap(({ ranges }) => ranges))
}
