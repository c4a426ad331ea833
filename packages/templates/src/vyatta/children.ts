/**
 * What stands below a node by name, in the order in which it came. Most nodes have nothing or one below them, some a few, for which a list takes a
 * third of the time and memory of a table. It belongs to the node that holds it: what is put in or taken away may change it in place.
 */
export type Children<T extends Named> = undefined | T | T[] | Map<string, T>

interface Named {
  readonly name: string
}

/** Up to so many are looked through. */
const few = 8

export function childNamed<T extends Named>(children: Children<T>, name: string): T | undefined {
  if (children === undefined) return undefined
  if (children instanceof Map) return children.get(name)
  if (!Array.isArray(children)) return children.name === name ? children : undefined
  for (const child of children) if (child.name === name) return child
  return undefined
}

/** With one more, or with another one of that name in its place. */
export function withChild<T extends Named>(children: Children<T>, child: T): Children<T> {
  if (children === undefined) return child
  if (children instanceof Map) return children.set(child.name, child)
  const list = Array.isArray(children) ? children : [children]
  const there = list.findIndex(({ name }) => name === child.name)
  if (there >= 0) return list.with(there, child)
  if (list.length === few) return new Map([...list, child].map((one) => [one.name, one]))
  list.push(child)
  return list
}

export function withoutChild<T extends Named>(children: Children<T>, name: string): Children<T> {
  if (children instanceof Map) {
    children.delete(name)
    return children
  }
  const left = listOf(children).filter((child) => child.name !== name)
  return left.length === 0 ? undefined : left
}

/** What is made of each, which has the same name. */
export function mapped<T extends Named>(children: Children<T>, change: (child: T) => T): Children<T> {
  if (children === undefined) return undefined
  if (children instanceof Map) return new Map(listOf(children).map((child) => [child.name, change(child)]))
  return Array.isArray(children) ? children.map(change) : change(children)
}

export function listOf<T extends Named>(children: Children<T>): readonly T[] {
  if (children === undefined) return []
  if (children instanceof Map) return [...children.values()]
  return Array.isArray(children) ? children : [children]
}
