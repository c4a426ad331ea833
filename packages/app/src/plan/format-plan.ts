import { keyOrder, type Path, Prefix } from '@natplan/core'
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

/** So long is a list that stands on one line. */
const lineLength = 100

/**
 * A plan file in its one form: keys in the order of the reference, prefixes as natplan writes them, short lists on a line, a blank line before each
 * part and each site of several lines. Comments stay with what they are written at; what the file says stays the same.
 */
export function formattedPlan(text: string): string {
  if (/^\s*\{/.test(text)) {
    const json = formattedJson(text)
    if (json !== undefined) return json
  }
  const document = parseDocument(text, { uniqueKeys: false })
  // A key that goes up could leave the anchor behind that its value refers to.
  const ordered = !/(^|[\s[{,])[&*][^\s,\]}]/m.test(text)
  keepHead(document)
  format(document.contents, { path: [], ordered })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

interface At {
  readonly path: Path
  readonly ordered: boolean
}

function format(node: unknown, at: At): void {
  if (isMap(node)) formatMapping(node, at)
  else if (isSeq(node)) formatList(node, at)
  else if (isScalar(node) && typeof node.value === 'string') node.value = canonical(node.value)
}

function formatMapping(map: YAMLMap, { path, ordered }: At): void {
  keepComment(map)
  for (const pair of map.items) {
    if (isScalar(pair.key)) format(pair.value, { path: [...path, String(pair.key.value)], ordered })
  }
  const order = keyOrder(path)
  if (ordered && order.length > 0) sortBy(map.items, (pair) => rank(pair, order))
  if (path.length === 0 || (path.length === 1 && path[0] === 'sites')) separate(map)
}

/** What stands above the first key is about the file, but for a paragraph of its own right above it. */
function keepHead(document: Document): void {
  const key = isMap(document.contents) ? document.contents.items[0]?.key : undefined
  if (!isNode(key) || !key.commentBefore) return
  const paragraphs = key.commentBefore.split(/\n\s*\n/)
  key.commentBefore = paragraphs.length > 1 ? (paragraphs.pop() ?? null) : null
  document.commentBefore = [document.commentBefore, ...paragraphs].filter(Boolean).join('\n\n')
}

/** In YAML it is one in front of the whole mapping; the one in front of the first key belongs to it, wherever it goes. */
function keepComment(map: YAMLMap): void {
  const key = map.items[0]?.key
  if (!map.commentBefore || map.flow || !isNode(key)) return
  key.commentBefore = [map.commentBefore, key.commentBefore].filter(Boolean).join('\n')
  map.commentBefore = null
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value)
}

/** Keys of people themselves first, since others may refer to them; those that are not known last. */
function rank({ key }: Pair, order: readonly string[]): number {
  const name = isScalar(key) ? String(key.value) : ''
  if (name === '<<' || name.startsWith('x-')) return -1
  const place = order.indexOf(name)
  return place < 0 ? order.length : place
}

function sortBy<T>(items: T[], rankOf: (item: T) => number): void {
  items.sort((a, b) => rankOf(a) - rankOf(b))
}

function separate({ items, flow }: YAMLMap): void {
  if (flow) return
  for (const [index, { key, value }] of items.entries()) {
    if (!isNode(key)) continue
    const before = items[index - 1]?.value
    key.spaceBefore = index > 0 && (isLong(value) || isLong(before))
  }
}

function isLong(value: unknown): boolean {
  return (isMap(value) || isSeq(value)) && !value.flow && value.items.length > 0
}

function formatList(list: YAMLSeq, { path, ordered }: At): void {
  for (const [index, item] of list.items.entries()) format(item, { path: [...path, index], ordered })
  if (list.items.length === 0 || !list.items.every(isScalar) || list.items.some(hasComment) || list.comment) return
  list.flow = list.items.map(({ value }) => String(value)).join(', ').length < lineLength
}

function hasComment({ comment, commentBefore }: Node): boolean {
  return Boolean(comment) || Boolean(commentBefore)
}

/** IPv6 has many spellings. */
function canonical(text: string): string {
  return text.includes(':') && text.includes('/') ? (Prefix.tryParse(text)?.toString() ?? text) : text
}

function formattedJson(text: string): string | undefined {
  try {
    return `${JSON.stringify(inOrder(JSON.parse(text), []), null, 2)}\n`
  } catch {
    return undefined
  }
}

function inOrder(value: unknown, path: Path): unknown {
  if (typeof value === 'string') return canonical(value)
  if (Array.isArray(value)) return value.map((item, index) => inOrder(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const order = keyOrder(path)
  const entries = Object.entries(value).map(([key, inner]) => [key, inOrder(inner, [...path, key])] as const)
  const placeOf = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
  if (order.length > 0) sortBy(entries, ([key]) => (key.startsWith('x-') ? -1 : placeOf(key)))
  return Object.fromEntries(entries)
}
