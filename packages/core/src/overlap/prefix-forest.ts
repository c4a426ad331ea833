import { Prefix } from '../address/prefix.ts'

/** A distinct prefix with everything that was filed under it. */
export interface PrefixNode<T> {
  readonly prefix: Prefix
  readonly values: readonly T[]
  /** The nearest node whose prefix contains this one. */
  readonly parent: PrefixNode<T> | undefined
  /** The position among the sorted nodes; the nodes inside this one are those from `index + 1` up to `end`. */
  readonly index: number
  readonly end: number
}

/**
 * Values filed under prefixes, so that what overlaps a prefix is found by walking up and down instead of comparing all pairs.
 * Aligned blocks nest or lie apart, so sorted prefixes form a forest that one sweep with a stack finds: O(n log n).
 */
export class PrefixForest<T> {
  /** Sorted by `Prefix.compare`: every node stands before the nodes inside it. */
  readonly nodes: readonly PrefixNode<T>[]

  constructor(values: Iterable<T>, prefixOf: (value: T) => Prefix) {
    const sorted = [...values].sort((a, b) => Prefix.compare(prefixOf(a), prefixOf(b)))
    this.nodes = nest(groupEqual(sorted, prefixOf))
  }

  /** The nodes whose prefix contains this node's, nearest first. */
  *around(node: PrefixNode<T>): Generator<PrefixNode<T>> {
    for (let outer = node.parent; outer; outer = outer.parent) yield outer
  }

  /** The nodes whose prefix lies inside this node's, in order. */
  within(node: PrefixNode<T>): readonly PrefixNode<T>[] {
    return this.nodes.slice(node.index + 1, node.end)
  }

  /** Everything filed under a prefix that shares addresses with this node's: the node's own values first. */
  *overlapping(node: PrefixNode<T>): Generator<T> {
    yield* node.values
    for (const outer of this.around(node)) yield* outer.values
    for (const inner of this.within(node)) yield* inner.values
  }
}

function groupEqual<T>(sorted: readonly T[], prefixOf: (value: T) => Prefix): { prefix: Prefix; values: T[] }[] {
  const groups: { prefix: Prefix; values: T[] }[] = []
  for (const value of sorted) {
    const prefix = prefixOf(value)
    const group = groups.at(-1)
    if (group?.prefix.equals(prefix)) group.values.push(value)
    else groups.push({ prefix, values: [value] })
  }
  return groups
}

function nest<T>(groups: readonly { prefix: Prefix; values: T[] }[]): PrefixNode<T>[] {
  type Open = { -readonly [Key in keyof PrefixNode<T>]: PrefixNode<T>[Key] }
  const nodes: Open[] = []
  const enclosing: Open[] = []
  for (const [index, { prefix, values }] of groups.entries()) {
    while (enclosing.length > 0 && !enclosing.at(-1)?.prefix.contains(prefix)) {
      const closed = enclosing.pop()
      if (closed) closed.end = index
    }
    const node: Open = { prefix, values, parent: enclosing.at(-1), index, end: groups.length }
    nodes.push(node)
    enclosing.push(node)
  }
  return nodes
}
