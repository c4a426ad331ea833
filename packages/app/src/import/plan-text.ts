import { formatPath, type Path } from '@natplan/core'
import { Document, isMap, isScalar, isSeq, type Node, type Pair, YAMLMap } from 'yaml'
import type { Imported, Reason } from './imported.ts'

/** The plan file that says what was imported; with `explains`, each value has a comment with what it was concluded from. */
export function planText({ network, reasons }: Imported, { explains }: { readonly explains: boolean }): string {
  const document = new Document({ version: 1, ...network })
  flowShort(document.contents)
  if (explains) for (const reason of reasons) comment(document, reason)
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** A list of plain values that fits on a line stands on one, when nothing is to be said of them. */
export function flowShort(node: unknown): void {
  if (isSeq(node)) {
    for (const item of node.items) flowShort(item)
    if (node.items.every(isScalar) && String(node.toJSON()).length < 100) node.flow = true
  } else if (isMap(node)) {
    for (const { value } of node.items) flowShort(value)
  }
}

export function comment(document: Document, { path, text, file, line }: Reason): void {
  const said = ` ${text} (${line === undefined ? file : `${file}:${line}`})`
  const node = nodeAt(document, path)
  if (!node) throw new Error(`a reason for ${formatPath(path)}, which is not in the plan`)
  const list = document.getIn(path.slice(0, -1), true)
  if (isSeq(list)) list.flow = false
  if (isScalar(node)) node.comment = joined(node.comment, said)
  else node.commentBefore = joined(node.commentBefore, said)
}

function joined(before: string | null | undefined, text: string): string {
  return before ? `${before};${text}` : text
}

/** The value at a path; a comment before a map in a map belongs to its key. */
function nodeAt(document: Document, path: Path): Node | undefined {
  const above = document.getIn(path.slice(0, -1), true)
  const value = document.getIn(path, true)
  if (above instanceof YAMLMap && (isMap(value) || isSeq(value))) {
    const pair = above.items.find(({ key }: Pair<unknown, unknown>) => isScalar(key) && key.value === path.at(-1))
    return pair?.key as Node | undefined
  }
  return (value ?? undefined) as Node | undefined
}
