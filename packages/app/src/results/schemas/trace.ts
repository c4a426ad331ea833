import { type Disposition, dispositions } from '@natplan/core'
import * as z from 'zod/mini'
import { about, prefix, siteName } from './pieces.ts'
import { missingRule } from './verify.ts'

const ends = z.strictObject({ source: z.string(), destination: z.string() })
const inFile = { file: z.optional(z.string()), line: z.optional(z.int()) }
const rule = {
  list: z.string(),
  rule: z.optional(z.int().check(about('Missing where the platform has no numbers.'))),
  ...inFile,
}
const side = z.enum(['source', 'destination'])
const step = z.union([
  z.strictObject({
    kind: z.literal('route'),
    to: z.enum([
      'link',
      'gateway',
      'proxied',
      'public',
      'cluster',
      'inside',
      'outside',
      'virtual',
      'joined',
      'far',
      'nowhere',
      'unknown',
    ]),
    prefix: z.optional(prefix.check(about('The route that decides; missing for a default route.'))),
    interface: z.optional(z.string()),
  }),
  z.strictObject({
    kind: z.literal('translate'),
    side,
    ...rule,
    from: z.string(),
    becomes: z.string(),
  }),
  z.strictObject({ kind: z.literal('exempt'), side, ...rule }),
  z.strictObject({
    kind: z.literal('filter'),
    verdict: z.enum(['accept', 'drop', 'reject']),
    isLater: z.optional(
      z.boolean().check(about('Not about the first packet of a connection, but about those that follow it.')),
    ),
    set: z.string().check(about('The list or the set of rules that decided.')),
    rule: z.optional(z.int().check(about('Missing where no rule decided, or the platform has no numbers.'))),
    ...inFile,
    source: z.string().check(about('As the filter sees the packet.')),
    destination: z.string(),
  }),
  z.strictObject({ kind: z.literal('restore'), side, from: z.string(), becomes: z.string() }),
  z.strictObject({ kind: z.literal('masquerade'), from: z.string(), becomes: z.string() }),
  z.strictObject({
    kind: z.enum(['encrypt', 'decrypt', 'pass']),
    tunnel: z.string(),
    local: prefix,
    remote: prefix,
    ...inFile,
  }),
  z.strictObject({ kind: z.literal('deliver') }),
])
const way = z.enum(['there', 'back'])

/** What `natplan trace --output json` prints. */
export const traceDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    packet: z.strictObject({
      from: siteName,
      source: z.string(),
      destination: z.string().check(about("As the source's site calls it.")),
      protocol: z.string(),
      sourcePort: z.optional(z.int().check(about('Of protocols that have ports, also where it was not given.'))),
      destinationPort: z.optional(z.int()),
    }),
    delivered: z.boolean().check(about('Whether packet and answer arrive as the plan says.')),
    disposition: z
      .enum(Object.keys(dispositions) as [Disposition, ...Disposition[]])
      .check(about('How it ends; docs/dispositions.md describes each.')),
    way: way.check(about('Whether the packet itself ends so, or its answer.')),
    site: siteName.check(about('Where it ends.')),
    reason: z.string(),
    advice: z.optional(z.string().check(about('The one thing to change.'))),
    inClear: z.boolean().check(about('Whether it goes towards the internet as it is, where others can read it.')),
    doubts: z.optional(
      z
        .array(z.strictObject({ site: siteName, ...inFile, what: z.string() }))
        .check(about('Why the end is not known: what was not understood.')),
    ),
    missingRules: z.optional(
      z.array(missingRule).check(about('What would let the packet pass the filter that drops it.')),
    ),
    hops: z.array(
      z.strictObject({
        way,
        site: siteName,
        at: z.enum(['host', 'node', 'gateway']),
        arrives: ends,
        leaves: z.optional(ends.check(about('Missing where the way ends.'))),
        steps: z.array(step).check(about('What happens to the packet, in order.')),
      }),
    ),
  })
  .check(z.meta({ title: 'natplan trace', description: 'The result of natplan trace --output json.' }))

export type TraceDocument = z.infer<typeof traceDocument>
