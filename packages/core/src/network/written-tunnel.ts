import * as z from 'zod/mini'
import { about, prefixText, shaped } from './written-texts.ts'

const algorithmName = z
  .string()
  .check(shaped(/^[a-z0-9]{2,24}$/, 'the name of an algorithm in small letters and digits, such as aes256'))

const proposal = z.strictObject({
  ike: z.strictObject({ encryption: algorithmName, hash: algorithmName, dhGroup: z.int() }),
  esp: z.strictObject({ encryption: algorithmName, hash: z.optional(algorithmName), dhGroup: z.int() }),
})

const starts = ['trap', 'initiate', 'respond'] as const

/** Seconds; the range that every platform takes for both lifetimes. */
const lifetime = z.int().check(z.gte(30), z.lte(86_400))

const deadPeerDetection = z.strictObject({
  action: z.optional(
    z
      .enum(['restart', 'clear', 'trap'])
      .check(about('What happens when the peer is silent: connect again (default), give up, or wait for a packet.')),
  ),
  interval: z.optional(
    z.int().check(z.gte(2), z.lte(3600), about('Seconds between two probes of a silent peer. Default 30.')),
  ),
  timeout: z.optional(
    z.int().check(z.gte(30), z.lte(86_400), about('Seconds until a peer counts as dead, with IKEv1. Default 120.')),
  ),
})

const storedName = z
  .string()
  .check(
    shaped(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
      'a name of letters, digits, dots, dashes and underscores, a letter or digit first',
    ),
  )

const certificates = z.strictObject({
  certificate: storedName.check(
    about("The gateway's own certificate, by its name on the device; the device also has its private key."),
  ),
  ca: storedName.check(about('The authority that signed both, by its name on the device.')),
})

export const tunnel = z.strictObject({
  sites: z
    .union([z.array(z.string()).check(z.length(2)), z.literal('all')])
    .check(
      about(
        'The names of the two sites. all: every pair of sites that each have a tunnel to the one that through names.',
      ),
    ),
  through: z.optional(
    z
      .string()
      .check(
        about(
          'The site that forwards what the two send to each other: both have a tunnel to it, and none to each other. It allows no other key but sites.',
        ),
      ),
  ),
  mode: z.optional(
    z
      .enum(['policy', 'route'])
      .check(
        about(
          'policy (default): the IPsec selectors choose the packets. route: static routes send them into a virtual interface, where NAT is done.',
        ),
      ),
  ),
  selectors: z.optional(
    z
      .enum(['any', 'narrow'])
      .check(
        about(
          'What the tunnel of a virtual interface carries: any (default), 0.0.0.0/0 on both sides; narrow, the visible prefixes as with mode: policy.',
        ),
      ),
  ),
  link: z.optional(
    prefixText.check(
      about(
        'The network of the two virtual interfaces, /30 or /31, such as 169.254.10.0/30; the first address goes to the first of sites. Default: they have none.',
      ),
    ),
  ),
  uplinks: z.optional(
    z
      .record(z.string(), z.string())
      .check(
        about(
          'The uplink that the tunnel uses, by site; a site that is not named uses outside. Several tunnels between two sites take over from each other in the order of the file; all have mode: route.',
        ),
      ),
  ),
  translateAt: z.optional(
    z
      .string()
      .check(
        about(
          'The site whose gateway does all translation, for both sites; the other gateway does none. Default: each translates its own subnets.',
        ),
      ),
  ),
  preSharedKey: z.optional(
    z
      .union([
        z.strictObject({
          env: z
            .string()
            .check(
              shaped(
                /^[A-Za-z_][A-Za-z0-9_]*$/,
                'the name of a variable: letters, digits and underscores, no digit first',
              ),
              about('The name of an environment variable; only those that begin with NATPLAN_ are read.'),
            ),
        }),
        z.strictObject({
          file: z
            .string()
            .check(
              z.minLength(1),
              shaped(/^[^{]*(\{(?![A-Za-z]+\})[^{]*)*$/, 'a path in which only {site} and {peer} stand in braces'),
              about(
                'The path of a file, relative to the plan file; it must be below the folder of the plan, or below one that --key-folder names.',
              ),
            ),
        }),
      ])
      .check(about('Where to read the key from when configuration is written; never the key itself.')),
  ),
  authentication: z.optional(
    z
      .union([certificates, z.record(z.string(), certificates)])
      .check(
        about(
          'Certificates instead of a pre-shared key, for both gateways or by site: their names on the devices, never the certificates themselves.',
        ),
      ),
  ),
  proposal: z.optional(
    z
      .union([z.enum(['modern', 'compatible']), proposal])
      .check(
        about(
          'The IKE and ESP algorithms. Default: modern if both gateways support it, otherwise the strongest that both support. If modern is written, it is required.',
        ),
      ),
  ),
  ike: z.optional(
    z.strictObject({
      version: z.optional(z.union([z.literal(1), z.literal(2)]).check(about('Default 2 if both gateways support it.'))),
      lifetime: z.optional(lifetime.check(about('Seconds until the IKE keys are changed. Default 28800.'))),
    }),
  ),
  esp: z.optional(
    z.strictObject({
      lifetime: z.optional(lifetime.check(about('Seconds until the ESP keys are changed. Default 3600.'))),
    }),
  ),
  deadPeerDetection: z.optional(
    deadPeerDetection.check(about('When a silent peer counts as dead, and what happens then.')),
  ),
  forceNatTraversal: z.optional(
    z.boolean().check(about('Encapsulate in UDP 4500 even when no NAT is detected. Default false.')),
  ),
  start: z.optional(
    z
      .union([z.enum(starts), z.record(z.string(), z.enum(starts))])
      .check(
        about(
          'Who brings the tunnel up, for both gateways or by site. trap (default): the first packet, and none leaves unencrypted before; initiate: at once; respond: only the peer. Where the address of one end changes, that end initiates and the other responds.',
        ),
      ),
  ),
})
