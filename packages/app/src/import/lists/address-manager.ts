import { type Finding, findingOf, inInput, NatplanError } from '@natplan/core'
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
  read: async (given, choice) => {
    const answers = await Promise.all(given.map(answerOf))
    const whole = mergedImports(answers.map((one) => importedOf(one, choice)))
    return { ...whole, findings: [...whole.findings, ...missingPages(answers)] }
  },
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

interface Answer {
  readonly file: string
  readonly text: string
  readonly records: readonly Json[]
  /** How many there are in all, where the answer says so. */
  readonly all: number | undefined
  /** It says that further ones follow (`next` of NetBox, `next_page_id` of Infoblox). */
  readonly isPart: boolean
}

/** @throws NatplanError JSON_SYNTAX */
async function answerOf({ text: pieces }: Given): Promise<Answer> {
  const file = pieces.name
  const text = await wholeText(pieces)
  const document = parsed(file, text)
  const whole = isObject(document) ? document : { results: document }
  const list = [whole['results'], whole['data'], whole['result']].find(Array.isArray) ?? [document]
  return {
    file,
    text,
    records: list.filter(isObject),
    all: typeof whole['count'] === 'number' ? whole['count'] : undefined,
    isPart: [whole['next'], whole['next_page_id']].some((one) => typeof one === 'string' && one !== ''),
  }
}

function importedOf({ file, text, records }: Answer, { as }: ImportChoice): Imported {
  const rows = rowsOf(text, records)
  const called = rows.flatMap(({ cells }) => cells[0] || [])
  const sites = new SiteRows(file, { names: new SiteNames(called), isReserved: as === 'reserved' })
  const table = { file, names, columns }
  for (const row of rows) sites.add(row, table)
  return sites.imported
}

/** Pages that were not given; together they may be all. */
function missingPages(answers: readonly Answer[]): Finding[] {
  const total = answers.reduce((sum, { records }) => sum + records.length, 0)
  const parts = answers.filter(({ isPart, all }) => isPart && (all === undefined || all > total))
  const [first] = parts
  if (!first) return []
  return [
    findingOf(
      'IMPORT_INCOMPLETE',
      { ...inInput(1), file: first.file },
      {
        message: `the answer has ${total}${first.all === undefined ? '' : ` of ${first.all}`} networks: it says that further pages follow`,
        hint: 'give each page as a file of its own, or ask for more at once (NetBox: ?limit=1000)',
      },
    ),
  ]
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NatplanError('JSON_SYNTAX', `${file} is not valid JSON`, { cause, hint: 'nothing of it is used' })
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
  const site = [record['site'], scopeOf(record), record['location'], attributes['Site'], attributes['Location']]
  const isContainer = textOf(record['_ref']).includes('container/') || textOf(record['isFolder']) === '1'
  return [
    site.map(textOf).find((text) => text !== '') ?? '',
    textOf(record['prefix'] ?? record['network'] ?? record['subnet']),
    textOf(record['mask']),
    isContainer ? 'container' : textOf(record['status']),
    textOf(record['description']) || textOf(record['comment']) || textOf(record['role']),
  ]
}

/** Of NetBox: a region or a group of sites is no site. */
function scopeOf(record: Json): unknown {
  const kind = textOf(record['scope_type'])
  return kind === '' || kind === 'dcim.site' ? record['scope'] : undefined
}

/** A text, a number, or what an object is called. */
function textOf(value: unknown): string {
  if (isObject(value)) return textOf(value['name'] ?? value['value'] ?? value['display'])
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
