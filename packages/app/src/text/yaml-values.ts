import { type Finding, findingOf, type Place, quoted } from '@natplan/core'
import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { limits } from '../limits.ts'
import type { Position } from './documents.ts'

/** Which document is read, and where an offset is in its text. */
export interface Source {
  readonly source: Place['source']
  readonly at: (offset: number) => Position
}

interface Anchored {
  readonly node: Node
  /** Undefined while the reader is inside of it. */
  value?: { readonly is: unknown; readonly size: number }
}

/**
 * Makes values of the nodes of a YAML text: aliases share the value of their anchor, `<<` merges. Keys twice, aliases of nothing or of
 * what they stand in, merges of what is not a mapping, and aliases that multiply are findings.
 */
export class YamlValues {
  readonly findings: Finding[] = []
  /** What each alias stands for. */
  readonly targets = new Map<Alias, Node>()
  readonly #anchors = new Map<string, Anchored>()
  readonly #source: Source
  /** Where the reader is. */
  readonly #path: (string | number)[] = []
  #size = 0

  constructor(source: Source) {
    this.#source = source
  }

  /** The value of a document's contents. */
  read(node: unknown): unknown {
    const value = this.#valueOf(node)
    if (this.#size > limits.aliasedValues.most) this.findings.push(this.#tooMuch())
    return value
  }

  #valueOf(node: unknown): unknown {
    if (isAlias(node)) return this.#aliased(node)
    this.#size++
    if (isPair(node)) return this.#mapping([node])
    if (!isScalar(node) && !isCollection(node)) return null
    const before = this.#size
    const anchored: Anchored = { node }
    if (node.anchor) this.#anchors.set(node.anchor, anchored)
    const is = isScalar(node) ? plain(node) : this.#collected(node)
    if (node.anchor) anchored.value = { is, size: this.#size - before + 1 }
    return is
  }

  #valueAt(step: string | number, node: unknown): unknown {
    this.#path.push(step)
    const value = this.#valueOf(node)
    this.#path.pop()
    return value
  }

  #collected(node: Node): unknown {
    if (isMap(node)) return this.#mapping(node.items)
    return isCollection(node) ? node.items.map((item, index) => this.#valueAt(index, item)) : null
  }

  #aliased(alias: Alias): unknown {
    const anchored = this.#anchors.get(alias.source)
    const { value } = anchored ?? {}
    if (!anchored || !value) {
      const message = anchored
        ? `the alias *${alias.source} stands inside of what it is an alias of`
        : `the alias *${alias.source} stands for nothing: no &${alias.source} is in front of it`
      this.#find('YAML_REFERENCE', alias, { message, hint: 'write out what is meant' })
      return undefined
    }
    this.targets.set(alias, anchored.node)
    this.#size += value.size
    return value.is
  }

  #mapping(pairs: readonly Pair[]): Record<string, unknown> {
    const mapping: Record<string, unknown> = {}
    const seen = new Map<string, Node>()
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) this.#merge(mapping, value)
      else if (!isScalar(key)) this.#find('KEY_UNKNOWN', key, { message: 'a list or a mapping cannot be a key' })
      else this.#put(mapping, { key, name: keyText(key.value), value: this.#valueAt(keyText(key.value), value), seen })
    }
    return mapping
  }

  #put(
    mapping: Record<string, unknown>,
    { key, name, value, seen }: { key: Node; name: string; value: unknown; seen: Map<string, Node> },
  ): void {
    const first = seen.get(name)
    if (first) {
      const place = (node: Node) => ({ ...this.#place(node), path: [...this.#path, name], isKey: true })
      this.findings.push(
        findingOf('KEY_DUPLICATE', place(key), {
          message: `the key ${quoted(name)} is written twice`,
          hint: 'remove one of the two',
          related: [{ place: place(first), message: 'it is here already' }],
        }),
      )
    } else if (name === '__proto__') {
      // JavaScript gives this key a meaning of its own, so what stands under it would be lost on the way.
      this.#find('KEY_UNKNOWN', key, { message: 'the key "__proto__" cannot be used', hint: 'choose another name' })
    } else {
      mapping[name] = value
    }
    seen.set(name, key)
  }

  /** What is there already stays, whether written or merged. */
  #merge(mapping: Record<string, unknown>, node: unknown): void {
    const value = this.#valueOf(node)
    for (const source of Array.isArray(value) ? value : [value]) {
      if (source === undefined) continue
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        const hint = 'write <<: *NAME, where &NAME comes before a mapping'
        this.#find('YAML_REFERENCE', node, { message: 'what << merges is not a mapping', hint })
        return
      }
      for (const [name, one] of Object.entries(source)) if (!Object.hasOwn(mapping, name)) mapping[name] = one
    }
  }

  #find(code: Finding['code'], node: unknown, remark: Parameters<typeof findingOf>[2]): void {
    this.findings.push(findingOf(code, this.#place(node), remark))
  }

  #place(node: unknown): Place {
    const offset = (node as Node | null)?.range?.[0] ?? 0
    return { source: this.#source.source, path: [], ...this.#source.at(offset) }
  }

  #tooMuch(): Finding {
    const { most } = limits.aliasedValues
    return findingOf(
      'YAML_ALIASES',
      { source: this.#source.source, path: [] },
      {
        message: `with its aliases written out, the file has more than ${most} values`,
        hint: 'write the repeated part out, or use fewer aliases inside anchors',
      },
    )
  }
}

/** The parser turns the merge key into a symbol. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol'
}

/** The text instead of the bytes or the date that a tag makes of it. */
function plain({ value, source }: Scalar): unknown {
  return typeof value === 'object' && value !== null ? source : value
}

function keyText(value: unknown): string {
  return value === null ? '' : String(value)
}

const pairIndexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

/** The pairs of a mapping by their keys; that of a merge is `<<`. */
export function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairIndexes.get(map)
  if (known) return known
  const nameOf = ({ key }: Pair) => (isMergeKey(key) ? '<<' : isScalar(key) ? keyText(key.value) : '')
  const index = new Map(map.items.map((pair) => [nameOf(pair), pair]))
  pairIndexes.set(map, index)
  return index
}
