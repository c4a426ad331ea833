import schema from '../../../../schema/natplan.schema.json'

/** Where in a plan file somebody is, and what of the words there is typed already. */
export interface Place {
  /** Keys from the top; `*` stands for an item of a list. */
  readonly path: readonly string[]
  /** The letters in front of the place, which begin what is written there. */
  readonly typed: string
  /** A value is written there, not a key. */
  readonly isValue: boolean
}

/** Something that can be written at a place. */
interface Offer {
  readonly text: string
  readonly about: string
}

/** What can stand at a place. */
export interface PlaceHelp {
  readonly place: Place
  /** What the thing is that is written here. */
  readonly about: string
  readonly offers: readonly Offer[]
  /** The place, as letters of the text before it. */
  readonly at: number
  readonly word: WordHelp | undefined
}

/** A word of a plan file: a key or a value. */
export interface WordHelp {
  readonly from: number
  readonly to: number
  /** Keys from the top, the own one too; `*` stands for an item of a list. */
  readonly path: readonly string[]
  /** What the schema says of it. */
  readonly about: string
}

/** What the schema of the plan file says of a place in a text. */
export function helpAt(text: string, at: number): PlaceHelp {
  const place = placeAt(text, at)
  const here = place.path.reduce(below, [schema as Node])
  const offers = place.isValue ? here.flatMap(valuesOf) : here.flatMap(keysOf)
  const begun = offers.filter((offer) => offer.text.startsWith(place.typed) && offer.text !== place.typed)
  return {
    place,
    about: here.find(({ description }) => description !== undefined)?.description ?? '',
    offers: once(begun),
    at,
    word: wordAt(text, at),
  }
}

/** The key or the value that stands at a place; `undefined` beside all words, in comments, and where the schema says nothing. */
export function wordAt(text: string, at: number): WordHelp | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const [line = ''] = text.slice(start).split('\n', 1)
  const comment = /(?:^|\s)#/.exec(line)?.index ?? line.length
  for (const { index, 0: found } of line.slice(0, comment).matchAll(/[^\s,[\]{}"']*[^\s,[\]{}"':-]/g)) {
    const [from, to] = [start + index, start + index + found.length]
    if (at < from || at > to) continue
    const { path } = placeAt(text, from)
    const isKey = /^["']?:(?:\s|$)/.test(text.slice(to, to + 3))
    const own = isKey ? [...path, found] : path
    const about = aboutPath(own)
    return about === '' ? undefined : { from, to, path: own, about }
  }
  return undefined
}

/** What the last of some keys is; an item is what its list says, unless it says more itself. */
function aboutPath(path: readonly string[]): string {
  const own = path
    .reduce(below, [schema as Node])
    .map(aboutOf)
    .find((about) => about !== '')
  return own ?? (path.at(-1) === '*' ? aboutPath(path.slice(0, -1)) : '')
}

/** By how far lines are moved in, and by braces on the line; it need not be good YAML yet. */
export function placeAt(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n')
  const line = before.pop() ?? ''
  const own = lineOf(line)
  const path = [...keysAbove(before, own.indent), ...'*'.repeat(own.dashes).split('')]
  const { inner, rest, isList } = flowIn(own.rest)
  const [, key, value] = /^\s*"?([\w.-]+)"?:(?:\s+(.*))?$/.exec(rest) ?? []
  if (key === undefined || value === undefined)
    return { path: [...path, ...inner], typed: rest.trim(), isValue: isList }
  return { path: [...path, ...inner, key], typed: value, isValue: true }
}

interface Line {
  /** Where its first key begins, behind the dashes of lists. */
  readonly indent: number
  readonly dashes: number
  readonly rest: string
}

function lineOf(line: string): Line {
  const [start = '', dashes = ''] = /^\s*((?:- +)*)/.exec(line) ?? []
  return { indent: start.length, dashes: dashes.split('-').length - 1, rest: line.slice(start.length) }
}

function keysAbove(lines: readonly string[], from: number): string[] {
  const keys: string[] = []
  let indent = from
  for (const line of lines.toReversed()) {
    const { indent: own, dashes, rest } = lineOf(line)
    const [, key] = /^"?([\w.-]+)"?:/.exec(rest) ?? []
    if (key === undefined || own > indent) continue
    const begin = own - rest.length === line.length ? own : line.length - line.trimStart().length
    if (own < indent) {
      keys.unshift(key)
      indent = own
    }
    if (dashes > 0 && own <= indent && begin < indent) {
      keys.unshift('*')
      indent = begin
    }
  }
  return keys
}

interface Flow {
  /** The keys and lists that are open in braces and brackets. */
  readonly inner: readonly string[]
  /** What stands behind the last of them, or behind the last comma there. */
  readonly rest: string
  /** The last of them is a bracket. */
  readonly isList: boolean
}

function flowIn(text: string): Flow {
  const open: { readonly keys: readonly string[]; readonly isList: boolean; start: number }[] = []
  for (const [at, letter] of [...text].entries()) {
    const current = open.at(-1)
    if (letter === '{' || letter === '[') {
      const isList = letter === '['
      const [, key] = /"?([\w.-]+)"?:\s*$/.exec(text.slice(current?.start ?? 0, at)) ?? []
      open.push({ keys: [...(key === undefined ? [] : [key]), ...(isList ? ['*'] : [])], isList, start: at + 1 })
    } else if (letter === '}' || letter === ']') {
      open.pop()
    } else if (letter === ',' && current) {
      current.start = at + 1
    }
  }
  const last = open.at(-1)
  return { inner: open.flatMap(({ keys }) => keys), rest: text.slice(last?.start ?? 0), isList: last?.isList ?? false }
}

/** What of JSON Schema the plan file's own uses. */
interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: boolean | Node
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

function forms(node: Node): Node[] {
  return [node, ...(node.anyOf ?? []).flatMap(forms)]
}

function below(nodes: readonly Node[], key: string): Node[] {
  return nodes.flatMap(forms).flatMap(({ properties, additionalProperties, items }) => {
    const named = key === '*' ? items : (properties?.[key] ?? additionalProperties)
    return typeof named === 'object' ? [named] : []
  })
}

function keysOf(node: Node): Offer[] {
  return forms(node).flatMap(({ properties = {} }) =>
    Object.entries(properties).map(([text, one]) => ({ text, about: aboutOf(one) })),
  )
}

function aboutOf(node: Node): string {
  return forms(node).find(({ description }) => description !== undefined)?.description ?? ''
}

function valuesOf(node: Node): Offer[] {
  return forms(node)
    .flatMap((one) => [...(one.enum ?? []), ...(one.const === undefined ? [] : [one.const])])
    .map((value) => ({ text: String(value), about: '' }))
}

function once(offers: readonly Offer[]): Offer[] {
  return [...new Map(offers.map((offer) => [offer.text, offer])).values()]
}
