import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrefixTable } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { type CsvColumns, columnsBeside } from './csv-columns.ts'
import { CsvReader } from './csv-reader.ts'
import { ExtractReader } from './extract-reader.ts'
import { JsonReader } from './json-reader.ts'
import { ListReader } from './list-reader.ts'
import type { Reader } from './reader.ts'
import { TableCells } from './table-cells.ts'

const files = join(import.meta.dirname, '../../../../test/inputs/files')

const beside = (prefix: CsvColumns['prefix']) => columnsBeside(prefix, ['a', 'b', 'name', 'site', 'status'])

const readers: Readonly<Record<string, (cells: TableCells) => Reader>> = {
  list: (cells) => new ListReader(cells, cells),
  csv: (cells) => new CsvReader(cells, { separator: 44, columns: beside([1]), headLine: 1 }),
  'csv of address and mask': (cells) => new CsvReader(cells, { separator: 59, columns: beside([0, 1]), headLine: 0 }),
  json: (cells) => new JsonReader(cells, { paths: [], isByLine: false }),
  ndjson: (cells) => new JsonReader(cells, { paths: [['cidr']], isByLine: true }),
  extract: (cells) => new ExtractReader(cells),
}

/** What a reader makes of a text that comes in pieces. */
function readingOf(make: (cells: TableCells) => Reader, pieces: readonly Uint8Array[]): string[] {
  const found: string[] = []
  const table = new PrefixTable()
  const cells = new TableCells(table, {
    file: 'f',
    hostBits: 'refuse',
    onBad: ({ tell }) => {
      const { line, text, message } = tell()
      found.push(`bad ${line} ${text} ${message}`)
    },
  })
  const reader = make(cells)
  for (const piece of pieces) {
    const read = Uint8Array.from(piece)
    reader.read(read)
    // Whoever reads files puts the next piece there.
    read.fill(0x39)
  }
  reader.end()
  if (reader instanceof JsonReader) found.push(JSON.stringify([reader.problem, [...reader.used], [...reader.unused]]))
  if (reader instanceof ExtractReader) found.push(JSON.stringify(reader.leftOut))
  for (let row = 0; row < table.size; row++) found.push(`${table.lineAt(row)} ${table.prefixAt(row)}`)
  return [...found, `${cells.empty} ${cells.hosts} ${cells.masked}`]
}

describe('readers', () => {
  const names = readdirSync(files, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []))
  const texts = names.map((name) => [name, readFileSync(join(files, name))] as const)
  const long = Buffer.from(
    `10.0.0.0/24\n${' '.repeat(300)}10.0.1.0/24\n10.0.2.0/24 ${'#'.repeat(300)}\n${'1'.repeat(256)}\n"${'x'.repeat(600)}\n`,
  )

  it.each([...texts, ['long lines', long] as const])('read %s the same wherever it is cut', (_, text) => {
    for (const make of Object.values(readers)) {
      const whole = readingOf(make, [text])
      expect(
        readingOf(
          make,
          Array.from(text, (_, at) => text.subarray(at, at + 1)),
        ),
      ).toEqual(whole)
      for (const size of [2, 3, 7, 64, 257]) {
        const count = Math.ceil(text.length / size)
        const pieces = Array.from({ length: count }, (_, index) => text.subarray(index * size, (index + 1) * size))
        expect(readingOf(make, pieces)).toEqual(whole)
      }
    }
  })
})

describe('the reader of any text', () => {
  const prefixesOf = (text: string) => {
    const found = readingOf((cells) => new ExtractReader(cells), [Buffer.from(text)])
    return found.filter((line) => line.includes('/'))
  }

  it.each([
    [
      'eth0  Link encap:Ethernet\n  inet addr:10.0.1.5  Bcast:0.0.0.0  Mask:255.255.255.0\n',
      ['2 10.0.1.0/24'],
      'BusyBox',
    ],
    ['  inet addr:10.0.1.5  Bcast:10.0.1.255  Mask:255.255.255.0\n', ['1 10.0.1.0/24'], 'net-tools'],
    [
      'table ip f {\n chain c {\n  ip saddr 10.40.0.0/24 accept\n }\n}\n10.1.0.0/24\n',
      ['6 10.1.0.0/24'],
      'rules of nft',
    ],
    ['table inet f { set s { elements = { 10.40.0.0/24 }\n }\n }\n', [], 'sets of nft'],
    ['Routing table inet.0\n10.40.0.0/24 via 10.0.0.1\n', ['2 10.40.0.0/24'], 'a table of Junos'],
    ['table main {\n 10.40.0.0/24\n}\n', ['2 10.40.0.0/24'], 'another table'],
  ])('takes of %j %j: %s', (text, expected) => {
    expect(prefixesOf(text)).toEqual(expected)
  })
})

describe('the JSON reader', () => {
  const problemOf = (text: string) => {
    const reader = new JsonReader(
      new TableCells(new PrefixTable(), { file: 'f', hostBits: 'refuse', onBad: () => undefined }),
      {
        paths: [],
        isByLine: false,
      },
    )
    reader.read(Buffer.from(text))
    reader.end()
    return reader.problem?.message
  }

  it.each([
    '',
    '{}',
    '[]',
    ' [ { } , [ ] , 1 , -1.5e+3 , true , false , null , "" ] ',
    '{"a":{"b":[{"c":"\\"\\\\\\u0041"}]},"d":[]}',
    '{"a":1}\n{"a":2}',
    '"a" "b" 1',
  ])('takes what JSON.parse takes: %j', (text) => {
    expect(problemOf(text)).toBeUndefined()
  })

  it.each([
    '{',
    '[',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '{a:1}',
    '[}',
    '{"a":[}',
    '"a',
    '"a\nb"',
    'nul',
    '[1,,2]',
    ']',
    ',',
    '{"a":1]',
    'hello',
  ])('finds what is wrong with %j', (text) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(problemOf(text)).toBeDefined()
  })
})
