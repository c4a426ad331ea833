import { everyAddress, type PacketMatch, type Range, RangeSet } from '@natplan/core'
import { meet, mostWays } from '../netfilter/meet.ts'
import { addressRange, portRange, protocolRange } from '../words.ts'

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
  matches(name: string, sides: readonly string[], isNegated: boolean, depth = 0): PacketMatch[] | undefined {
    const set = this.#sets.get(name)
    if (!set || set.isOpen || !sides.every((side) => side === 'src' || side === 'dst')) return undefined
    if (set.type === 'list:set') return isNegated || depth > 2 ? undefined : this.#listed(set, sides, depth)
    const kinds = set.type.replace(/^\w+:/, '').split(',')
    if (kinds.length > sides.length) return undefined
    return kinds.length === 1
      ? simple(set, kinds[0] ?? '', { side: sides[0] ?? '', isNegated })
      : joined(set, kinds, { sides, isNegated })
  }

  #listed(set: Ipset, sides: readonly string[], depth: number): PacketMatch[] | undefined {
    const all = set.members.map((name) => this.matches(name, sides, false, depth + 1))
    return all.every((one) => one !== undefined) ? all.flat() : undefined
  }
}

interface Asked {
  readonly side: string
  readonly isNegated: boolean
}

function simple(set: Ipset, kind: string, { side, isNegated }: Asked): PacketMatch[] | undefined {
  const found = fieldOf(kind, side)
  const members = found && rangesOf(set.members, found.rangeOf)
  const excluded = found && rangesOf(set.excluded, found.rangeOf)
  if (!members || !excluded || (found.isPort && isNegated)) return undefined
  // The longest prefix that takes an address decides.
  if (set.excluded.length > 0 && members.ranges.some((range) => excluded.covers(range))) return undefined
  const own = members.subtract(excluded)
  const all = found.isPort ? { first: 0, last: 65_535 } : everyAddress(set.family)
  return [{ [found.field]: isNegated ? own.complementIn(all) : own }]
}

/** Several fields at once: `10.0.0.1,tcp:80`. */
function joined(
  set: Ipset,
  kinds: readonly string[],
  { sides, isNegated }: { readonly sides: readonly string[]; readonly isNegated: boolean },
): PacketMatch[] | undefined {
  if (isNegated || set.excluded.length > 0 || set.members.length > mostWays) return undefined
  const all = set.members.map((member) => {
    const parts = member.split(',')
    return parts.length === kinds.length ? kinds.map((kind, at) => partOf(kind, parts[at] ?? '', sides[at] ?? '')) : []
  })
  const matches = all.map((parts) =>
    parts.length === 0 || parts.includes(undefined)
      ? undefined
      : parts.reduce((one, other) => one && other && meet(one, other), {}),
  )
  return matches.every((one) => one !== undefined) ? matches : undefined
}

function partOf(kind: string, text: string, side: string): PacketMatch | undefined {
  const found = fieldOf(kind, side)
  if (!found) return undefined
  const [, protocol = 'tcp', value = text] = (found.isPort && /^([^:]+):(.*)$/.exec(text)) || []
  const range = found.rangeOf(value)
  const number = found.isPort ? protocolRange(protocol) : undefined
  if (!range || (found.isPort && !number)) return undefined
  return { [found.field]: RangeSet.of([range]), ...(number ? { protocol: RangeSet.of([number]) } : {}) }
}

function fieldOf(kind: string, side: string) {
  const isSource = side === 'src'
  if (kind === 'ip' || kind === 'net')
    return { field: isSource ? 'source' : 'destination', rangeOf: addressRange, isPort: false } as const
  if (kind !== 'port') return undefined
  return { field: isSource ? 'sourcePort' : 'destinationPort', rangeOf: portRange, isPort: true } as const
}

function rangesOf(texts: readonly string[], rangeOf: (text: string) => Range | undefined): RangeSet | undefined {
  const ranges = texts.map(rangeOf)
  return ranges.every((range) => range !== undefined) ? RangeSet.of(ranges) : undefined
}
