/**
 * What stands below a node by name, in the order in which it came. Most nodes have nothing or one below them, some a few, for which a list takes a
 * third of the time and memory of a table. It belongs to the node that holds it: what is put in or taken away may change it in place.
 */
export type Children<T> = undefined | Child<T> | Child<T>[] | Map<string, T>

interface Child<T> {
  readonly name: string
  node: T
}

/** Up to so many are looked through. */
const few = 8

export function childNamed<T>(children: Children<T>, name: string): T | undefined {
  if (children === undefined) return undefined
  if (children instanceof Map) return children.get(name)
  if (!Array.isArray(children)) return children.name === name ? children.node : undefined
  for (const child of children) if (child.name === name) return child.node
  return undefined
}

/** With one more, or with another one of that name in its place. */
export function withChild<T>(children: Children<T>, name: string, node: T): Children<T> {
  if (children === undefined) return { name, node }
  if (children instanceof Map) return children.set(name, node)
  const list = Array.isArray(children) ? children : [children]
  const there = list.find((child) => child.name === name)
  if (there) there.node = node
  else if (list.length < few) list.push({ name, node })
  else return new Map(listOf<T>(list)).set(name, node)
  return children === there ? children : list
}

export function withoutChild<T>(children: Children<T>, name: string): Children<T> {
  if (children === undefined) return undefined
  if (children instanceof Map) {
    children.delete(name)
    return children
  }
  const left = (Array.isArray(children) ? children : [children]).filter((child) => child.name !== name)
  return left.length === 0 ? undefined : left
}

/** The same names, with what is made of each. */
export function mapped<T>(children: Children<T>, change: (node: T) => T): Children<T> {
  const made = ({ name, node }: Child<T>): Child<T> => ({ name, node: change(node) })
  if (children === undefined) return undefined
  if (children instanceof Map) return new Map(listOf(children).map(([name, node]) => [name, change(node)]))
  return Array.isArray(children) ? children.map(made) : made(children)
}

export function countOf(children: Children<unknown>): number {
  if (children === undefined) return 0
  if (children instanceof Map) return children.size
  return Array.isArray(children) ? children.length : 1
}

export function listOf<T>(children: Children<T>): [name: string, node: T][] {
  if (children === undefined) return []
  if (children instanceof Map) return [...children]
  return Array.isArray(children) ? children.map(({ name, node }) => [name, node]) : [[children.name, children.node]]
}
