import * as z from 'zod/mini'
import { opened } from './opened.ts'
import { gateway } from './written-gateway.ts'
import { writtenInclude } from './written-include.ts'
import { kubernetes } from './written-kubernetes.ts'
import { subnet } from './written-subnet.ts'
import { about, addressText, prefixText } from './written-texts.ts'
import { tunnel } from './written-tunnel.ts'

const subnets = z
  .array(z.union([prefixText, subnet]))
  .check(about('The prefixes that take part in tunnels, each a text or a mapping with options.'))
const reserved = z.optional(
  z.array(prefixText).check(about('Space in use at the site that no tunnel reaches; never handed out.')),
)
const hosts = z.optional(
  z
    .record(z.string(), z.union([addressText, z.array(addressText).check(z.minLength(1))]))
    .check(
      about(
        'Hosts of the site by name, each with its address or several: db: 10.0.1.20. A name is a DNS name in lower case: db, db.example.net.',
      ),
    ),
)
const domain = z.optional(
  z
    .string()
    .check(
      about(
        'The DNS domain of the site, such as corp.example: natplan names then lists db as db.corp.example beside db.SITE, with the address that each peer uses.',
      ),
    ),
)
const aboutCluster = about('The site has worker nodes that need routes.')
const aboutGateway = about('The IPsec endpoint of the site.')

const ofEverySite = { subnets, reserved, hosts, domain }

const site = z.strictObject({
  ...ofEverySite,
  kubernetes: z.optional(kubernetes.check(aboutCluster)),
  gateway: z.optional(gateway.check(aboutGateway)),
})

/** A plan file with sites, tunnels and defaults of the given form. */
function planOf<Site extends z.ZodMiniType, Tunnel extends z.ZodMiniType, Defaults extends z.ZodMiniType>(
  sites: Site,
  tunnels: Tunnel,
  defaults: Defaults,
) {
  return z
    .strictObject({
      version: z.literal(1).check(about('The version of the plan file: 1.')),
      include: z.optional(writtenInclude),
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
              'Public space that belongs to the owner of the plan: pools, translateTo and hideBehind may use it like private space.',
            ),
          ),
      ),
      defaults: z.optional(defaults),
      sites: z
        .record(z.string(), sites)
        .check(about('The sites by name. A name is a letter, then up to 30 letters, digits, "-" or "_".')),
      tunnels: z.optional(
        z
          .array(tunnels)
          .check(about('Which sites are joined. Without this key every pair of sites counts as connected.')),
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
}

/** The plan file with all that a site and a tunnel need written there. What it says of defaults is looked at by `writtenPlan`. */
export const writtenNetwork = planOf(site, tunnel, z.unknown())

/**
 * The plan file as people write it: what its defaults say may be left out, and texts may hold `{site}` and `{peer}`. Made when it is asked for, since
 * most plans have no defaults.
 */
export const writtenPlan = once(() => {
  const openGateway = opened(gateway)
  const openCluster = opened(kubernetes)
  const openTunnel = z.strictObject({ ...opened(tunnel).shape, sites: tunnel.shape.sites })
  const openSite = z.strictObject({
    ...ofEverySite,
    kubernetes: z.optional(openCluster.check(aboutCluster)),
    gateway: z.optional(openGateway.check(aboutGateway)),
  })
  const { sites: _sites, through: _through, link: _link, ...tunnelDefaults } = openTunnel.shape
  const defaults = z.strictObject({
    gateway: z.optional(
      openGateway.check(
        about('For every site that sets at least one gateway key; if outside.address is set here, for every site.'),
      ),
    ),
    kubernetes: z.optional(
      openCluster.check(about('For every site that has the kubernetes key, which may be empty: {}.')),
    ),
    tunnel: z.optional(
      z.strictObject(tunnelDefaults).check(about('For every tunnel listed under tunnels, except those with through.')),
    ),
  })
  return planOf(
    openSite,
    openTunnel,
    defaults.check(
      about(
        'Values for sites and tunnels that do not set their own; a key without a value means none. {site} and {peer} in a text stand for names.',
      ),
    ),
  )
})

function once<Thing>(make: () => Thing): () => Thing {
  let made: { readonly thing: Thing } | undefined
  return () => {
    made ??= { thing: make() }
    return made.thing
  }
}

export type WrittenNetwork = z.infer<typeof writtenNetwork>
export type WrittenPlan = z.infer<ReturnType<typeof writtenPlan>>
export type WrittenSite = z.infer<typeof site>
export type WrittenTunnel = z.infer<typeof tunnel>
