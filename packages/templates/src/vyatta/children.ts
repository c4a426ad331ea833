import { compareNatural } from './natural-order.ts'

/**
 * What stands below a node by name, in the order in which it came. Most nodes have nothing or one below them, some a few, for which a list takes a
 * third of the time and memory of a table. A longer list is in natural order, as devices print theirs: whether a name is new is told by the last one.
 * It belongs to the node that holds it: what is put in or taken away may change it in place.
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
  if (children.length > few) return inOrder(children, name)
  for (const child of children) if (child.name === name) return child
  return undefined
}

function inOrder<T extends Named>(list: readonly T[], name: string): T | undefined {
  let low = 0
  let high = list.length - 1
  // Mostly the name comes behind all, or it is the last one.
  for (let middle = high; low <= high; middle = (low + high) >>> 1) {
    const child = list[middle] as T
    const order = compareNatural(child.name, name)
    if (order === 0) return child
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** Whether one of that name can be put behind a long list without looking for it. */
export function isBehind<T extends Named>(children: Children<T>, name: string): children is T[] {
  const isLong = Array.isArray(children) && children.length > few
  return isLong && compareNatural((children[children.length - 1] as T).name, name) < 0
}

/** The same, made ready for names that are met again: in a long list they would be looked for one by one. */
export function indexed<T extends Named>(children: Children<T>, name: string): Children<T> {
  const isLong = Array.isArray(children) && children.length > few
  return isLong && children.at(-1)?.name !== name ? tableOf(children) : children
}

/** With one more, or with another one of that name in its place. */
export function withChild<T extends Named>(children: Children<T>, child: T): Children<T> {
  if (children === undefined) return child
  if (children instanceof Map) return children.set(child.name, child)
  const list = Array.isArray(children) ? children : [children]
  if (list.length < few) {
    const there = list.findIndex(({ name }) => name === child.name)
    if (there >= 0) return list.with(there, child)
  } else if (!staysOrdered(list, child)) {
    return tableOf(list).set(child.name, child)
  }
  list.push(child)
  return list
}

/** Whether a list is in natural order with one more; a long one is without. */
function staysOrdered(list: readonly Named[], child: Named): boolean {
  if (list.length > few) return comesBehind(list.at(-1), child)
  return [...list, child].every((one, index) => index === 0 || comesBehind(list[index - 1], one))
}

function comesBehind(one: Named | undefined, other: Named): boolean {
  return one === undefined || compareNatural(one.name, other.name) < 0
}

function tableOf<T extends Named>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((one) => [one.name, one]))
}

export function withoutChild<T extends Named>(children: Children<T>, name: string): Children<T> {
  const isLong = Array.isArray(children) && children.length > few
  const table = isLong ? tableOf(children) : children
  if (table instanceof Map) {
    table.delete(name)
    return table
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

/** The one that came last. */
export function lastOf<T extends Named>(children: Children<T>): T | undefined {
  if (children instanceof Map) return listOf(children).at(-1)
  return Array.isArray(children) ? children[children.length - 1] : children
}

/** In order; nobody may change it, and who changes the children must not go through it meanwhile. */
export function listOf<T extends Named>(children: Children<T>): readonly T[] {
  if (children === undefined) return []
  if (children instanceof Map) return [...children.values()]
  return Array.isArray(children) ? children : [children]
}
