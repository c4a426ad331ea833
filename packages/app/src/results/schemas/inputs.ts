import * as z from 'zod/mini'
import { about, finding, prefix } from './pieces.ts'

const fileName = z
  .string()
  .check(about('The file, "standard input" or "command line"; of a workbook with its sheet: branches.xlsx[Sites].'))
const lineNumber = z
  .int()
  .check(
    about(
      'Counted from 1, where the text begins; the row of a workbook, or the position among prefixes on the command line.',
    ),
  )
const badLine = z.strictObject({
  file: fileName,
  line: lineNumber,
  text: z.string().check(about('The text there, shortened and without control characters.')),
  message: z.string(),
  hint: z.optional(z.string()),
})
const paths = z.array(z.strictObject({ path: z.string(), values: z.int() }))
const input = {
  file: fileName,
  format: z.enum(['list', 'csv', 'json', 'ndjson', 'extract', 'arguments']),
  column: z.optional(z.string().check(about('The column of a table that was read.'))),
  paths: z.optional(paths.check(about('Paths in JSON where prefixes were read.'))),
  otherPaths: z.optional(paths.check(about('Paths in JSON with prefixes that were not read.'))),
  repeated: z.optional(z.int().check(about('How many times a JSON record repeats a prefix; not counted in prefixes.'))),
  contained: z.optional(
    z
      .int()
      .check(
        about(
          'How many lie inside another prefix of the same JSON record, which counts for them; with --leaf, how many contain another.',
        ),
      ),
  ),
  unused: z.optional(
    z.int().check(about('How many are no longer in use, or only containers, according to their records.')),
  ),
  others: z.optional(z.int().check(about('How many rows of an export are not networks.'))),
  defaults: z.optional(z.int().check(about('How many default routes were left out.'))),
  spaces: z.optional(z.int().check(about('With --by: how many spaces, such as VRFs, it names.'))),
  apart: z.optional(z.int().check(about('With free --by: how many belong to other spaces and were left out.'))),
  open: z.optional(z.int().check(about('With --by: how many are not known to be in one space; they count in each.'))),
  notes: z.optional(
    z.array(z.string()).check(about('Content of the file that was not read: other sheets of a workbook.')),
  ),
  prefixes: z.int().check(about('How many were read.')),
  badLines: z.int().check(about('How many lines, cells or values are not prefixes and were left out.')),
  empty: z.int().check(about('How many cells or values hold nothing.')),
  hosts: z.int().check(about('How many addresses without a length were taken as one host each.')),
  masked: z.int().check(about('How many addresses with host bits were replaced by their network.')),
  leftOut: z.optional(
    z
      .strictObject({ addresses: z.int(), special: z.int(), headings: z.int(), rules: z.int() })
      .check(
        about(
          'With --extract: addresses without length or mask, default and special-purpose routes, headings, prefixes of rules and groups.',
        ),
      ),
  ),
}
const by = z.optional(z.string().check(about('With --by: what keeps prefixes apart, such as vrf.')))
const space = z.optional(
  z
    .string()
    .check(
      about('With --by: the VRF or other space; absent for prefixes without one, such as those of the global table.'),
    ),
)
const addresses = z
  .union([z.int(), z.string().check(z.regex(/^[0-9]+$/))])
  .check(about('Number of addresses; from 2^53 on, as happens with IPv6, a string of decimal digits.'))
const place = z.strictObject({ prefix, file: fileName, line: lineNumber })

/** What `natplan overlaps` prints of files of prefixes with `--output json`. */
export const inputOverlapsDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    by,
    badLines: z.array(badLine).check(about('All bad lines.')),
    inputs: z.array(
      z.strictObject({ ...input, overlapping: z.int().check(about('How many of its prefixes overlap another one.')) }),
    ),
    counts: z
      .array(
        z.strictObject({ space, left: fileName, right: fileName, equal: z.int(), contains: z.int(), inside: z.int() }),
      )
      .check(about('How many pairs two inputs have, or one input with itself, for each relation of left to right.')),
    pairs: z.optional(
      z
        .array(z.strictObject({ space, left: place, relation: z.enum(['equal', 'contains', 'inside']), right: place }))
        .check(about('At most as many as --limit says; absent with --summary.')),
    ),
    findings: z.array(finding),
    pairsListed: z.int(),
  })
  .check(
    z.meta({
      title: 'natplan overlaps FILES',
      description:
        'The result of natplan overlaps FILES --output json. With ndjson, each list element is a line with a kind: badLine, input, count, pair or finding.',
    }),
  )

/** What `natplan free --output json` prints. */
export const freeSpaceDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    by,
    space,
    inputs: z.array(z.strictObject(input)),
    pools: z.array(
      z.strictObject({
        pool: prefix,
        used: addresses,
        free: addresses,
        largest: z.optional(
          prefix.check(about('The largest free aligned block; the lowest one if there are several.')),
        ),
      }),
    ),
    largest: z.array(prefix).check(about('The ten largest free blocks of all pools, for each family.')),
    length: z.optional(z.int().check(about('The length that was asked for.'))),
    blocks: z.optional(z.array(prefix).check(about('Free blocks of that length.'))),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan free', description: 'The result of natplan free --output json.' }))

export type FreeSpaceDocument = z.infer<typeof freeSpaceDocument>
export type InputDocument = FreeSpaceDocument['inputs'][number]
