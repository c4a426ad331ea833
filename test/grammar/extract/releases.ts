import { join } from 'node:path'
import type { Source } from '../table.ts'
import { readNodeDefs } from './node-def.ts'
import { presumedOfEdgeos, presumedOfVyos15 } from './presumed.ts'
import type { Schema } from './schema.ts'
import { readVyosXml } from './vyos-xml.ts'
import { readYang } from './yang.ts'

/** How the facts of a release are read: its sources, and the nodes that natplan may write. */
export interface Release {
  readonly sources: readonly (Source & { readonly form: 'vyos-xml' | 'node.def' | 'yang' })[]
  readonly scope: readonly string[]
  /** What is said of a release whose own grammar nobody can read. */
  readonly presumed?: (schema: Schema) => void
}

const interfaces = (leaves: readonly string[]) =>
  leaves.flatMap((leaf) => [`interfaces * ${leaf}`, `interfaces * vif ${leaf}`])

const vyos = (branch: string, commit: string): Source & { readonly form: 'vyos-xml' } => ({
  repository: 'vyos/vyos-1x',
  branch,
  commit,
  paths: ['interface-definitions'],
  form: 'vyos-xml',
})

const peers = (root: string) => [`${root} esp-group **`, `${root} ike-group **`, `${root} site-to-site peer **`]

const newVyosScope = [
  ...interfaces(['address', 'description', 'ip adjust-mss']),
  'interfaces vti vrf',
  'interfaces virtual-ethernet address',
  'interfaces virtual-ethernet description',
  'interfaces virtual-ethernet peer-name',
  'interfaces virtual-ethernet vrf',
  'nat source rule **',
  'nat destination rule **',
  ...['protocols static', 'vrf name protocols static'].flatMap((root) =>
    ['route', 'route6'].flatMap((leaf) =>
      ['blackhole', 'interface', 'next-hop'].map((way) => `${root} ${leaf} ${way} distance`),
    ),
  ),
  'vrf name table',
  ...peers('vpn ipsec'),
  'vpn ipsec authentication psk **',
  'vpn ipsec interface',
  'vpn ipsec options disable-route-autoinstall',
  ...['ipv4', 'ipv6'].flatMap((family) => [
    ...['forward', 'input', 'output'].flatMap((hook) => rules(`firewall ${family} ${hook} filter`)),
    ...rules(`firewall ${family} name`),
  ]),
  'firewall group * **',
  'firewall zone from firewall **',
]

function rules(set: string): string[] {
  const leaves = [
    'action',
    'description',
    'protocol',
    'ipsec **',
    'inbound-interface **',
    'source address',
    'source group **',
  ]
  const more = ['destination address', 'destination group **', 'destination port', 'source port']
  return [`${set} default-action`, ...[...leaves, ...more].map((leaf) => `${set} rule ${leaf}`)]
}

const oldRoutes = ['route **', 'route6 **', 'interface-route **', 'interface-route6 **'].map(
  (line) => `protocols static ${line}`,
)

const oldVyattaScope = [
  ...interfaces(['address', 'description']),
  ...oldRoutes,
  ...peers('vpn ipsec'),
  'vpn ipsec ipsec-interfaces **',
  'vpn ipsec options **',
  'firewall options **',
  'firewall group **',
  ...rules('firewall name'),
  ...rules('firewall ipv6-name'),
  'zone-policy zone from **',
]

const templates = (repository: string, branch: string, commit: string, path = 'templates') =>
  ({ repository: `vyos/${repository}`, branch, commit, paths: [path], form: 'node.def' }) as const

const danos = (repository: string, commit: string) =>
  ({ repository: `danos/${repository}`, branch: 'master', commit, paths: ['yang'], form: 'yang' }) as const

const vpnOfVyatta = 'vyatta-cfg-vpn'

/**
 * The public branch circinus of 2024 is older than what became 1.5; `current` of later that year has the words of 1.5 (`match-ipsec-in`).
 * VyOS 1.3 has its NAT, IPsec, static routes and filters still as templates of Vyatta; EdgeOS descends from Vyatta 6.3 (branch napa) and took over
 * IPsec with VTI from later ones, so that this part is read from 6.5 (pacifica), as that of the 5400.
 */
export const releases: Readonly<Record<string, Release>> = {
  'vyos-1.5': {
    sources: [vyos('current', '3710c5879f5733d05aae6e156f74d62b73821b2d')],
    scope: newVyosScope,
    presumed: presumedOfVyos15,
  },
  'vyos-1.4': { sources: [vyos('sagitta', 'c3f688653511881a2270d83cd0f098b45bfa7148')], scope: newVyosScope },
  'vyos-1.3': {
    sources: [
      templates('vyatta-nat', 'equuleus', '01b9a8598dabd391cc42da4c66d7a8067846b12b', 'templates-cfg'),
      templates(vpnOfVyatta, 'equuleus', '9cc815ff47ca58160d029fec25203ad7b0032eda'),
      templates('vyatta-cfg-system', 'equuleus', 'b66838f36190a672ea8aa7c91921d2125750c1e5'),
      templates('vyatta-cfg-firewall', 'equuleus', '49dd3dc21d7069c1934541c05ecb2201bd8313a2'),
      templates('vyatta-zone', 'equuleus', 'f5fdd26e054036030e6ae6b1cf4169c86b653a30', 'templates-cfg'),
      templates('vyatta-cfg-quagga', 'equuleus', 'fa7b0412c16b8ac861337eb2e993cb68540fdaf6'),
      vyos('equuleus', 'a79b59070ca0039aec0a43a68e427b1d75b40cd0'),
    ],
    scope: [...oldVyattaScope, 'nat source rule **', 'nat destination rule **'],
  },
  'vyatta-5400': {
    sources: [
      templates('vyatta-nat', 'pacifica', 'cfbe077831d453d5879dd76342fbd30324d55960', 'templates-cfg'),
      templates(vpnOfVyatta, 'pacifica', '39a8d25291b699ff9e98d7be86a96ab850ab1102'),
      templates('vyatta-cfg-system', 'pacifica', '2d8f1d09b2b3370abf96d9527d90a6aea3bd7b11'),
      templates('vyatta-cfg-firewall', 'pacifica', 'e2bac441188ac77f06beee93ecccef09a5efe8ce'),
      templates('vyatta-zone', 'pacifica', '035867ed0c21c7115920276ca076935734b03988', 'templates-cfg'),
      templates('vyatta-cfg-quagga', 'pacifica', 'be02521774b29fad60a8ea533c41828a6718671a'),
    ],
    scope: [...oldVyattaScope, 'nat source rule **', 'nat destination rule **'],
  },
  edgeos: {
    sources: [
      templates('vyatta-nat', 'napa', 'b606dd776ef6d097ab229bb71b3a8724fb93def1', 'templates-cfg'),
      templates(vpnOfVyatta, 'pacifica', '39a8d25291b699ff9e98d7be86a96ab850ab1102'),
      templates('vyatta-cfg-system', 'pacifica', '2d8f1d09b2b3370abf96d9527d90a6aea3bd7b11'),
      templates('vyatta-cfg-firewall', 'napa', 'e53ab96282c73e9fcf61f41d8c72bfa398910482'),
      templates('vyatta-zone', 'pacifica', '035867ed0c21c7115920276ca076935734b03988', 'templates-cfg'),
      templates('vyatta-cfg-quagga', 'pacifica', 'be02521774b29fad60a8ea533c41828a6718671a'),
    ],
    scope: [...oldVyattaScope, 'service nat rule **'],
    presumed: presumedOfEdgeos,
  },
  'vyatta-5600': {
    sources: [
      danos('vyatta-security-vpn', 'e6f8712e25d8837d25dd240b7e162a403c626e0f'),
      danos('vplane-config-npf', '2103ac7e19ee77eacff30a3d11cf487dfbefee26'),
      danos('vyatta-interfaces', '4a91c8e5970a034372af7d7629d1dca15ea683c5'),
      danos('vyatta-cfg-dataplane', '20c26a46d066614b801d1833f9ea9f480fc7904a'),
      danos('vyatta-protocols-common', '27f9d38c7053dbbd3d86e5421444a124df7a48cc'),
      danos('vyatta-cfg-bonding', '585e9057e04ec79dc7afe808f6e1104926c2f084'),
      danos('vyatta-cfg', 'd82bdad665c6f744f0db3d29b0c0b3aab55b9a6c'),
    ],
    scope: [
      ...interfaces(['address', 'description', 'ip tcp-mss **', 'firewall **']),
      ...oldRoutes,
      ...peers('security vpn ipsec'),
      'service nat source rule **',
      'service nat destination rule **',
      ...rules('security firewall name'),
      'security zone-policy zone interface',
      'security zone-policy zone to firewall',
      'resources group address-group **',
    ],
  },
}

/** Reads a release out of a folder with the checkouts of its sources, each named as `folderOf` says. */
export function readRelease({ sources, presumed }: Release, checkouts: string): Schema {
  const yang = sources.filter(({ form }) => form === 'yang').flatMap((source) => pathsOf(source, checkouts))
  const schemas = sources.flatMap((source) => {
    const paths = pathsOf(source, checkouts)
    return source.form === 'yang' ? [] : paths.map(source.form === 'vyos-xml' ? readVyosXml : readNodeDefs)
  })
  if (yang.length > 0) schemas.push(readYang(yang))
  const [schema, ...others] = schemas
  if (!schema) throw new Error('a release has no source')
  for (const other of others) schema.absorb(other)
  presumed?.(schema)
  return schema
}

function pathsOf(source: Source, checkouts: string): string[] {
  return source.paths.map((path) => join(checkouts, folderOf(source), path))
}

export function folderOf({ repository, branch }: Source): string {
  return `${repository.replace('/', '+')}@${branch}`
}
