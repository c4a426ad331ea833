import * as z from 'zod/mini'
import { about, finding, siteName } from './pieces.ts'

const outcome = z.enum(['proven', 'fault', 'unknown'])
const ranges = z.strictObject({ fromFirst: z.int(), fromSecond: z.int() })

/** A rule that is missing in a filter. */
export const missingRule = z.strictObject({
  site: siteName,
  set: z.string().check(about('The rule list or set that needs it.')),
  before: z.optional(z.int().check(about('The rule that it must precede; missing: after all others.'))),
  source: z.optional(z.string().check(about('The source as the filter sees it.'))),
  destination: z.optional(z.string()),
  protocol: z.optional(z.string()),
  ports: z.optional(z.array(z.int())),
  encrypted: z.boolean().check(about('Matches only packets that came from a tunnel.')),
  lines: z.array(z.string()).check(about('What to enter; a comment where natplan cannot name the place.')),
})

/** What `natplan verify --output json` prints. */
export const verifyDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    proven: z
      .boolean()
      .check(
        about(
          'Every address is reached and answers through every tunnel, nothing was left out, and no finding is an error.',
        ),
      ),
    result: outcome.check(
      about('fault: something does not work; unknown: something that was not read or not given could matter.'),
    ),
    tunnels: z.array(
      z.strictObject({
        sites: z
          .array(z.string())
          .check(about('The two sites; the second is what the first calls its peer when bothEnds is false.')),
        bothEnds: z.boolean().check(about('Whether both gateways are known.')),
        over: z.optional(
          z.string().check(about('The site that forwards what the two send to each other; they have no tunnel.')),
        ),
        proven: z.boolean(),
        result: outcome,
        oneWay: z.boolean().check(about('Only one side opens connections, as intended: the NAT is many-to-one.')),
        forwardedPorts: z
          .strictObject({ ofFirst: z.int(), ofSecond: z.int() })
          .check(
            about('Forwarded ports of the address that a site hides behind, where every packet and its answer arrive.'),
          ),
        delivered: ranges.check(about('Address ranges where every packet and its answer arrive, by sending site.')),
        failing: ranges.check(about('Address ranges where some packets or answers do not arrive.')),
        unknown: ranges.check(about('Address ranges where it is not known whether packets arrive.')),
        keys: z
          .enum(['equal', 'different', 'unknown', 'not-compared'])
          .check(
            about(
              'unknown: a configuration does not show its key; not-compared: there are certificates or public keys.',
            ),
          ),
        linesLeftOut: z.int().check(about('Lines of both configurations that natplan does not understand.')),
      }),
    ),
    inferred: z
      .array(
        z.strictObject({
          site: siteName,
          kind: z.enum(['outside', 'inside', 'default-route', 'subnet', 'network', 'public-address']),
          value: z.string(),
          because: z.string(),
        }),
      )
      .check(about('What was inferred from the configurations without being written in any of them.')),
    missingRules: z.array(missingRule).check(about('What filters must accept so that all intended traffic passes.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan verify', description: 'The result of natplan verify --output json.' }))

export type VerifyDocument = z.infer<typeof verifyDocument>
