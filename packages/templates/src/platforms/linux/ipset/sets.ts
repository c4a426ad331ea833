import { everyAddress, type PacketMatch } from '@natplan/core'
import { goesOn } from '../netfilter/chain.ts'
import { type Field, setOf } from '../netfilter/nft-fields.ts'
import { waysOf } from '../netfilter/nft-ways.ts'
import { addressRange, portRange } from '../words.ts'

/** A set of ipset(8), as far as its members are known. */
interface Ipset {
  readonly type: string
  readonly family: 4 | 6
  /** Its members go by themselves, or something of it was not understood. */
  isOpen: boolean
  readonly members: string[]
  readonly excluded: string[]
}

/** Sets as `ipset save` prints them and as commands make them. */
export class Ipsets {
  readonly #sets = new Map<string, Ipset>()
  readonly #known = new Map<string, readonly PacketMatch[] | undefined>()

  /** Takes a line; false when it is not one of them. */
  take(text: string): boolean {
    const words = text
      .trim()
      .replace(/^(?:\S*\/)?ipset\s+/, '')
      .split(/\s+/)
    const own = words.filter((word) => !/^-(exist|!|q|quiet)$/.test(word))
    const isCommand = /^(?:\S*\/)?ipset\s/.test(text.trim())
    const [action, name = '', first = '', ...rest] = own
    if (action === 'create' || action === '-N') return this.#create(name, first, rest)
    if (action !== 'add' && action !== '-A') return isCommand && this.#change(action ?? '', name)
    const set = this.#sets.get(name)
    if (!set) return isCommand
    if (rest.includes('timeout')) set.isOpen = true
    ;(rest.includes('nomatch') ? set.excluded : set.members).push(first)
    return true
  }

  #create(name: string, type: string, options: readonly string[]): boolean {
    if (!/^(hash|bitmap|list):[a-z,]+$/.test(type)) return false
    const isOpen = options.includes('timeout')
    const before = this.#sets.get(name)
    if (before) before.isOpen ||= isOpen
    else
      this.#sets.set(name, {
        type,
        family: options.includes('inet6') ? 6 : 4,
        isOpen,
        members: [],
        excluded: [],
      })
    return true
  }

  /** What shows or fills sets is known; what takes members away leaves them open. */
  #change(action: string, name: string): boolean {
    if (!/^(save|list|test|version|help|restore|-S|-L|-T)$/.test(action)) {
      for (const [key, set] of this.#sets) if (name === '' || key === name) set.isOpen = true
    }
    return true
  }

  /** Rules put packets into it. */
  open(name: string): void {
    const set = this.#sets.get(name)
    if (set) set.isOpen = true
  }

  /** What `--match-set NAME src,dst` asks: one of the matches must hold. `undefined` when the members are not known. */
  matches(name: string, sides: readonly string[], isNegated: boolean): readonly PacketMatch[] | undefined {
    return this.#matches(name, { sides, isNegated, depth: 0 })
  }

  #matches(name: string, asked: Asked): readonly PacketMatch[] | undefined {
    const key = `${name} ${asked.sides} ${asked.isNegated}`
    if (this.#known.has(key)) return this.#known.get(key)
    const matches = this.#worked(name, asked)
    this.#known.set(key, matches)
    return matches
  }

  #worked(name: string, asked: Asked): readonly PacketMatch[] | undefined {
    const set = this.#sets.get(name)
    if (!set || set.isOpen || !asked.sides.every((side) => side === 'src' || side === 'dst')) return undefined
    if (set.type === 'list:set') return this.#listed(set, asked)
    const kinds = set.type.replace(/^\w+:/, '').split(',')
    if (kinds.length > asked.sides.length) return undefined
    return kinds.length === 1 ? simple(set, kinds[0] ?? '', asked) : joined(set, kinds, asked)
  }

  /** Sets in a set; not deeper than this. */
  #listed(set: Ipset, asked: Asked): PacketMatch[] | undefined {
    if (asked.isNegated || asked.depth > 2) return undefined
    const all = set.members.map((name) => this.#matches(name, { ...asked, depth: asked.depth + 1 }))
    return all.every((one) => one !== undefined) ? all.flat() : undefined
  }
}

interface Asked {
  readonly sides: readonly string[]
  readonly isNegated: boolean
  readonly depth: number
}

function simple(set: Ipset, kind: string, { sides: [side], isNegated }: Asked): PacketMatch[] | undefined {
  const isPort = kind === 'port'
  if (!isPort && kind !== 'ip' && kind !== 'net') return undefined
  const [members, excluded] = [set.members, set.excluded].map((texts) =>
    setOf(texts, isPort ? portRange : addressRange),
  )
  if (!members || !excluded || (isPort && isNegated)) return undefined
  // The longest prefix that takes an address decides.
  if (!excluded.isEmpty && members.ranges.some((range) => excluded.covers(range))) return undefined
  const own = members.subtract(excluded)
  const end = side === 'src' ? 'source' : 'destination'
  return [{ [isPort ? `${end}Port` : end]: isNegated ? own.complementIn(everyAddress(set.family)) : own }]
}

/** Several fields at once: `10.0.0.1,tcp:80`. */
function joined(set: Ipset, kinds: readonly string[], { sides, isNegated }: Asked): PacketMatch[] | undefined {
  const fields = kinds.map((kind, at) => fieldsOf(kind, { isSource: sides[at] === 'src', family: set.family }))
  if (isNegated || set.excluded.length > 0 || !fields.every((one) => one !== undefined)) return undefined
  const elements = set.members.map((member) => {
    const parts = member.split(',')
    return { key: parts.length === kinds.length ? parts.flatMap((part, at) => keysOf(kinds[at], part)) : [], value: [] }
  })
  return waysOf(fields.flat(), elements, () => goesOn)?.map(({ match }) => match)
}

function fieldsOf(
  kind: string,
  { isSource, family }: { readonly isSource: boolean; readonly family: 4 | 6 },
): Field[] | undefined {
  if (kind === 'ip' || kind === 'net') return [{ kind: 'address', side: isSource ? 'source' : 'destination', family }]
  if (kind === 'iface') return [{ kind: 'interface', side: isSource ? 'in' : 'out' }]
  if (kind !== 'port') return undefined
  return [
    { kind: 'protocol', family: undefined },
    { kind: 'port', side: isSource ? 'sourcePort' : 'destinationPort', protocol: undefined },
  ]
}

/** A port stands behind its protocol, which is TCP where none is written. */
function keysOf(kind: string | undefined, part: string): string[] {
  if (kind !== 'port') return [part]
  const [, protocol = 'tcp', port = part] = /^([^:]+):(.*)$/.exec(part) ?? []
  return [protocol, port]
}
