import { type BadLine, type ComparedSpace, type FindingDocument, type FoundOverlaps, inputDocument } from '@natplan/app'
import type { PairShape, PairTexts } from '@natplan/core'
import { visible } from '@natplan/templates'
import type { TextSink } from '../files/text-sink.ts'
import { jsonText } from './print-result.ts'

/** Writes a result piece by piece: bad lines while inputs are read, then what was found, then the pairs. */
export interface PairWriter {
  bad(bad: BadLine): void
  /** Counts the pairs only if the result tells how many there are. */
  found(count: () => FoundOverlaps): void
  shapeFor(compared: ComparedSpace): PairShape
  /** Writes pairs of that shape, at most so many and about as many as a sink takes at once. */
  pairs(texts: PairTexts, most: number): void
  end(listed: number, findings: readonly FindingDocument[]): void
}

interface Around {
  readonly start: string
  readonly end: string
}

/** A pair as JSON. */
function jsonShape({ space, inputs }: ComparedSpace, { start, end }: Around): PairShape {
  const member = space === undefined ? '' : `"space":${jsonText(space)},`
  return {
    start: `${start}${member}"left":{"prefix":"`,
    beforeLine: inputs.map(({ name }) => `","file":${jsonText(name)},"line":`),
    between: betweenFor((relation) => `},"relation":"${relation}","right":{"prefix":"`),
    end: `}}${end}`,
  }
}

function betweenFor(textOf: (relation: keyof PairShape['between']) => string): PairShape['between'] {
  return { equal: textOf('equal'), contains: textOf('contains'), inside: textOf('inside') }
}

function writePairs(texts: PairTexts, most: number, sink: TextSink): void {
  sink.fill(texts.longest, (bytes, at) => texts.write(bytes, at, most))
}

/** One JSON document, each element of its lists on a line. */
export function jsonWriter(
  sink: TextSink,
  { isSummary, by }: { readonly isSummary: boolean; readonly by: string | undefined },
): PairWriter {
  let isEmpty = true
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
    found: (count) => {
      const found = count()
      endList()
      beginList('inputs', inputTexts(found))
      endList()
      beginList('counts', countTexts(found))
      endList()
      if (!isSummary) beginList('pairs')
    },
    shapeFor: (compared) => jsonShape(compared, { start: ',\n    {', end: '' }),
    pairs: (texts, most) => {
      sink.fill(texts.longest, (bytes, at) => {
        const end = texts.write(bytes, at, most)
        if (!isEmpty || end === at) return end
        // The first element has no comma before it.
        isEmpty = false
        bytes.copyWithin(at, at + 1, end)
        return end - 1
      })
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
  const line = (kind: string, text: string) => sink.write(`{"kind":"${kind}",${text.slice(1)}\n`)
  return {
    bad: (bad) => line('badLine', jsonText(bad)),
    found: (count) => {
      const found = count()
      for (const text of inputTexts(found)) line('input', text)
      for (const text of countTexts(found)) line('count', text)
    },
    shapeFor: (compared) => jsonShape(compared, { start: '{"kind":"pair",', end: '\n' }),
    pairs: (texts, most) => writePairs(texts, most, sink),
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
  const head = by === undefined ? '' : `,${csvCell(by)}`
  const cell = (space: string | undefined) => (by === undefined ? '' : `,${csvCell(space ?? '')}`)
  return {
    bad: () => undefined,
    found: (count) => {
      if (!isSummary) {
        sink.write(`prefix,file,line,relation,other_prefix,other_file,other_line${head}\n`)
        return
      }
      const { inputs, counts } = count()
      sink.write(`file,other_file,equal,contains,inside${head}\n`)
      const name = (side: number) => csvCell(inputs[side]?.name ?? '')
      for (const { space, left, right, equal, contains, inside } of counts)
        sink.write(`${name(left)},${name(right)},${equal},${contains},${inside}${cell(space)}\n`)
    },
    shapeFor: ({ space, inputs }) => ({
      start: '',
      beforeLine: inputs.map((input) => `,${csvCell(input.name)},`),
      between: betweenFor((relation) => `,${relation},`),
      end: `${cell(space)}\n`,
    }),
    pairs: (texts, most) => writePairs(texts, most, sink),
    end: () => undefined,
  }
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
