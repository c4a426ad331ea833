import type { ConfigNode } from '../config-tree.ts'

export function inForce(node: ConfigNode): boolean {
  return node.at('disable') === undefined
}

/** The nodes below one that are not switched off. */
export function entriesInForce(node: ConfigNode | undefined): ConfigNode[] {
  return (node?.children() ?? []).map(([, child]) => child).filter(inForce)
}
