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
  }
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
