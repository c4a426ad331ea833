import * as z from 'zod/mini'

const about = z.describe
const prefix = z.string().check(about('A prefix, such as 10.0.1.0/24.'))
const siteName = z.string().check(about('The name of a site.'))
const peers = z.union([z.literal('all'), z.array(siteName)])
const user = z.strictObject({
  site: siteName,
  kind: z.enum(['subnet', 'reserved', 'pods', 'services', 'endpoint', 'given']),
})
const overlapSide = z.strictObject({ prefix, users: z.array(user) })

const overlap = z.strictObject({
  relation: z
    .enum(['equal', 'inside'])
    .check(about('equal: inner and outer are the same prefix; inside: inner lies inside outer.')),
  inner: overlapSide,
  outer: overlapSide,
  pairs: z.int().check(about('How many pairs of users at different sites that is.')),
  effect: z
    .enum(['tunnel', 'hub', 'none'])
    .check(about('tunnel: the two meet across a tunnel; hub: at a common peer; none: nowhere.')),
})

const finding = z.strictObject({
  code: z.string().check(about('Stable; natplan explain CODE describes it.')),
  severity: z.enum(['error', 'risk', 'note']),
  document: z.string().check(about('The file, "standard input" or "command line".')),
  line: z.optional(z.int()),
  column: z.optional(z.int()),
  path: z.string().check(about('Where in the document, such as sites.cloud.subnets[0]; may be empty.')),
  message: z.string(),
  hint: z.optional(z.string()),
})

/** What `--output json` prints of overlaps. */
export const overlapsDocument = z
  .strictObject({ schemaVersion: z.literal(1), overlaps: z.array(overlap), findings: z.array(finding) })
  .check(z.meta({ title: 'natplan overlaps', description: 'The result of natplan overlaps --output json.' }))

/** What `natplan plan --output json` prints. */
export const planDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    planned: z.boolean().check(about('False when errors leave no plan; mappings, sees and changes are empty then.')),
    overlaps: z.array(overlap),
    mappings: z.array(
      z.strictObject({
        site: siteName,
        real: prefix,
        translated: prefix,
        translatedFor: peers.check(
          about('The peers that know the subnet by its translated prefix; the others know the real one.'),
        ),
        reason: z.strictObject({
          kind: z.enum(['always', 'pin', 'collision', 'locked']),
          at: z.optional(siteName.check(about('Where the addresses collide.'))),
          with: z.optional(z.strictObject({ site: siteName, kind: user.shape.kind, prefix })),
        }),
        example: z.strictObject({ real: z.string(), translated: z.string() }),
      }),
    ),
    sees: z
      .array(z.strictObject({ site: siteName, peer: siteName, real: prefix, visible: prefix }))
      .check(about('Under which prefix a site knows each subnet of its peers.')),
    changes: z.array(
      z.strictObject({
        kind: z.enum(['add', 'remove', 'translate', 'untranslate', 'renumber', 'retunnel']),
        site: siteName,
        real: prefix,
        before: z.optional(prefix.check(about('The translated prefix in the lock.'))),
        after: z.optional(prefix.check(about('The translated prefix from now on.'))),
        peers: peers.check(about('The peers that see the difference.')),
      }),
    ),
    touched: z
      .strictObject({ gateways: z.array(siteName), nodes: z.array(siteName) })
      .check(about('What the changes concern.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan plan', description: 'The result of natplan plan --output json.' }))

const fileName = z.string().check(about('The file, "standard input" or "command line".'))
const lineNumber = z
  .int()
  .check(about('From 1 on, where the text begins; among prefixes of the command line the position.'))
const badLine = z.strictObject({
  file: fileName,
  line: lineNumber,
  text: z.string().check(about('What stands there, cut and without control characters.')),
  message: z.string(),
  hint: z.optional(z.string()),
})
const paths = z.array(z.strictObject({ path: z.string(), values: z.int() }))
const input = {
  file: fileName,
  format: z.enum(['list', 'csv', 'json', 'ndjson', 'extract', 'arguments']),
  column: z.optional(z.string().check(about('The column of a table that was read.'))),
  paths: z.optional(paths.check(about('Where in JSON prefixes were read.'))),
  otherPaths: z.optional(paths.check(about('Where in JSON are prefixes that were not read.'))),
  repeated: z.optional(
    z.int().check(about('How often a JSON record mentions a prefix again; not counted in prefixes.')),
  ),
  prefixes: z.int().check(about('How many were read.')),
  badLines: z.int().check(about('How many lines, cells or values are no prefix and were left out.')),
  empty: z.int().check(about('How many cells or values hold nothing.')),
  hosts: z.int().check(about('How many addresses without a length were taken as one host each.')),
  masked: z.int().check(about('Of how many addresses with host bits the network was taken.')),
  leftOut: z.optional(
    z
      .strictObject({ addresses: z.int(), special: z.int(), headings: z.int() })
      .check(about('With --extract: addresses without length or mask, default and special-purpose routes, headings.')),
  ),
}
const place = z.strictObject({ prefix, file: fileName, line: lineNumber })

/** What `natplan overlaps` prints of files of prefixes with `--output json`. */
export const inputOverlapsDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    badLines: z.array(badLine).check(about('All of them.')),
    inputs: z.array(
      z.strictObject({ ...input, overlapping: z.int().check(about('How many of its prefixes overlap another.')) }),
    ),
    counts: z
      .array(z.strictObject({ left: fileName, right: fileName, equal: z.int(), contains: z.int(), inside: z.int() }))
      .check(about('How many pairs any two inputs have, or one with itself, by how left lies to right.')),
    pairs: z.optional(
      z
        .array(z.strictObject({ left: place, relation: z.enum(['equal', 'contains', 'inside']), right: place }))
        .check(about('At most as many as --limit says; absent with --summary.')),
    ),
    findings: z.array(finding),
    pairsListed: z.int(),
  })
  .check(
    z.meta({
      title: 'natplan overlaps FILES',
      description:
        'The result of natplan overlaps FILES --output json. With ndjson each element of a list is a line, its kind being badLine, input, count, pair or finding.',
    }),
  )

/** What `natplan free --output json` prints. */
export const freeSpaceDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    inputs: z.array(z.strictObject(input)),
    pools: z.array(
      z.strictObject({
        pool: prefix,
        used: z.int().check(about('Addresses.')),
        free: z.int().check(about('Addresses.')),
        largest: z.optional(prefix.check(about('The largest free aligned block, the lowest of them.'))),
      }),
    ),
    largest: z.array(prefix).check(about('The ten largest free blocks of all pools.')),
    length: z.optional(z.int().check(about('The length that was asked for.'))),
    blocks: z.optional(z.array(prefix).check(about('Free blocks of that length.'))),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan free', description: 'The result of natplan free --output json.' }))

export type FreeSpaceDocument = z.infer<typeof freeSpaceDocument>
export type InputDocument = FreeSpaceDocument['inputs'][number]
export type PlanDocument = z.infer<typeof planDocument>
export type OverlapsDocument = z.infer<typeof overlapsDocument>
export type FindingDocument = z.infer<typeof finding>
