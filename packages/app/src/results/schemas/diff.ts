import * as z from 'zod/mini'
import { about, finding, prefix, siteName } from './pieces.ts'

const operation = z.strictObject({
  kind: z
    .enum(['set', 'delete', 'replace', 'run'])
    .check(about('set and delete: a line of the device; replace: a file in place of another; run: a command.')),
  object: z.strictObject({
    kind: z
      .enum(['setting', 'vrf', 'interface', 'key', 'group', 'tunnel', 'rule', 'route', 'file'])
      .check(about('setting: tunnels that natplan did not make may use it too.')),
    name: z.string(),
    change: z.enum(['added', 'changed', 'removed']).check(about('What happens to the object as a whole.')),
  }),
  path: z
    .array(z.string())
    .check(about('The words after set or delete, the path of a file, or the words of a command; never a key.')),
  reason: z
    .enum(['missing', 'differs', 'surplus'])
    .check(
      about(
        'missing: not on the device; differs: has another value there; surplus: on the device but not in the plan.',
      ),
    ),
  text: z
    .string()
    .check(
      about(
        'What to enter, each line with its line end. Keys are replaced by a comment unless --show-secrets is given.',
      ),
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
          document: z.string().check(about('The file with the running configuration.')),
          operations: z
            .array(operation)
            .check(about('In the order in which to enter them; empty when the gateway does what the plan says.')),
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
            .check(about('Which flows the change breaks, for each pair of prefixes that the tunnel carries now.')),
        }),
      )
      .check(about('One for each site; empty when a finding is an error.')),
    findings: z.array(finding),
  })
  .check(z.meta({ title: 'natplan diff', description: 'The result of natplan diff --output json.' }))

export type DiffDocument = z.infer<typeof diffDocument>
