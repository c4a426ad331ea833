import type { OverlapPair, PairCount, TableRow } from '@natplan/core'
import type { PrefixInput } from '../input/prefixes/read-prefixes.ts'
import type { BadLine } from '../input/prefixes/table-cells.ts'
import type { FindingDocument } from './document-schema.ts'
import { inputDocument } from './input-report.ts'
import type { TextSink } from './text-sink.ts'

/** What was found, as far as it is known before the pairs are gone through. */
export interface FoundOverlaps {
  readonly inputs: readonly PrefixInput[]
  /** For each input, how many of its prefixes overlap another. */
  readonly overlapping: readonly number[]
  readonly counts: readonly PairCount[]
  readonly total: number
}

/** Writes a result piece by piece: bad lines while inputs are read, then what was found, then each pair. */
export interface PairWriter {
  bad(bad: BadLine): void
  found(found: FoundOverlaps): void
  pair(pair: OverlapPair): void
  end(listed: number, findings: readonly FindingDocument[]): void
}

/** One JSON document, each element of its lists on a line. */
export function jsonWriter(sink: TextSink, { isSummary }: { readonly isSummary: boolean }): PairWriter {
  let separator = '\n'
  const item = (text: string) => {
    sink.write(`${separator}    ${text}`)
    separator = ',\n'
  }
  const list = (name: string, items: readonly string[], isFirst = false) => {
    sink.write(`${isFirst ? '' : `${separator === '\n' ? '' : '\n  '}],\n`}  ${JSON.stringify(name)}: [`)
    separator = '\n'
    for (const text of items) item(text)
  }
  let rows: Rows | undefined
  sink.write('{\n  "schemaVersion": 1,\n')
  list('badLines', [], true)
  return {
    bad: (bad) => item(JSON.stringify(bad)),
    found: (found) => {
      rows = rowsOf(found, JSON.stringify)
      list('inputs', inputTexts(found))
      list('counts', countTexts(found))
      if (!isSummary) list('pairs', [])
    },
    pair: ({ left, right, relation }) => {
      item(`{"left":${sideText(left, rows)},"relation":"${relation}","right":${sideText(right, rows)}}`)
    },
    end: (listed, findings) => {
      list(
        'findings',
        findings.map((finding) => JSON.stringify(finding)),
      )
      sink.write(`${separator === '\n' ? '' : '\n  '}],\n  "pairsListed": ${listed}\n}\n`)
    },
  }
}

/** A JSON document a line, each with its kind. */
export function ndjsonWriter(sink: TextSink): PairWriter {
  let rows: Rows | undefined
  const line = (kind: string, text: string) => sink.write(`{"kind":"${kind}",${text.slice(1)}\n`)
  return {
    bad: (bad) => line('badLine', JSON.stringify(bad)),
    found: (found) => {
      rows = rowsOf(found, JSON.stringify)
      for (const text of inputTexts(found)) line('input', text)
      for (const text of countTexts(found)) line('count', text)
    },
    pair: ({ left, right, relation }) => {
      line('pair', `{"left":${sideText(left, rows)},"relation":"${relation}","right":${sideText(right, rows)}}`)
    },
    end: (_, findings) => {
      for (const finding of findings) line('finding', JSON.stringify(finding))
    },
  }
}

/** A row for each pair; as a summary, a row for each two inputs. */
export function csvWriter(sink: TextSink, { isSummary }: { readonly isSummary: boolean }): PairWriter {
  let rows: Rows | undefined
  return {
    bad: () => undefined,
    found: (found) => {
      rows = rowsOf(found, csvCell)
      const { inputs, counts } = found
      if (!isSummary) return sink.write('prefix,file,line,relation,other_prefix,other_file,other_line\n')
      sink.write('file,other_file,equal,contains,inside\n')
      const name = (side: number) => csvCell(inputs[side]?.name ?? '')
      for (const { left, right, equal, contains, inside } of counts)
        sink.write(`${name(left)},${name(right)},${equal},${contains},${inside}\n`)
    },
    pair: ({ left, right, relation }) => {
      sink.write(`${cellsText(left, rows)},${relation},${cellsText(right, rows)}\n`)
    },
    end: () => undefined,
  }
}

interface Rows {
  readonly tables: readonly PrefixInput['table'][]
  /** The names as they are written. */
  readonly names: readonly string[]
}

function rowsOf({ inputs }: FoundOverlaps, written: (name: string) => string): Rows {
  return { tables: inputs.map(({ table }) => table), names: inputs.map(({ name }) => written(name)) }
}

function sideText({ side, row }: TableRow, rows: Rows | undefined): string {
  const table = rows?.tables[side]
  return `{"prefix":"${table?.prefixAt(row)}","file":${rows?.names[side]},"line":${table?.lineAt(row)}}`
}

function cellsText({ side, row }: TableRow, rows: Rows | undefined): string {
  const table = rows?.tables[side]
  return `${table?.prefixAt(row)},${rows?.names[side]},${table?.lineAt(row)}`
}

function inputTexts({ inputs, overlapping }: FoundOverlaps): string[] {
  return inputs.map((input, index) => JSON.stringify({ ...inputDocument(input), overlapping: overlapping[index] ?? 0 }))
}

function countTexts({ inputs, counts }: FoundOverlaps): string[] {
  const name = (side: number) => inputs[side]?.name
  return counts.map(({ left, right, ...relations }) =>
    JSON.stringify({ left: name(left), right: name(right), ...relations }),
  )
}

/** Quoted where it must be; a spreadsheet must not take a name for a formula. */
function csvCell(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
