import * as z from 'zod/mini'
import { about, siteName } from './pieces.ts'

/** What `natplan lab up` and `natplan lab check` print. */
export const labDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    lab: z.string().check(about('The name of the lab.')),
    machines: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['internet', 'gateway', 'nat', 'host', 'worker']),
        addresses: z.array(z.string()),
        pid: z.int().check(about('The process that holds the machine, for nsenter --target.')),
      }),
    ),
    gateways: z.array(
      z.strictObject({
        site: siteName,
        machine: z.string(),
        platform: z.string().check(about('The platform in the plan; the lab runs Linux instead.')),
      }),
    ),
    leftOut: z.array(z.string()).check(about('Parts of the plan that the lab does not have.')),
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
