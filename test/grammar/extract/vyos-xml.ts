import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kind, ValueTest } from '../table.ts'
import { allOf, anyOf, Schema } from './schema.ts'

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly below: Element[]
  text: string
}

/** Reads the interface definitions of VyOS: a folder of `*.xml.in` with fragments that they include. */
export function readVyosXml(folder: string): Schema {
  const root = new Schema()
  for (const top of readXmlFiles(folder)) addChildren(root, top)
  return root
}

/** What stands in each file of a folder, with what it includes. */
export function readXmlFiles(folder: string): Element[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml.in'))
    .map((name) => parseXml(included(folder, join(folder, name))))
}

function included(folder: string, file: string): string {
  return readFileSync(file, 'utf8').replace(/^ *#include <(.+)>$/gm, (_, path: string) =>
    included(folder, join(folder, path)),
  )
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w-]+)((?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g

function parseXml(text: string): Element {
  const top: Element = { name: '', attributes: {}, below: [], text: '' }
  const open = [top]
  for (const [, closing, name, attributes = '', alone, words] of text.matchAll(token)) {
    const above = open.at(-1) ?? top
    if (words !== undefined) above.text += words
    else if (closing) open.pop()
    else if (name !== undefined) {
      const element: Element = { name, attributes: attributesOf(attributes), below: [], text: '' }
      above.below.push(element)
      if (!alone) open.push(element)
    }
  }
  return top.below[0] ?? top
}

function attributesOf(text: string): Record<string, string> {
  const all = text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)
  return Object.fromEntries([...all].map(([, name = '', one, other]) => [name, plain(one ?? other ?? '')]))
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

const nodeNames = ['node', 'tagNode', 'leafNode']

function addChildren(schema: Schema, element: Element): void {
  for (const child of element.below) {
    const { name } = child.attributes
    if (nodeNames.includes(child.name) && name !== undefined) addNode(schema.at(name), child)
  }
}

function addNode(schema: Schema, element: Element): void {
  for (const properties of elementsOf(element, 'properties')) {
    const has = (name: string) => elementsOf(properties, name).length > 0
    if (element.name === 'leafNode') schema.kind = has('valueless') ? 'flag' : has('multi') ? 'leaves' : 'leaf'
    schema.is ??= testOf(properties)
  }
  if (element.name !== 'leafNode') schema.kind = kindOf(element, schema)
  for (const children of elementsOf(element, 'children')) addChildren(schema, children)
}

function kindOf({ name }: Element, { kind }: Schema): Kind {
  return name === 'tagNode' ? 'tag' : kind
}

export function elementsOf({ below }: Element, name: string): Element[] {
  return below.filter((one) => one.name === name)
}

/** Any of what a constraint lists; with groups, all of each group. */
function testOf(properties: Element): ValueTest | undefined {
  const listed = elementsOf(properties, 'constraint').flatMap(testsIn)
  const groups = elementsOf(properties, 'constraintGroup').flatMap((group) => allOf(testsIn(group)) ?? [])
  return anyOf([...listed, ...groups])
}

function testsIn({ below }: Element): ValueTest[] {
  return below.flatMap(({ name, attributes, text }) => {
    if (name === 'regex') return [`pattern ^(?:${plain(text.trim())})$`]
    return name === 'validator' ? [`${attributes['name']} ${attributes['argument'] ?? ''}`.trim()] : []
  })
}
