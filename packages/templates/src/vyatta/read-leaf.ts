import type { ConfigNode } from './config-tree.ts'

/** The value of a leaf that has one: the last that was given, as on the device, which forgets those before it. Marks them all as read. */
export function readLeaf(node: ConfigNode | undefined, ...path: readonly string[]): string | undefined {
  const leaf = node?.at(...path)
  if (!leaf) return undefined
  leaf.markRead()
  for (const value of leaf.nodes) value.markRead()
  return leaf.peek()
}

/** The value of a leaf, which stays unread; those that it replaced do not. */
export function peekLeaf(node: ConfigNode | undefined, ...path: readonly string[]): string | undefined {
  const values = node?.at(...path)?.nodes ?? []
  for (const value of values.slice(0, -1)) value.markRead()
  return values.at(-1)?.name
}
