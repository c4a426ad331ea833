import { type BadLine, type ComparedSpace, type FindingDocument, type FoundOverlaps, inputDocument } from '@natplan/app'
import type { OverlapPair, WalkedRow } from '@natplan/core'
import { visible } from '@natplan/templates'
import type { TextSink } from '../files/text-sink.ts'
import { PairEncoder, type PairShape } from './pair-encoder.ts'
import { jsonText } from './print-result.ts'

/** Writes a result piece by piece: bad lines while inputs are read, then what was found, then each pair. */
export interface PairWriter {
  bad(bad: BadLine): void
  found(found: FoundOverlaps): void
  /** The pairs that follow are of this space. */
  space(compared: ComparedSpace): void
  pair(pair: OverlapPair<WalkedRow>): void
  end(listed: number, findings: readonly FindingDocument[]): void
}

/** A pair as JSON. */
const jsonShape = {
  beforePrefix: '{"prefix":"',
  aroundFile: (name) => `","file":${jsonText(name)},"line":`,
  behindLine: '}',
  aroundRelation: (relation) => `,"relation":"${relation}","right":`,
  end: '}',
} satisfies Omit<PairShape, 'begin'>

function spaceMember(space: string | undefined): string {
  return space === undefined ? '' : `"space":${jsonText(space)},`
}

/** One JSON document, each element of its lists on a line. */
export function jsonWriter(
  sink: TextSink,
  { isSummary, by }: { readonly isSummary: boolean; readonly by: string | undefined },
): PairWriter {
  let isEmpty = true
  let encoder: PairEncoder | undefined
  const beginItem = () => {
    sink.write(isEmpty ? '\n    ' : ',\n    ')
    isEmpty = false
  }
  const beginList = (name: string, items: readonly string[] = []) => {
    sink.write(`  ${jsonText(name)}: [`)
    isEmpty = true
    for (const text of items) {
      beginItem()
      sink.write(text)
    }
  }
  const endList = () => sink.write(isEmpty ? '],\n' : '\n  ],\n')
  sink.write('{\n  "schemaVersion": 1,\n')
  if (by !== undefined) sink.write(`  "by": ${jsonText(by)},\n`)
  beginList('badLines')
  return {
    bad: (bad) => {
      beginItem()
      sink.write(jsonText(bad))
    },
    found: (found) => {
      endList()
      beginList('inputs', inputTexts(found))
      endList()
      beginList('counts', countTexts(found))
      endList()
      if (!isSummary) beginList('pairs')
    },
    space: ({ space, inputs }) => {
      encoder = new PairEncoder({ ...jsonShape, begin: `,\n    {${spaceMember(space)}"left":` }, inputs)
    },
    pair: (pair) => {
      // The first element has no comma before it.
      sink.append(encoder?.longest ?? 0, (bytes, at) => {
        const end = encoder?.encode(pair, bytes, at) ?? at
        if (isEmpty) bytes.copyWithin(at, at + 1, end)
        return isEmpty ? end - 1 : end
      })
      isEmpty = false
    },
    end: (listed, findings) => {
      if (!isSummary) endList()
      beginList(
        'findings',
        findings.map((finding) => jsonText(finding)),
      )
      endList()
      sink.write(`  "pairsListed": ${listed}\n}\n`)
    },
  }
}

/** A JSON document a line, each with its kind. */
export function ndjsonWriter(sink: TextSink): PairWriter {
  let encoder: PairEncoder | undefined
  const line = (kind: string, text: string) => sink.write(`{"kind":"${kind}",${text.slice(1)}\n`)
  return {
    bad: (bad) => line('badLine', jsonText(bad)),
    found: (found) => {
      for (const text of inputTexts(found)) line('input', text)
      for (const text of countTexts(found)) line('count', text)
    },
    space: ({ space, inputs }) => {
      const begin = `{"kind":"pair",${spaceMember(space)}"left":`
      encoder = new PairEncoder({ ...jsonShape, begin, end: '}\n' }, inputs)
    },
    pair: (pair) => append(sink, encoder, pair),
    end: (_, findings) => {
      for (const finding of findings) line('finding', jsonText(finding))
    },
  }
}

/** A row for each pair; as a summary, a row for each two inputs. */
export function csvWriter(
  sink: TextSink,
  { isSummary, by }: { readonly isSummary: boolean; readonly by: string | undefined },
): PairWriter {
  let encoder: PairEncoder | undefined
  const head = by === undefined ? '' : `,${csvCell(by)}`
  const cell = (space: string | undefined) => (by === undefined ? '' : `,${csvCell(space ?? '')}`)
  return {
    bad: () => undefined,
    found: ({ inputs, counts }) => {
      if (!isSummary) {
        sink.write(`prefix,file,line,relation,other_prefix,other_file,other_line${head}\n`)
        return
      }
      sink.write(`file,other_file,equal,contains,inside${head}\n`)
      const name = (side: number) => csvCell(inputs[side]?.name ?? '')
      for (const { space, left, right, equal, contains, inside } of counts)
        sink.write(`${name(left)},${name(right)},${equal},${contains},${inside}${cell(space)}\n`)
    },
    space: ({ space, inputs }) => {
      encoder = new PairEncoder({ ...csvShape, end: `${cell(space)}\n` }, inputs)
    },
    pair: (pair) => append(sink, encoder, pair),
    end: () => undefined,
  }
}

const csvShape = {
  begin: '',
  beforePrefix: '',
  aroundFile: (name) => `,${csvCell(name)},`,
  behindLine: '',
  aroundRelation: (relation) => `,${relation},`,
} satisfies Omit<PairShape, 'end'>

function append(sink: TextSink, encoder: PairEncoder | undefined, pair: OverlapPair<WalkedRow>): void {
  if (encoder) sink.append(encoder.longest, (bytes, at) => encoder.encode(pair, bytes, at))
}

function inputTexts({ inputs, overlapping }: FoundOverlaps): string[] {
  const numbers = overlapping()
  return inputs.map((input, index) => jsonText({ ...inputDocument(input), overlapping: numbers[index] ?? 0 }))
}

function countTexts({ inputs, counts }: FoundOverlaps): string[] {
  const name = (side: number) => inputs[side]?.name
  return counts.map(({ space, left, right, ...relations }) =>
    jsonText({ ...(space === undefined ? {} : { space }), left: name(left), right: name(right), ...relations }),
  )
}

/** Visible, and quoted where it must be; a spreadsheet must not take a name for a formula. */
export function csvCell(text: string): string {
  const name = visible(text)
  const safe = /^[=+\-@]/.test(name) ? `'${name}` : name
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
