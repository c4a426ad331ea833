import { type Disposition, dispositions } from '@natplan/core'
import * as z from 'zod/mini'
import { about, prefix, siteName } from './pieces.ts'
import { missingRule } from './verify.ts'

const ends = z.strictObject({ source: z.string(), destination: z.string() })
const inFile = { file: z.optional(z.string()), line: z.optional(z.int()) }
const rule = {
  list: z.string(),
  rule: z.optional(z.int().check(about('Missing if the platform does not number its rules.'))),
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
    prefix: z.optional(prefix.check(about('The route that is used; missing for a default route.'))),
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
    isLater: z.optional(z.boolean().check(about('This is about later packets of a connection, not the first one.'))),
    set: z.string().check(about('The rule list or set that decided.')),
    rule: z.optional(z.int().check(about('Missing if no rule decided, or the platform does not number its rules.'))),
    ...inFile,
    source: z.string().check(about('The source as the filter sees it.')),
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
      destination: z.string().check(about("The address that the source's site uses.")),
      protocol: z.string(),
      sourcePort: z.optional(z.int().check(about('For protocols with ports, even if it was not given.'))),
      destinationPort: z.optional(z.int()),
    }),
    delivered: z.boolean().check(about('Whether the packet and its answer arrive as planned.')),
    disposition: z
      .enum(Object.keys(dispositions) as [Disposition, ...Disposition[]])
      .check(about('How it ends; docs/dispositions.md describes each value.')),
    way: way.check(about('Whether the packet itself or its answer ends there.')),
    site: siteName.check(about('Where it ends.')),
    reason: z.string(),
    advice: z.optional(z.string().check(about('The one thing to change.'))),
    inClear: z.boolean().check(about('Whether it goes towards the internet unencrypted.')),
    doubts: z.optional(
      z
        .array(z.strictObject({ site: siteName, ...inFile, what: z.string() }))
        .check(about('Why the end is not known: what was not understood.')),
    ),
    missingRules: z.optional(
      z.array(missingRule).check(about('Rules that would let the packet pass the filter that drops it.')),
    ),
    hops: z.array(
      z.strictObject({
        way,
        site: siteName,
        at: z.enum(['host', 'node', 'gateway']),
        arrives: ends,
        leaves: z.optional(ends.check(about('Missing where the path ends.'))),
        steps: z.array(step).check(about('What happens to the packet, in order.')),
      }),
    ),
  })
  .check(z.meta({ title: 'natplan trace', description: 'The result of natplan trace --output json.' }))

export type TraceDocument = z.infer<typeof traceDocument>
