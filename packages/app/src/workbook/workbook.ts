import { NatplanError, nearest } from '@natplan/core'
import { visible } from '@natplan/templates'
import { type SharedParts, type SheetRows, sheetRows, sheetText, withoutEscapes } from './sheet.ts'
import { readXml } from './xml.ts'
import { Zip } from './zip.ts'

/** A sheet as a table of separated values; the line of a cell is its row. */
export interface SheetTable {
  /** What messages call it: `branches.xlsx[Sites]`. */
  readonly name: string
  readonly text: string
  /** The other sheets, where none was named. */
  readonly unread: readonly string[]
}

interface Sheet {
  readonly name: string
  readonly path: string
}

/**
 * The sheet of a workbook (.xlsx) that is named, else the first one that has an address, else the first one.
 * @throws NatplanError FILE_FORMAT for what is none, INPUT_TOO_LARGE, USAGE for a sheet that is not there
 */
export async function readWorkbook(name: string, bytes: Uint8Array, wanted: string | undefined): Promise<SheetTable> {
  const zip = new Zip(name, bytes)
  const main = zip.names.find((one) => /^\/?xl\/workbook\.xml$/i.test(one))
  if (main === undefined) throw await otherArchive(zip, name)
  const { sheets, is1904 } = await sheetsOf(zip, main)
  const shared = { ...(await sharedParts(zip, main)), is1904 }
  const { sheet, rows } = await chosenSheet(sheets, { name, wanted, read: (one) => rowsOf(zip, one, shared) })
  const table = `${name}[${visible(sheet.name, 60)}]`
  const others = sheets.filter((one) => one !== sheet).map((one) => visible(one.name, 60))
  return { name: table, text: sheetText(rows, table), unread: wanted === undefined ? others : [] }
}

/** What people are told of sheets that were not read, and how to have one read. */
export function unreadSheets(names: readonly string[], way: string): string[] {
  if (names.length === 0) return []
  return [`not read: ${names.length === 1 ? 'sheet' : 'sheets'} ${shownNames(names)}; ${way}`]
}

function shownNames(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ')
}

async function otherArchive(zip: Zip, name: string): Promise<NatplanError> {
  const isBinary = zip.names.some((one) => /^xl\/workbook\.bin$/i.test(one))
  const isOpen = (await zip.text('mimetype'))?.startsWith('application/vnd.oasis.opendocument')
  if (isBinary)
    return new NatplanError('FILE_FORMAT', `${name} is a binary workbook`, {
      hint: 'save it as .xlsx, or export the sheet as CSV',
    })
  if (isOpen)
    return new NatplanError('FILE_FORMAT', `${name} is an OpenDocument file`, {
      hint: 'save it as .xlsx, or export the sheet as CSV',
    })
  return new NatplanError('FILE_FORMAT', `${name} is a zip archive`, { hint: 'unpack it' })
}

async function sheetsOf(
  zip: Zip,
  main: string,
): Promise<{ readonly sheets: readonly Sheet[]; readonly is1904: boolean }> {
  const targets = await relations(zip, main)
  const sheets: (Sheet & { readonly isHidden: boolean })[] = []
  let is1904 = false
  readXml((await zip.text(main)) ?? '', {
    open: (element, attributes) => {
      if (element === 'workbookPr') is1904 = /^(1|true)$/.test(attributes('date1904') ?? '')
      if (element !== 'sheet') return
      const path = targets.get(attributes('id') ?? '')
      if (path !== undefined && zip.has(path))
        sheets.push({
          name: attributes('name') ?? '',
          path,
          isHidden: attributes('state') !== undefined && attributes('state') !== 'visible',
        })
    },
    close: () => undefined,
    text: () => undefined,
  })
  return { sheets: sheets.toSorted((a, b) => Number(a.isHidden) - Number(b.isHidden)), is1904 }
}

/** Which file each id of a workbook stands for. */
async function relations(zip: Zip, main: string): Promise<ReadonlyMap<string, string>> {
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const targets = new Map<string, string>()
  const xml = (await zip.text(`${folder}_rels/${main.slice(folder.length)}.rels`)) ?? ''
  readXml(xml, {
    open: (element, attributes) => {
      const target = attributes('Target') ?? ''
      if (element === 'Relationship')
        targets.set(attributes('Id') ?? '', target.startsWith('/') ? target.slice(1) : `${folder}${target}`)
    },
    close: () => undefined,
    text: () => undefined,
  })
  return targets
}

async function rowsOf(zip: Zip, { path }: Sheet, shared: SharedParts): Promise<SheetRows> {
  return sheetRows((await zip.text(path)) ?? '', shared)
}

interface Choice {
  readonly name: string
  readonly wanted: string | undefined
  readonly read: (sheet: Sheet) => Promise<SheetRows>
}

async function chosenSheet(
  sheets: readonly Sheet[],
  { name, wanted, read }: Choice,
): Promise<{ readonly sheet: Sheet; readonly rows: SheetRows }> {
  if (wanted !== undefined) {
    const sheet =
      sheets.find((one) => one.name === wanted) ?? sheets.find((one) => one.name.toLowerCase() === wanted.toLowerCase())
    if (sheet) return { sheet, rows: await read(sheet) }
    const near = nearest(
      wanted,
      sheets.map((one) => one.name),
    )
    throw new NatplanError('USAGE', `${name} has no sheet ${visible(wanted, 60)}`, {
      hint:
        near === undefined
          ? `its sheets are ${shownNames(sheets.map((one) => visible(one.name, 60)))}`
          : `did you mean ${visible(near)}?`,
    })
  }
  let first: { readonly sheet: Sheet; readonly rows: SheetRows } | undefined
  for (const sheet of sheets) {
    const rows = await read(sheet)
    if (hasAddress(rows)) return { sheet, rows }
    first ??= { sheet, rows }
  }
  if (!first)
    throw new NatplanError('FILE_FORMAT', `${name} is a workbook without a sheet`, {
      hint: 'it is damaged; copy it again',
    })
  return first
}

function hasAddress(rows: SheetRows): boolean {
  for (const cells of rows.values())
    for (const cell of cells.values())
      if (/^\s*([0-9]{1,3}\.){3}[0-9]{1,3}|^\s*[0-9a-f]+:[0-9a-f:]*:/i.test(cell)) return true
  return false
}

async function sharedParts(zip: Zip, main: string): Promise<Omit<SharedParts, 'is1904'>> {
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  return {
    strings: stringsIn((await zip.text(`${folder}sharedStrings.xml`)) ?? ''),
    dates: dateStylesIn((await zip.text(`${folder}styles.xml`)) ?? ''),
  }
}

/** Texts of several forms stand in parts; how they are pronounced is none of them. */
function stringsIn(xml: string): string[] {
  const strings: string[] = []
  let current = ''
  let isText = false
  let isPhonetic = false
  readXml(xml, {
    open: (name) => {
      if (name === 'si') current = ''
      else if (name === 'rPh') isPhonetic = true
      else if (name === 't') isText = !isPhonetic
    },
    close: (name) => {
      if (name === 'si') strings.push(withoutEscapes(current).trim())
      else if (name === 'rPh') isPhonetic = false
      else if (name === 't') isText = false
    },
    text: (text) => {
      if (isText) current += text
    },
  })
  return strings
}

/** Which styles of cells show a number as a date or a time. */
function dateStylesIn(xml: string): boolean[] {
  const custom = new Map<string, string>()
  const dates: boolean[] = []
  let isOfCells = false
  readXml(xml, {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(attributes('numFmtId') ?? '', attributes('formatCode') ?? '')
      else if (name === 'cellXfs') isOfCells = true
      else if (name === 'xf' && isOfCells) dates.push(isDateFormat(attributes('numFmtId') ?? '0', custom))
    },
    close: (name) => {
      if (name === 'cellXfs') isOfCells = false
    },
    text: () => undefined,
  })
  return dates
}

function isDateFormat(id: string, custom: ReadonlyMap<string, string>): boolean {
  const code = custom.get(id)
  if (code !== undefined) return /[dmyhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, ''))
  const number = Number(id)
  return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) || (number >= 45 && number <= 58)
}
