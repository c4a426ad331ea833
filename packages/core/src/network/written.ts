import * as z from 'zod/mini'
import { gateway } from './written-gateway.ts'
import { kubernetes } from './written-kubernetes.ts'
import { subnet } from './written-subnet.ts'
import { about, prefixText } from './written-texts.ts'
import { tunnel } from './written-tunnel.ts'

const site = z.strictObject({
  subnets: z
    .array(z.union([prefixText, subnet]))
    .check(about('The prefixes that take part in tunnels, each a text or a mapping with options.')),
  reserved: z.optional(
    z.array(prefixText).check(about('Space in use at the site that no tunnel reaches; never handed out.')),
  ),
  kubernetes: z.optional(kubernetes.check(about('The site has worker nodes that need routes.'))),
  gateway: z.optional(gateway.check(about('The IPSec endpoint of the site.'))),
})

/** The plan file as people write it. */
export const writtenNetwork = z
  .strictObject({
    version: z.literal(1).check(about('The version of the plan file: 1.')),
    pools: z.optional(
      z
        .array(prefixText)
        .check(
          about(
            'Unused private space that translated prefixes are drawn from, in order. Default 192.168.0.0/16, then 172.16.0.0/12, then 100.64.0.0/10.',
          ),
        ),
    ),
    avoid: z.optional(z.array(prefixText).check(about('Space that is never handed out.'))),
    own: z.optional(
      z
        .array(prefixText)
        .check(
          about(
            'Public space that belongs to whoever writes the plan: pools, translateTo and hideBehind may lie there as in private space.',
          ),
        ),
    ),
    sites: z
      .record(z.string(), site)
      .check(about('The sites by name. A name is a letter, then up to 30 letters, digits, "-" or "_".')),
    tunnels: z.optional(
      z
        .array(tunnel)
        .check(about('Which sites are joined. Without this key every pair of sites is taken as connected.')),
    ),
    moved: z.optional(
      z
        .array(z.strictObject({ from: z.string(), to: z.string() }))
        .check(
          about(
            'Sites that have another name now: from the name in the lock to the one under sites. Their translated prefixes and rule numbers stay. May be removed once the lock is saved.',
          ),
        ),
    ),
  })
  .check(z.meta({ title: 'natplan plan file', description: 'The networks that natplan joins.' }))

export type WrittenNetwork = z.infer<typeof writtenNetwork>
export type WrittenSite = z.infer<typeof site>
export type WrittenTunnel = z.infer<typeof tunnel>
