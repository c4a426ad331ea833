import * as z from 'zod/mini'
import { about, siteName } from './pieces.ts'

const address = z.string().check(about('An IP address.'))
const port = z.strictObject({ protocol: z.enum(['tcp', 'udp']), port: z.int(), toPort: z.int() })

const entry = z.strictObject({
  at: siteName.check(about('The site that calls.')),
  peer: siteName.check(about('The site of the host.')),
  host: z.string(),
  real: address,
  address: z.optional(
    address.check(about('The address that the site uses for it; missing if it cannot reach the host.')),
  ),
  names: z.optional(z.array(z.string()).check(about('Names of the address; reverse lookups give the first one.'))),
  translated: z.optional(z.boolean()),
  ports: z.optional(z.array(port).check(about('The host hides, and only these ports lead to it.'))),
  unreachable: z.optional(
    z.strictObject({
      kind: z.enum(['apart', 'family', 'hidden', 'reserved', 'outside', 'nowhere']),
      text: z.string(),
    }),
  ),
  over: z.optional(siteName.check(about('The site that forwards what the two send to each other.'))),
})

/** What `natplan names --output json` prints. */
export const namesDocument = z.strictObject({ schemaVersion: z.literal(1), entries: z.array(entry) })

const wrong = z.strictObject({
  line: z.int(),
  at: siteName,
  name: z.string(),
  address,
  reverse: z.optional(z.boolean().check(about('A PTR record gives the name for the address.'))),
  kind: z.enum(['unreachable', 'another']),
  text: z.string().check(about('What the address is.')),
  should: z.array(address).check(about('The addresses that the site uses for the host; empty if it cannot reach it.')),
})

/** What `natplan names --check FILE --output json` prints. */
export const checkedNamesDocument = z.strictObject({
  schemaVersion: z.literal(1),
  files: z.array(
    z.strictObject({
      file: z.string(),
      checked: z.int().check(about('How many entries were checked; an entry counts once for each site.')),
      notKnown: z.int().check(about('How many of them the plan does not know.')),
      leftOut: z.array(z.strictObject({ what: z.string(), count: z.int() })),
      wrong: z.array(wrong),
    }),
  ),
})

export type NamesDocument = z.infer<typeof namesDocument>
export type NamesEntryDocument = z.infer<typeof entry>
export type CheckedNamesDocument = z.infer<typeof checkedNamesDocument>
