import * as z from 'zod/mini'

export const about = z.describe
export const prefix = z.string().check(about('A prefix, such as 10.0.1.0/24.'))
export const siteName = z.string().check(about('The name of a site.'))
export const peers = z.union([z.literal('all'), z.array(siteName)])
export const user = z.strictObject({
  site: siteName,
  kind: z.enum(['subnet', 'reserved', 'pods', 'services', 'endpoint', 'given']),
})
const overlapSide = z.strictObject({ prefix, users: z.array(user) })

export const overlap = z.strictObject({
  relation: z
    .enum(['equal', 'inside'])
    .check(about('equal: inner and outer are the same prefix; inside: inner lies inside outer.')),
  inner: overlapSide,
  outer: overlapSide,
  pairs: z.int().check(about('How many pairs of users at different sites are affected.')),
  effect: z
    .enum(['tunnel', 'hub', 'none'])
    .check(about('Where the two collide. tunnel: across a tunnel; hub: at a common peer; none: nowhere.')),
})

export const finding = z.strictObject({
  code: z.string().check(about('Stable; natplan explain CODE describes it.')),
  severity: z.enum(['error', 'risk', 'note']),
  document: z.string().check(about('The file, "standard input" or "command line".')),
  line: z.optional(z.int()),
  column: z.optional(z.int()),
  path: z.string().check(about('Where in the document, such as sites.cloud.subnets[0]; may be empty.')),
  message: z.string(),
  hint: z.optional(z.string()),
  related: z
    .optional(
      z.array(
        z.strictObject({
          document: z.string(),
          line: z.optional(z.int()),
          column: z.optional(z.int()),
          path: z.string(),
          message: z.string(),
        }),
      ),
    )
    .check(about('Other places that are involved.')),
  about: z
    .optional(
      z.strictObject({
        site: z.optional(siteName),
        peer: z.optional(z.string()),
        tunnel: z.optional(z.string()),
        rule: z.optional(z.string()),
        selector: z.optional(z.string()),
        range: z.optional(z.string()),
        file: z.optional(z.string()),
        line: z.optional(z.int()),
      }),
    )
    .check(about('The objects that the message is about.')),
})

export type FindingDocument = z.infer<typeof finding>
