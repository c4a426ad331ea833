/**
 * What stands below a node by name, in the order in which it came. Most nodes have one or two below them, for which a list takes a third of the time
 * and memory of a table.
 */
export type Children<T> = readonly Child<T>[] | Map<string, T>

type Child<T> = [name: string, node: T]

/** Up to so many are looked through. */
const few = 8

export function childNamed<T>(children: Children<T>, name: string): T | undefined {
  if (children instanceof Map) return children.get(name)
  for (const child of children) if (child[0] === name) return child[1]
  return undefined
}

/** With one more, or with another one of that name in its place. */
export function withChild<T>(children: Children<T>, name: string, node: T): Children<T> {
  if (children instanceof Map) return children.set(name, node)
  const at = children.findIndex((child) => child[0] === name)
  if (at >= 0) return children.with(at, [name, node])
  return children.length < few ? [...children, [name, node]] : new Map(children).set(name, node)
}

export function withoutChild<T>(children: Children<T>, name: string): Children<T> {
  if (!(children instanceof Map)) return children.filter((child) => child[0] !== name)
  children.delete(name)
  return children
}

/** The same names, with what is made of each. */
export function mapped<T>(children: Children<T>, change: (node: T) => T): Children<T> {
  const changed = listOf(children).map(([name, node]): Child<T> => [name, change(node)])
  return children instanceof Map ? new Map(changed) : changed
}

export function listOf<T>(children: Children<T>): readonly Child<T>[] {
  return children instanceof Map ? [...children] : children
}
