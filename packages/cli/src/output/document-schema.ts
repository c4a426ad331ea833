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

export type PlanDocument = z.infer<typeof planDocument>
export type OverlapsDocument = z.infer<typeof overlapsDocument>
export type FindingDocument = z.infer<typeof finding>

/** What `natplan lab up` and `natplan lab check` print. */
export const labDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    lab: z.string().check(about('The name of the lab.')),
    machines: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['internet', 'gateway', 'host', 'worker']),
        addresses: z.array(z.string()),
        pid: z.int().check(about('The process that holds the machine, for nsenter --target.')),
      }),
    ),
    gateways: z.array(
      z.strictObject({
        site: siteName,
        machine: z.string(),
        platform: z.string().check(about('The platform of the plan, whose place Linux takes.')),
      }),
    ),
    leftOut: z.array(z.string()).check(about('What of the plan the lab does not show.')),
    checks: z
      .array(
        z.strictObject({
          tunnel: z.string(),
          what: z.string(),
          from: z.string(),
          to: z.string(),
          expected: z.string(),
          seen: z.string(),
          passed: z.boolean(),
        }),
      )
      .check(about('Empty after up.')),
  })
  .check(z.meta({ title: 'natplan lab', description: 'The result of natplan lab up and check --output json.' }))

export type LabDocument = z.infer<typeof labDocument>
