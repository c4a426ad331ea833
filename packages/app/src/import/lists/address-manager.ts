import { NatplanError } from '@natplan/core'
import type { Given, ImportChoice, Imported, Source } from '../imported.ts'
import { mergedImports } from '../merge.ts'
import type { Columns } from './column-roles.ts'
import { SiteNames } from './site-names.ts'
import { SiteRows } from './site-rows.ts'
import { wholeText } from './whole-text.ts'

/** What the interfaces of NetBox, phpIPAM and Infoblox answer when they are asked for networks. */
export const addressManager: Source = {
  name: 'ipam',
  about: 'networks as NetBox, phpIPAM or Infoblox answer them in JSON',
  recognises: ({ text, site }) => {
    if (site !== undefined || !/^\s*[[{]/.test(text)) return false
    return forms.some((parts) => parts.every((part) => part.test(text)))
  },
  read: async (given, choice) => mergedImports(await Promise.all(given.map((one) => readAnswer(one, choice)))),
}

/** What only NetBox, phpIPAM and Infoblox have in their records of networks. */
const forms = [
  [/"prefix"\s*:\s*"[0-9a-f.:]+\/\d+"/i, /"(family|vrf|is_pool|mark_utilized)"\s*:/],
  [/"(sectionId|masterSubnetId)"\s*:/],
  [/"_ref"\s*:\s*"(ipv6)?network(container)?\//],
]

type Json = Readonly<Record<string, unknown>>

/** What is read of a record, as a row of a table. */
const names = ['site', 'prefix', 'mask', 'status', 'description'] as const
const columns: Columns = new Map([
  ['site', [0]],
  ['subnets', [1]],
  ['mask', [2]],
  ['status', [3]],
  ['name', [4]],
])

async function readAnswer({ text: pieces }: Given, { as }: ImportChoice): Promise<Imported> {
  const file = pieces.name
  const text = await wholeText(pieces)
  const rows = rowsOf(text, recordsOf(file, text))
  const called = rows.flatMap(({ cells }) => cells[0] || [])
  const sites = new SiteRows(file, { names: new SiteNames(called), isReserved: as === 'reserved' })
  for (const row of rows) sites.add(row, { file, names, columns })
  return sites.imported
}

/** @throws NatplanError JSON_SYNTAX */
function recordsOf(file: string, text: string): Json[] {
  const document = parsed(file, text)
  const { results, data, result } = isObject(document) ? document : { results: document }
  const list = [results, data, result].find(Array.isArray) ?? [document]
  return list.filter(isObject)
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NatplanError('JSON_SYNTAX', `${file} is no good JSON`, { cause, hint: 'nothing of it is used' })
  }
}

/** The records that name a network, each with the line that it stands on. */
function rowsOf(text: string, records: readonly Json[]) {
  let at = 0
  let line = 1
  return records.flatMap((record) => {
    const cells = cellsOf(record)
    const found = text.indexOf(JSON.stringify(cells[1]), at)
    if (cells[1] === '') return []
    for (; at < found; at++) if (text[at] === '\n') line++
    return [{ cells, line }]
  })
}

function cellsOf(record: Json): string[] {
  const attributes = isObject(record['extattrs']) ? record['extattrs'] : {}
  const site = [record['site'], record['scope'], record['location'], attributes['Site'], attributes['Location']]
  const isContainer = textOf(record['_ref']).includes('container/') || textOf(record['isFolder']) === '1'
  return [
    site.map(textOf).find((text) => text !== '') ?? '',
    textOf(record['prefix'] ?? record['network'] ?? record['subnet']),
    textOf(record['mask']),
    isContainer ? 'container' : textOf(record['status']),
    textOf(record['description']) || textOf(record['comment']) || textOf(record['role']),
  ]
}

/** A text, a number, or what an object is called. */
function textOf(value: unknown): string {
  if (isObject(value)) return textOf(value['name'] ?? value['value'] ?? value['display'])
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
