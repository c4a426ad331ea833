import * as z from 'zod/mini'
import { about, finding, overlap, peers, prefix, siteName, user } from './pieces.ts'

/** What `--output json` prints of overlaps. */
export const overlapsDocument = z
  .strictObject({ schemaVersion: z.literal(1), overlaps: z.array(overlap), findings: z.array(finding) })
  .check(z.meta({ title: 'natplan overlaps', description: 'The result of natplan overlaps --output json.' }))

/** What `natplan plan --output json` prints. */
export const planDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    planned: z.boolean().check(about('False when errors prevent a plan; mappings, sees and changes are then empty.')),
    overlaps: z.array(overlap),
    mappings: z.array(
      z.strictObject({
        kind: z
          .enum(['one-to-one', 'many-to-one'])
          .check(about('many-to-one: all hosts share the few translated addresses, and only they open connections.')),
        site: siteName,
        real: prefix,
        translated: prefix,
        translatedFor: peers.check(
          about('The peers that know the subnet by its translated prefix; the others know the real one.'),
        ),
        reason: z.strictObject({
          kind: z.enum(['always', 'pin', 'hidden', 'collision', 'locked']),
          at: z.optional(siteName.check(about('Where the addresses collide.'))),
          with: z.optional(z.strictObject({ site: siteName, kind: user.shape.kind, prefix })),
        }),
        example: z.strictObject({ real: z.string(), translated: z.string() }),
      }),
    ),
    sees: z
      .array(
        z.strictObject({
          site: siteName,
          peer: siteName,
          real: prefix,
          visible: prefix,
          over: z.optional(
            siteName.check(about('The site that forwards between the two, which have no tunnel of their own.')),
          ),
        }),
      )
      .check(about('The prefix by which a site knows each subnet of its peers.')),
    handedOn: z.optional(
      z
        .array(
          z.strictObject({
            site: siteName,
            pairs: z.int().check(about('How many pairs of sites talk over it.')),
            selectors: z.optional(
              z
                .strictObject({ all: z.int(), mostOfATunnel: z.int() })
                .check(about('How many selectors its tunnels have; missing if no gateways are planned.')),
            ),
          }),
        )
        .check(about('Sites that forward what others send to each other; missing if there are none.')),
    ),
    changes: z.array(
      z.strictObject({
        kind: z.enum(['add', 'remove', 'translate', 'untranslate', 'renumber', 'retunnel', 'rename']),
        site: siteName,
        real: prefix,
        before: z.optional(prefix.check(about('The translated prefix in the lock.'))),
        after: z.optional(prefix.check(about('The translated prefix from now on.'))),
        peers: peers.check(about('The peers that see the difference.')),
        came: z.optional(z.array(siteName).check(about('Peers among them that did not know the subnet before.'))),
        left: z.optional(z.array(siteName).check(about('Peers among them that no longer know the subnet.'))),
      }),
    ),
    touched: z
      .strictObject({ gateways: z.array(siteName), nodes: z.array(siteName) })
      .check(about('What must be touched for the changes.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan plan', description: 'The result of natplan plan --output json.' }))

export type PlanDocument = z.infer<typeof planDocument>
export type OverlapsDocument = z.infer<typeof overlapsDocument>
