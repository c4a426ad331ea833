import type { GrammarNode, Kind, ValueTest } from '../table.ts'

/** A node of a vendor's grammar while it is read, and those below it. */
export class Schema {
  kind: Kind = 'node'
  is: ValueTest | undefined
  readonly needs: string[][] = []
  readonly below = new Map<string, Schema>()

  at(name: string): Schema {
    const known = this.below.get(name)
    if (known) return known
    const made = new Schema()
    this.below.set(name, made)
    return made
  }

  /** Several files say parts of the same node. */
  absorb(other: Schema): void {
    if (other.kind !== 'node') this.kind = other.kind
    this.is ??= other.is
    this.needs.push(...other.needs)
    for (const [name, child] of other.below) this.at(name).absorb(child)
  }
}

/**
 * The nodes of a scope, in the order of their paths. A line of a scope is a path in which `*` is any one name; behind `**` all is taken.
 */
export function nodesOf(root: Schema, scope: readonly string[]): Record<string, GrammarNode> {
  const wanted = scope.map((line) => line.split(' '))
  const found: [string, GrammarNode][] = []
  const visit = (schema: Schema, path: readonly string[]): void => {
    for (const [name, child] of schema.below) {
      const here = [...path, name]
      if (!wanted.some((pattern) => leadsTo(pattern, here))) continue
      found.push([here.join(' '), recordOf(child)])
      visit(child, here)
    }
  }
  visit(root, [])
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function leadsTo(pattern: readonly string[], path: readonly string[]): boolean {
  const open = pattern.indexOf('**')
  if (open < 0 && path.length > pattern.length) return false
  return path.every((name, at) => (open >= 0 && at >= open) || pattern[at] === '*' || pattern[at] === name)
}

function recordOf({ kind, is, needs }: Schema): GrammarNode {
  return { kind, ...(is === undefined ? {} : { is }), ...(needs.length > 0 ? { needs } : {}) }
}

/** All of several tests, as few as they are. */
export function allOf(tests: readonly ValueTest[]): ValueTest | undefined {
  const unique = [...new Map(tests.map((test) => [JSON.stringify(test), test])).values()]
  return unique.length > 1 ? { all: unique } : unique[0]
}

export function anyOf(tests: readonly ValueTest[]): ValueTest | undefined {
  const unique = [...new Map(tests.map((test) => [JSON.stringify(test), test])).values()]
  return unique.length > 1 ? { any: unique } : unique[0]
}
