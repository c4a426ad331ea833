import { formatPath, type Path } from '@natplan/core'
import { Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import { forPeople } from '../text/for-people.ts'
import type { Imported, Reason } from './imported.ts'

/** The plan file that says what was imported; with `explains`, each value has a comment with what it was concluded from. */
export function planText({ network, reasons }: Imported, { explains }: { readonly explains: boolean }): string {
  const document = new Document({ version: 1, ...network }, { aliasDuplicateObjects: false })
  flowShort(document.contents)
  const places = new Places(document)
  if (explains) for (const reason of reasons) comment(places, reason)
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

export function comment(places: Places, { path, text, file, line }: Reason): void {
  const said = ` ${forPeople(`${text} (${line === undefined ? file : `${file}:${line}`})`)}`
  const node = places.commented(path)
  if (!node) throw new Error(`a reason for ${formatPath(path)}, which is not in the plan`)
  const list = places.at(path.slice(0, -1))
  const value = places.at(path)
  for (const one of [list, value]) if (isSeq(one)) one.flow = false
  if (isScalar(node)) node.comment = joined(node.comment, said)
  else node.commentBefore = joined(node.commentBefore, said)
}

function joined(before: string | null | undefined, text: string): string {
  return before ? `${before};${text}` : text
}

/** Finds values by their paths, also in maps of ten thousand keys; the document must stay as it is meanwhile. */
export class Places {
  readonly #document: Document
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>()

  constructor(document: Document) {
    this.#document = document
  }

  at(path: Path): unknown {
    return path.reduce((node: unknown, key) => this.#child(node, key), this.#document.contents)
  }

  /** What a comment on a value is put to; before a map in a map that is its key. */
  commented(path: Path): Node | undefined {
    const above = this.at(path.slice(0, -1))
    const value = this.at(path)
    if (isMap(above) && !isScalar(value)) return this.#pairsOf(above).get(path.at(-1))?.key as Node | undefined
    return (value ?? undefined) as Node | undefined
  }

  #child(node: unknown, key: Path[number]): unknown {
    if (isMap(node)) return this.#pairsOf(node).get(key)?.value
    return isSeq(node) ? node.items[Number(key)] : undefined
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<unknown, Pair> {
    const known = this.#pairs.get(map)
    if (known) return known
    const pairs = new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : pair.key, pair]))
    this.#pairs.set(map, pairs)
    return pairs
  }
}
