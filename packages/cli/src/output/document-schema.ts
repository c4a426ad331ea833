import { type Disposition, dispositions } from '@natplan/core'
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

const ends = z.strictObject({ source: z.string(), destination: z.string() })
const inFile = { file: z.optional(z.string()), line: z.optional(z.int()) }
const side = z.enum(['source', 'destination'])
const step = z.union([
  z.strictObject({
    kind: z.literal('route'),
    to: z.enum(['link', 'gateway', 'public', 'cluster', 'inside', 'outside', 'virtual', 'nowhere']),
    prefix: z.optional(prefix.check(about('The route that decides; missing for a default route.'))),
  }),
  z.strictObject({
    kind: z.literal('translate'),
    side,
    rule: z.int(),
    ...inFile,
    from: z.string(),
    becomes: z.string(),
  }),
  z.strictObject({ kind: z.literal('exempt'), side, rule: z.int(), ...inFile }),
  z.strictObject({ kind: z.literal('restore'), side, from: z.string(), becomes: z.string() }),
  z.strictObject({ kind: z.literal('masquerade'), from: z.string(), becomes: z.string() }),
  z.strictObject({
    kind: z.enum(['encrypt', 'decrypt']),
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
      sourcePort: z.optional(z.int()),
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

const ranges = z.strictObject({ fromFirst: z.int(), fromSecond: z.int() })

/** What `natplan verify --output json` prints. */
export const verifyDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    proven: z
      .boolean()
      .check(about('Every address arrives with its answer through every tunnel, and nothing was left out.')),
    tunnels: z.array(
      z.strictObject({
        sites: z
          .array(z.string())
          .check(about('The two sites; the second is what the first calls its peer when bothEnds is false.')),
        bothEnds: z.boolean().check(about('Whether both gateways are known.')),
        proven: z.boolean(),
        delivered: ranges.check(
          about('Address ranges of which every packet and its answer arrive, by the site that sends.'),
        ),
        failing: ranges.check(about('Address ranges of which some do not.')),
        keys: z.enum(['equal', 'different', 'unknown']).check(about('unknown: a configuration does not show its key.')),
        linesLeftOut: z.int().check(about('Lines of both configurations that natplan does not understand.')),
      }),
    ),
    inferred: z
      .array(
        z.strictObject({
          site: siteName,
          kind: z.enum(['outside', 'inside', 'subnet', 'network', 'public-address']),
          value: z.string(),
          because: z.string(),
        }),
      )
      .check(about('What no configuration says and was concluded from what they say.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan verify', description: 'The result of natplan verify --output json.' }))

const operation = z.strictObject({
  kind: z
    .enum(['set', 'delete', 'replace', 'run'])
    .check(about('set and delete: a line of the device; replace: a file in place of another; run: a command.')),
  object: z.strictObject({
    kind: z
      .enum(['setting', 'interface', 'key', 'group', 'tunnel', 'rule', 'route', 'file'])
      .check(about('setting: one that tunnels of others may use too.')),
    name: z.string(),
    change: z.enum(['added', 'changed', 'removed']).check(about('What becomes of the object as a whole.')),
  }),
  path: z
    .array(z.string())
    .check(about('The words behind set or delete, the path of a file, or the words of a command; never a key.')),
  reason: z
    .enum(['missing', 'differs', 'surplus'])
    .check(about('missing: not there; differs: there with another value; surplus: there and not in the plan.')),
  text: z
    .string()
    .check(
      about('What to enter, each line with its end. A comment in place of a key, unless --show-secrets is given.'),
    ),
})

/** What `natplan diff --output json` prints. */
export const diffDocument = z
  .strictObject({
    schemaVersion: z.literal(1),
    gateways: z
      .array(
        z.strictObject({
          site: siteName,
          platform: z.string(),
          document: z.string().check(about('The file that the gateway was compared from.')),
          operations: z
            .array(operation)
            .check(
              about('In the order in which they are to be entered; empty when the gateway does what the plan says.'),
            ),
          keys: z.array(
            z.strictObject({ peer: siteName, outcome: z.enum(['same', 'differs', 'missing', 'not compared']) }),
          ),
          cuts: z
            .array(
              z.strictObject({
                kind: z
                  .enum(['ends', 'waits', 'translates'])
                  .check(
                    about(
                      'ends: the plan does not have the pair; waits: until the gateway of the peer has the same change; translates: open flows keep their old addresses.',
                    ),
                  ),
                peer: z.string(),
                local: prefix,
                remote: prefix,
              }),
            )
            .check(about('Which flows the change breaks, by what the tunnel carries now.')),
        }),
      )
      .check(about('By site; empty when a finding is an error.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan diff', description: 'The result of natplan diff --output json.' }))

export type DiffDocument = z.infer<typeof diffDocument>
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
export type VerifyDocument = z.infer<typeof verifyDocument>
