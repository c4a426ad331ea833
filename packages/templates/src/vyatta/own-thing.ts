import { ownDescription } from '@natplan/core'
import type { OwnKind } from '../difference.ts'
import type { ConfigNode } from './config-tree.ts'

/**
 * One thing on a device that natplan made, or would make: a subtree that is compared, set and deleted as a whole, but for the leaves of
 * others where `leaves` says which are natplan's.
 */
export interface OwnThing {
  readonly kind: Exclude<OwnKind, 'setting' | 'file'>
  readonly name: string
  readonly path: readonly string[]
  readonly leaves?: readonly (readonly string[])[]
}

export function isOwnText(description: string | undefined): boolean {
  return description?.startsWith(ownDescription) ?? false
}

export function below(root: ConfigNode, path: readonly string[]): readonly [string, ConfigNode][] {
  return root.children(...path)
}
