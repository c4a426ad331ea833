import { Address, NatplanError, type PrefixTable } from '@natplan/core'
import { BadLines } from '../../prefixes/bad-lines.ts'
import { utf8 } from '../../prefixes/bytes.ts'
import { separatorOf } from '../../prefixes/csv-begin.ts'
import { formatOf } from '../../prefixes/input-format.ts'
import { readSeveral } from '../../prefixes/loose-prefix.ts'
import { readPrefixes } from '../../prefixes/read-prefixes.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'
import type { Given, ImportChoice, Imported, Source } from '../imported.ts'
import { mergedImports } from '../merge.ts'

/** Prefixes of one site, in any form that `overlaps` reads: a list, a column, JSON, what a router prints. */
export const prefixList: Source = {
  name: 'prefixes',
  about: 'SITE=FILE with prefixes: a list, CSV, JSON, or what a router prints',
  recognises: ({ site }) => site !== undefined,
  read: async (given, choice) => mergedImports(await Promise.all(given.map((one) => ofSite(one, choice)))),
}

async function ofSite(
  { site, text }: Given,
  { as = 'site', extract = isProse(text) }: ImportChoice,
): Promise<Imported> {
  if (site === undefined) {
    throw new NatplanError('USAGE', `${text.name} does not say of which site it is`, {
      hint: `write SITE=${text.name}`,
    })
  }
  const bad = new BadLines()
  const options = { hostBits: 'mask', extract } as const
  const input = await readPrefixes(text, options, { onBad: (line) => bad.add(line), onPiece: () => {} })
  const key = as === 'site' ? 'subnets' : 'reserved'
  const prefixes = rowsOf(input.table)
  const file = text.name
  return {
    network: { sites: { [site]: { subnets: [], [key]: prefixes.map(({ prefix }) => prefix) } } },
    reasons: prefixes.map(({ line }, index) => ({
      path: ['sites', site, key, index],
      text: 'it is in the list',
      file,
      line,
    })),
    leftOut: [],
    findings: bad.findingsOf(input, { isStrict: false }).findings.map(({ hint: _, ...one }) => ({
      ...one,
      place: { ...one.place, file },
      hint: 'a list has one prefix a line; of what a router prints, routes and addresses with their lengths count',
      ...(one.related
        ? { related: one.related.map(({ place, message }) => ({ place: { ...place, file }, message })) }
        : {}),
    })),
  }
}

/** What a router prints, for example: less than half of the lines at its begin are prefixes. */
function isProse({ name, head, isCut }: TextPieces): boolean {
  const sample = { name, text: utf8(head), isCut }
  const format = formatOf(sample)
  if (format !== 'list' && (format !== 'csv' || separatorOf(sample) !== undefined)) return false
  const lines = sample.text.split(/[\r\n]+/).map((line) => line.replace(/(^|\s)[#;].*$/, '').trim())
  const written = lines.filter((line) => line !== '')
  const plain = written.filter((line) => readSeveral(line) ?? Address.tryParse(line))
  return 2 * plain.length < written.length
}

/** Each prefix once, with the line that has it first. */
function rowsOf(table: PrefixTable): { readonly prefix: string; readonly line: number }[] {
  const lines = new Map<string, number>()
  for (let row = 0; row < table.size; row++) {
    const prefix = String(table.prefixAt(row))
    if (!lines.has(prefix)) lines.set(prefix, table.lineAt(row))
  }
  return [...lines].map(([prefix, line]) => ({ prefix, line }))
}
