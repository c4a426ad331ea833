import * as z from 'zod/mini'
import { kubernetes } from './written-kubernetes.ts'
import { about, addressText, prefixText, shaped } from './written-texts.ts'

/** The configuration languages that natplan writes. */
export const platforms = [
  'vyos-1.5',
  'vyos-1.4',
  'vyos-1.3',
  'vyatta-5600',
  'vyatta-5400',
  'edgeos',
  'linux',
  'azure',
  'aws',
  'gcp',
  'generic',
] as const
export type Platform = (typeof platforms)[number]

const interfaceName = z
  .string()
  .check(
    shaped(/^[A-Za-z][A-Za-z0-9._-]{0,30}$/, 'a name of letters, digits, dots, dashes and underscores, a letter first'),
    about('An interface name as the device shows it, such as eth1 or dp0bond1.'),
  )

const portNumber = z.int().check(z.gte(1), z.lte(65_535))

const forward = z.strictObject({
  port: portNumber.check(about('The port that the peers call.')),
  to: addressText.check(about('The host of the subnet that it leads to.')),
  toPort: z.optional(portNumber.check(about('The port of the host. Default: the same.'))),
  protocol: z.optional(z.enum(['tcp', 'udp']).check(about('Default tcp.'))),
})

const subnet = z.strictObject({
  prefix: prefixText,
  name: z.optional(
    z
      .string()
      .check(
        shaped(
          /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/,
          'at most 63 letters, digits, blanks, dots, dashes and underscores, a letter or digit first',
        ),
        about('A name for people, such as warehouse.'),
      ),
  ),
  translate: z.optional(
    z
      .enum(['auto', 'always', 'never'])
      .check(
        about(
          'auto: translated where it collides (default; with translateTo: always). always: translated on every tunnel. never: an error when it would have to be.',
        ),
      ),
  ),
  translateTo: z.optional(prefixText.check(about('A pin: the translated prefix to use, of the same length.'))),
  hideBehind: z.optional(
    z
      .string()
      .check(
        about(
          'Many to one: an address such as 203.0.113.5, or a small prefix (/24 to /31), that all hosts of the subnet have towards the peers. Only they open connections then, but for forwards. Several subnets of a site may share it.',
        ),
      ),
  ),
  forwards: z.optional(
    z
      .array(forward)
      .check(about('Ports of the address of hideBehind that lead to hosts of the subnet, for the peers.')),
  ),
  free: z.optional(
    z
      .array(prefixText)
      .check(
        about(
          'Parts of the subnet that no host has, such as 10.0.1.240/28: single hosts of other sites may be called by addresses there (translateTo or hideBehind). What that needs stands in docs/tunnels.md.',
        ),
      ),
  ),
})

const setName = z
  .string()
  .check(
    shaped(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}( [A-Za-z0-9_][A-Za-z0-9_.-]{0,62}){0,2}$/,
      'a name of letters, digits, dots, dashes and underscores, or up to three such words',
    ),
    about('As the device names it: WAN_IN; "forward filter" on vyos-1.4 and 1.5; "inet filter forward" on linux.'),
  )

const filterSet = z.union([
  setName,
  z.strictObject({
    set: setName,
    first: z.optional(
      z
        .int()
        .check(
          z.gte(1),
          z.lte(999_999),
          about('The number of its first rule, in front of what drops. Default ruleBase.'),
        ),
    ),
  }),
])

const filterSets = z.union([filterSet, z.array(filterSet).check(z.minLength(1))])

/** Which packets of the tunnels a set of filters is for: of hosts, or of the gateways themselves. */
const firewall = z.strictObject({
  fromPeers: z.optional(filterSets.check(about('Sets that packets of the peers for hosts here meet.'))),
  toPeers: z.optional(filterSets.check(about('Sets that packets of hosts here for the peers meet.'))),
  gatewayIn: z.optional(filterSets.check(about('Sets that IKE and ESP of the peers for this gateway meet.'))),
  gatewayOut: z.optional(
    filterSets.check(about('Sets that IKE and ESP of this gateway meet, where it filters those.')),
  ),
})

const hostName = z.strictObject({
  host: z
    .string()
    .check(
      shaped(
        /^(?=.{1,126}$)(?!.*\.\d+$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
        'a host name such as branch.example.net (an address stands alone: address: 192.0.2.1)',
      ),
      about('A name that peers look up, for an address that changes.'),
    ),
})

const outsideAddress = z
  .union([z.literal('dynamic'), addressText, hostName])
  .check(
    about(
      'The address of the interface. dynamic: it changes, nobody can call this gateway, and identity must be a name; host: it changes, and peers look it up.',
    ),
  )

const publicAddress = z
  .union([z.literal('dynamic'), addressText, hostName])
  .check(
    about(
      'What peers send to, when the gateway is behind a NAT and address is its private one: an address, a host name, or dynamic where nobody can call it.',
    ),
  )

const mtu = z.int().check(z.gte(1000), z.lte(9216), about('The path MTU towards the peers, in bytes. Default 1500.'))

const gateway = z.strictObject({
  platform: z.optional(z.enum(platforms).check(about("The gateway's configuration language. Default generic."))),
  outside: z
    .strictObject({
      interface: z.optional(
        interfaceName.check(
          about(
            'Its interface as the device shows it, such as eth1 or dp0bond1. The gateways of azure, aws and gcp have none; every other one needs it.',
          ),
        ),
      ),
      address: outsideAddress,
      publicAddress: z.optional(publicAddress),
      mtu: z.optional(mtu),
    })
    .check(about('Where the tunnel ends: the side of the internet.')),
  uplinks: z.optional(
    z
      .record(
        z.string(),
        z.strictObject({
          interface: interfaceName,
          address: outsideAddress,
          publicAddress: z.optional(publicAddress),
          mtu: z.optional(mtu),
          nextHop: z.optional(
            addressText.check(
              about(
                'The router behind it: packets of the tunnel to the peer are routed there. Without it such a route must be there already.',
              ),
            ),
          ),
        }),
      )
      .check(
        about(
          'Further ways to the internet by name, for second tunnels to the same peer. A name is a letter, then up to 14 letters, digits, "-" or "_".',
        ),
      ),
  ),
  inside: z.optional(z.strictObject({ interface: interfaceName }).check(about('The side of the subnets.'))),
  identity: z.optional(
    z
      .string()
      .check(
        shaped(/^[A-Za-z0-9@][A-Za-z0-9@.:_-]{0,126}$/, 'an address or a name of letters, digits and @ . : _ -'),
        about('The IKE identity of the gateway. Default: the address that peers send to.'),
      ),
  ),
  virtualInterface: z.optional(
    z
      .strictObject({
        name: z.optional(
          z
            .string()
            .check(
              shaped(/^vfp(0|[1-9][0-9]{0,8})$/, 'vfp and a number, such as vfp0'),
              about('Its name. Default vfp0.'),
            ),
        ),
        address: z.optional(addressText.check(about('Its address, used for nothing else. Default 169.254.123.123.'))),
      })
      .check(about('The virtual feature point behind the tunnels; only vyatta-5600 has one.')),
  ),
  firewall: z.optional(
    firewall.check(
      about(
        "Sets of the gateway's own firewall that get rules for the tunnels; with zones, those of the pairs. Without this key the rules are comments.",
      ),
    ),
  ),
  interfaceBase: z.optional(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(8000),
        about('The first number of the virtual interfaces of tunnels, such as 100 for vti100. Default 100.'),
      ),
  ),
  ruleBase: z.optional(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(999_999),
        about(
          'The first rule and selector number that natplan uses on this gateway. Default 1000. On edgeos source rules take a number 4000 higher.',
        ),
      ),
  ),
})

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
    z.int().check(z.gte(2), z.lte(3600), about('Seconds between two questions to a silent peer. Default 30.')),
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
    about("The gateway's own certificate, by the name that it has on the device; the device has its private key too."),
  ),
  ca: storedName.check(about('The authority that signed both, by its name on the device.')),
})

const tunnel = z.strictObject({
  sites: z
    .union([z.array(z.string()).check(z.length(2)), z.literal('all')])
    .check(
      about('The names of the two sites. all: every pair of sites that have a tunnel to the one that through names.'),
    ),
  through: z.optional(
    z
      .string()
      .check(
        about(
          'The site that hands on what the two send to each other: both have a tunnel to it, and none of their own. No other key but sites goes with it.',
        ),
      ),
  ),
  mode: z.optional(
    z
      .enum(['policy', 'route'])
      .check(
        about(
          'policy (default): the selectors of IPSec choose the packets. route: static routes lead them into a virtual interface, where NAT is done.',
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
          'The one of the two sites whose gateway does all translation, also that of the other one, which enters none. Default: each translates its own subnets.',
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
              about(
                'The path of a file, from the plan file on; it lies below the folder of the plan, or below one that --key-folder names.',
              ),
            ),
        }),
      ])
      .check(about('Where the key is read from when configuration is written; never the key itself.')),
  ),
  authentication: z.optional(
    z
      .union([certificates, z.record(z.string(), certificates)])
      .check(
        about(
          'Certificates instead of a pre-shared key, for both gateways or by site: names of what is on the devices, never the things themselves.',
        ),
      ),
  ),
  proposal: z.optional(
    z
      .union([z.enum(['modern', 'compatible']), proposal])
      .check(
        about(
          'The IKE and ESP algorithms. Default: modern where both gateways can, else the strongest that both can. Written out, modern is a demand.',
        ),
      ),
  ),
  ike: z.optional(
    z.strictObject({
      version: z.optional(z.union([z.literal(1), z.literal(2)]).check(about('Default 2 where both gateways can.'))),
      lifetime: z.optional(lifetime.check(about('Seconds until the IKE keys are changed. Default 28800.'))),
    }),
  ),
  esp: z.optional(
    z.strictObject({
      lifetime: z.optional(lifetime.check(about('Seconds until the ESP keys are changed. Default 3600.'))),
    }),
  ),
  deadPeerDetection: z.optional(deadPeerDetection.check(about('When a silent peer counts as dead, and what then.'))),
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
