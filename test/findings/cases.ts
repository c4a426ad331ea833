import { gzipSync } from 'node:zlib'
import {
  type Code,
  codes,
  derivePolicies,
  type Finding,
  type GatewayPolicy,
  normalize,
  parseSiteName,
  planNetwork,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { readConfiguration } from '../../packages/app/src/configs/read-configuration.ts'
import { parseNodeRoutes } from '../../packages/app/src/configs/read-node-routes.ts'
import { verifyCases } from './verify-cases.ts'

/** What provokes a code: files in an empty folder, and a command line there; or a call of the library that the command never makes. */
export type AnyCase = Case | { readonly library: () => readonly Finding[] }

interface Case {
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Links to make beside the files, by their names. */
  readonly links?: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly status: number
}

const plan = ['plan']

/** A plan of two sites; the text given goes below `sites`, what `more` holds stands beside it. */
function sites(below: string, more = ''): Case {
  return { files: { 'natplan.yaml': `version: 1\n${more}sites:\n${below}` }, args: plan, status: 1 }
}

function file(text: string | Buffer, status = 1): Case {
  return { files: { 'natplan.yaml': text }, args: plan, status }
}

/** A subnet of which one host is called at a port of the address that all hide behind. */
const hiddenHost = '{ prefix: 10.2.0.0/24, hideBehind: 192.168.7.1, forwards: [{ port: 443, to: 10.2.0.9 }] }'

const clusterNode = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'worker-1' },
  status: { addresses: [{ type: 'InternalIP', address: '10.1.2.10' }] },
}

const twoSites = '  a: { subnets: [10.0.0.0/24] }\n  b: { subnets: [10.0.0.0/24] }\n'
const hubAndSpokes = `version: 1
sites:
  hub: { subnets: [10.9.0.0/24] }
  one: { subnets: [10.0.0.0/24] }
  two: { subnets: [10.0.0.0/24] }
tunnels:
  - sites: [hub, one]
  - sites: [hub, two]
`
const clash = { 'natplan.yaml': `version: 1\nsites:\n${twoSites}` }

/** Both sites have a host of the same name. */
const twoHosts = gatewaysText('', { more: ' }, hosts: { db: 10.0.0.5 ' }, { more: ' }, hosts: { db: 10.0.0.6 ' })

function withLock(planFile: string, lock: string, status: number): Case {
  return { files: { 'natplan.yaml': planFile, 'natplan.lock.yaml': lock }, args: plan, status }
}

/** A gateway whose plan names a set, and whose running configuration has WAN_IN with a rule 10. */
function firewallCase(platform: string, set: string, args: readonly string[], status: number): Case {
  const gateway = (name: string, address: string, more: string) =>
    `{ platform: ${name}, outside: { interface: eth1, address: ${address} }, inside: { interface: eth0 }${more} }`
  const ends = [
    `  a: { subnets: [10.0.0.0/24], gateway: ${gateway(platform, '203.0.113.1', `, firewall: { fromPeers: ${set} }`)} }`,
    `  b: { subnets: [10.1.0.0/24], gateway: ${gateway('vyos-1.4', '203.0.113.2', '')} }`,
  ]
  const running = `set interfaces ethernet eth0 address 10.0.0.1/24
set interfaces ethernet eth1 address 203.0.113.1/24
set firewall ipv4 forward filter rule 5 action jump
set firewall ipv4 forward filter rule 5 jump-target WAN_IN
set firewall ipv4 name WAN_IN default-action drop
set firewall ipv4 name WAN_IN rule 10 action accept
`
  return { files: { 'natplan.yaml': `version: 1\nsites:\n${ends.join('\n')}\n`, 'a.txt': running }, args, status }
}

/** A list of one prefix of site a, added to a plan. */
function importInto(sitesText: string, include?: string): Case {
  const included = include === undefined ? '' : `include: [${include}]\n`
  return {
    files: {
      'natplan.yaml': `version: 1\n${included}${sitesText}`,
      'a.txt': '10.0.0.0/24\n',
      ...(include === undefined ? {} : { [include]: 'sites: { a: { subnets: [10.0.0.0/24] } }\n' }),
    },
    args: ['import', 'a=a.txt', '--into', 'natplan.yaml'],
    status: 0,
  }
}

const lockOfA = (translated: string) => `version: 1
sites:
  a:
    10.0.0.0/24:
      translated: ${translated}
      translatedFor: all
`

/** How a gateway of a case differs from a VyOS 1.4 one. */
interface GatewayTraits {
  readonly subnet?: string
  readonly platform?: string
  readonly address?: string
  readonly more?: string
  readonly none?: boolean
}

function gatewaySite(name: string, traits: GatewayTraits, defaults: { address: string; subnet: string }): string {
  const { subnet = defaults.subnet, platform = 'vyos-1.4', address = defaults.address, more = '', none } = traits
  const gateway = `, gateway: { platform: ${platform}, outside: { interface: eth0, address: "${address}" }, inside: { interface: eth1 }${more} }`
  return `  ${name}: { subnets: ["${subnet}"]${none ? '' : gateway} }\n`
}

/** The configuration of two gateways joined by a tunnel; `tunnel` is added to it. */
function gateways(tunnel: string, one: GatewayTraits, other: GatewayTraits, status: number): Case {
  return { files: { 'natplan.yaml': gatewaysText(tunnel, one, other) }, args: ['vyatta'], status }
}

function gatewaysText(tunnel: string, one: GatewayTraits, other: GatewayTraits): string {
  const sitesText = [
    gatewaySite('a', one, { address: '203.0.113.1', subnet: '10.0.0.0/24' }),
    gatewaySite('b', other, { address: '198.51.100.1', subnet: '10.0.0.0/24' }),
  ]
  return `version: 1\nsites:\n${sitesText.join('')}tunnels:\n  - { sites: [a, b]${tunnel} }\n`
}

/** The same, where the address of b changes. */
function changing(tunnel: string, one: GatewayTraits, other: GatewayTraits, status: number): Case {
  return gateways(tunnel, one, { address: 'dynamic', more: ', identity: b.example.net', ...other }, status)
}

/** A hub with two peers whose addresses change, each with a key of its own. */
function twoChanging(tunnel: string, status: number): Case {
  const moving = (name: string, subnet: string) =>
    gatewaySite(name, { address: 'dynamic', more: `, identity: ${name}.example.net` }, { address: '', subnet })
  const hub = gatewaySite('hub', {}, { address: '203.0.113.1', subnet: '10.9.0.0/24' })
  const tunnels = ['b', 'c'].map(
    (peer) => `  - { sites: [hub, ${peer}], preSharedKey: { env: NATPLAN_${peer} }${tunnel} }\n`,
  )
  const text = `version: 1\nsites:\n${hub}${moving('b', '10.0.0.0/24')}${moving('c', '10.1.0.0/24')}tunnels:\n${tunnels.join('')}`
  return { files: { 'natplan.yaml': text }, args: ['vyatta'], status }
}

/** The same with a key in the environment. */
function withKey(key: string, platform = 'vyos-1.4'): Case {
  const made = gateways(', preSharedKey: { env: NATPLAN_TEST_KEY }', { platform }, {}, 1)
  return { ...made, args: ['vyatta', '--show-secrets'], env: { NATPLAN_TEST_KEY: key } }
}

const explicit = (hash: string, dhGroup: number) =>
  `, proposal: { ike: { encryption: aes256, hash: ${hash}, dhGroup: ${dhGroup} }, esp: { encryption: aes256, dhGroup: ${dhGroup} } }`

/** The command with a running VyOS configuration of site a. */
function withRunning(lines: readonly string[], status: number, platform = 'vyos-1.4'): Case {
  const base = gateways('', { platform }, {}, status)
  return {
    ...base,
    files: { ...base.files, 'running.txt': `${lines.join('\n')}\n` },
    args: ['vyatta', '--site', 'a', '--existing', 'running.txt'],
  }
}

/** `natplan diff` with a running configuration of site a. */
function diffed(lines: readonly string[], status: number, platform = 'vyos-1.4'): Case {
  return { ...withRunning(lines, status, platform), args: ['diff', 'a=running.txt'] }
}

function runningPeer(address: string, [local, remote]: readonly [string, string]): string[] {
  const peer = 'set vpn ipsec site-to-site peer old'
  return [
    'set vpn ipsec ike-group g key-exchange ikev2',
    'set vpn ipsec ike-group g proposal 1 encryption aes256',
    'set vpn ipsec ike-group g proposal 1 hash sha256',
    'set vpn ipsec ike-group g proposal 1 dh-group 14',
    'set vpn ipsec esp-group g pfs dh-group14',
    'set vpn ipsec esp-group g proposal 1 encryption aes256',
    'set vpn ipsec esp-group g proposal 1 hash sha256',
    `${peer} authentication local-id 203.0.113.1`,
    `${peer} authentication remote-id ${address}`,
    `${peer} authentication mode pre-shared-secret`,
    `${peer} connection-type initiate`,
    `${peer} default-esp-group g`,
    `${peer} ike-group g`,
    `${peer} local-address 203.0.113.1`,
    `${peer} remote-address ${address}`,
    `${peer} tunnel 1 local prefix ${local}`,
    `${peer} tunnel 1 remote prefix ${remote}`,
  ]
}

const masquerade = (number: number) => [
  `set nat source rule ${number} outbound-interface name eth0`,
  `set nat source rule ${number} translation address masquerade`,
]

/** A lock that numbers the only pair, so that a running configuration cannot move it. */
function withNumber(made: Case, number: number): Case {
  const lock = `version: 1\nsites: {}\nnumbers:\n  a:\n    b:\n      10.0.0.0/24 10.0.0.0/24: ${number}\n`
  return { ...made, files: { ...made.files, 'natplan.lock.yaml': lock } }
}

/** What rendering says of a policy that natplan itself would not derive. */
function rendering(change: (policy: GatewayPolicy) => GatewayPolicy): AnyCase {
  const gateway = (address: string) => ({ platform: 'vyos-1.4' as const, outside: { interface: 'eth0', address } })
  const { value } = normalize({
    version: 1,
    sites: {
      a: { subnets: ['10.0.0.0/24'], gateway: gateway('203.0.113.1') },
      b: { subnets: ['10.0.0.0/24'], gateway: gateway('198.51.100.1') },
    },
    tunnels: [{ sites: ['a', 'b'] }],
  })
  return {
    library: () => {
      const plan = value && planNetwork(value).plan
      const [policy] = plan ? derivePolicies(plan).policies : []
      const module = platformModule('vyos-1.4')
      if (!policy || !module) throw new Error('the plan has no policy')
      return module.render(change(policy), { secrets: new Map() }).findings
    },
  }
}

/** A hundred subnets at each of two sites are ten thousand pairs, more than there are rule numbers on a 5600. */
function manyPairs(): Case {
  const list = (second: number) => Array.from({ length: 100 }, (_, index) => `"10.${second}.${index}.0/24"`).join(', ')
  const text = gatewaySite('a', { platform: 'vyatta-5600' }, { address: '203.0.113.1', subnet: '10.0.0.0/24' })
  const peer = gatewaySite('b', {}, { address: '198.51.100.1', subnet: '10.0.0.0/24' })
  const sitesText = text.replace('"10.0.0.0/24"', list(0)) + peer.replace('"10.0.0.0/24"', list(1))
  return {
    files: { 'natplan.yaml': `version: 1\nsites:\n${sitesText}tunnels: [{ sites: [a, b] }]\n` },
    args: ['vyatta'],
    status: 1,
  }
}

/** A site with a cluster, described by what is given, and a peer with that subnet. */
function cluster(
  about: string,
  traits: { readonly peer?: string; readonly subnet?: string; readonly status: number },
): Case {
  const { peer = '10.0.1.0/24', subnet = '10.0.1.0/27', status } = traits
  const ranges = 'podSubnets: [172.30.0.0/16], serviceSubnets: [172.21.0.0/16]'
  const text = `version: 1
pools: [192.168.0.0/16]
sites:
  a: { subnets: [${subnet}], kubernetes: { ${ranges}${about} } }
  b: { subnets: [${peer}] }
`
  return { files: { 'natplan.yaml': text }, args: ['kubernetes'], status }
}

/** A host of b is called by an address that is free at a. */
function calledInside(platform: string, status: number): Case {
  const gateway = (language: string, address: string) =>
    `gateway: { platform: ${language}, outside: { interface: eth0, address: ${address} }, inside: { interface: eth1 } }`
  const text = `version: 1
sites:
  a: { subnets: [{ prefix: 10.0.0.0/24, free: [10.0.0.240/28] }], ${gateway(platform, '203.0.113.1')} }
  b: { subnets: [{ prefix: 10.0.0.20/32, translateTo: 10.0.0.250/32 }], ${gateway('vyos-1.4', '203.0.113.2')} }
tunnels: [{ sites: [a, b] }]
`
  return { files: { 'natplan.yaml': text }, args: ['vyatta', '--site', 'a'], status }
}

/** Every other address of a /17: no two of them can be joined. */
const manyHosts = Array.from({ length: 16_385 }, (_, i) => `10.9.${i >> 7}.${(i & 127) * 2}/32`).join(', ')

/** Aliases of aliases: nine levels of nine each are 387 million nodes. */
const aliasBomb = `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, level) => {
  const before = Array.from({ length: 9 }, () => `*a${level}`).join(', ')
  return `a${level + 1}: &a${level + 1} [${before}]\n`
}).join('')}`

const manySites = Array.from({ length: 101 }, (_, index) => `  s${index}: { subnets: [10.${index}.0.0/24] }\n`).join('')

const crowdedSite = (name: string, address: string) =>
  `  ${name}: { subnets: [${Array.from({ length: 201 }, (_, index) => `10.1.${index}.0/24`).join(', ')}], gateway: { platform: vyos-1.4, outside: { interface: eth0, address: ${address} }, inside: { interface: eth1 } } }\n`
const crowdedPlan = `version: 1\nsites:\n${crowdedSite('a', '203.0.113.1')}${crowdedSite('b', '203.0.113.2')}tunnels: [{ sites: [a, b] }]\n`

/** A gateway that somebody configured, with more lines. */
function handMade(lines: readonly string[]): Case {
  const running = [
    "set interfaces ethernet eth0 address '203.0.113.10/24'",
    "set interfaces ethernet eth1 address '10.0.1.1/24'",
    "set protocols static route 0.0.0.0/0 next-hop '203.0.113.1'",
    "set vpn ipsec esp-group E pfs 'dh-group14'",
    "set vpn ipsec esp-group E proposal 1 encryption 'aes256'",
    "set vpn ipsec esp-group E proposal 1 hash 'sha256'",
    "set vpn ipsec ike-group I key-exchange 'ikev2'",
    "set vpn ipsec ike-group I proposal 1 dh-group '14'",
    "set vpn ipsec ike-group I proposal 1 encryption 'aes256'",
    "set vpn ipsec ike-group I proposal 1 hash 'sha256'",
    "set vpn ipsec authentication psk o id '203.0.113.10'",
    "set vpn ipsec authentication psk o id '192.0.2.20'",
    "set vpn ipsec authentication psk o secret 'EXAMPLE-ONLY-0123456789abcdef'",
    ...peerLines,
    ...lines,
  ]
  return { files: { 'running.txt': running.join('\n') }, args: ['import', 'cloud=running.txt'], status: 0 }
}

const peerLines = [
  "authentication mode 'pre-shared-secret'",
  "connection-type 'initiate'",
  "default-esp-group 'E'",
  "ike-group 'I'",
  "local-address '203.0.113.10'",
  "remote-address '192.0.2.20'",
  "tunnel 1 local prefix '10.0.1.0/24'",
  "tunnel 1 remote prefix '10.0.2.0/24'",
].map((line) => `set vpn ipsec site-to-site peer OFFICE ${line}`)

/** One case for each code; the compiler misses none. */
export const cases: Readonly<Record<Code, AnyCase>> = {
  ...verifyCases,
  FILE_NOT_FOUND: { args: ['plan', 'missing.yaml'], status: 2 },
  FILE_UNREADABLE: { files: { 'folder/file': 'x' }, args: ['plan', 'folder'], status: 2 },
  FILE_UNWRITABLE: { files: clash, args: ['plan', '--save', '--lock', 'missing/natplan.lock.yaml'], status: 2 },
  FILE_EXISTS: { files: clash, args: ['init'], status: 2 },
  FILE_FOREIGN: {
    files: { ...gateways('', {}, {}, 2).files, 'out/README.md': 'somebody else wrote this' },
    args: ['generate', '-o', 'out'],
    status: 2,
  },
  INCLUDE_UNFIT: file(`version: 1\ninclude: [../sites.yaml]\nsites:\n${twoSites}`),
  SITE_DUPLICATE: {
    files: {
      'natplan.yaml': `version: 1\ninclude: [sites/*.yaml]\nsites:\n${twoSites}`,
      'sites/b.yaml': 'sites:\n  b: { subnets: [10.1.0.0/24] }\n',
    },
    args: plan,
    status: 1,
  },
  TABLE_GUESSED: {
    files: {
      'natplan.yaml': 'version: 1\ninclude: [branches.csv]\nsites:\n  hub: { subnets: [10.9.0.0/24] }\n',
      'branches.csv': 'Branch,LAN,Phone,Hub\na,10.0.0.0/24,123,hub\n',
    },
    args: plan,
    status: 0,
  },
  TABLE_ROWS_LEFT_OUT: {
    files: {
      'natplan.yaml':
        'version: 1\ninclude: [{ table: b.csv, columns: { site: Site, subnets: LAN, status: State } }]\nsites: {}\n',
      'b.csv': 'Site,LAN,State\na,10.0.0.0/24,\nb,10.0.1.0/24,deleted\na,10.0.2.0/24,Terminated\n',
    },
    args: plan,
    status: 0,
  },
  TABLE_SITE_EMPTY: {
    files: {
      'natplan.yaml': 'version: 1\ninclude: [{ table: b.csv, columns: { site: Site, subnets: LAN } }]\nsites: {}\n',
      'b.csv': 'Site,LAN\na,10.0.0.0/24\nTotal,\n',
    },
    args: plan,
    status: 0,
  },
  IMPORT_DIFFERS: importInto('sites:\n  b: { subnets: [10.1.0.0/24] }\n', 'a.yaml'),
  IMPORT_VANISHED: importInto('sites: { a: { subnets: [10.9.0.0/24] } }\n'),
  FILE_IS_LINK: {
    files: { ...gateways('', {}, {}, 2).files, 'out/other': '', 'elsewhere/file': '' },
    links: { 'out/a': '../elsewhere' },
    args: ['generate', '-o', 'out'],
    status: 2,
  },
  FILE_IN_USE: {
    files: { ...clash, '.natplan.lock.yaml.busy': '{"place":"another machine","process":7,"token":"x"}' },
    args: ['plan', '--save'],
    status: 2,
  },
  FILE_EMPTY: file(' \n\n', 2),
  FILE_NOT_UTF8: file(Buffer.from('\ufeffversion: 1', 'utf16le'), 2),
  FILE_TOO_LARGE: { files: { 'natplan.yaml': Buffer.alloc(64 * 1024 * 1024 + 1, '#') }, args: plan, status: 2 },
  INPUT_TOO_LARGE: {
    files: { 'list.gz': gzipSync(Buffer.alloc(10_000_001 * 5, '::/0\n')) },
    args: ['overlaps', 'list.gz'],
    status: 1,
  },
  FILE_FORMAT: {
    files: { 'book.xlsx': Buffer.from('PK\u0003\u0004 and so on', 'latin1') },
    args: ['overlaps', 'book.xlsx'],
    status: 2,
  },

  YAML_SYNTAX: file('version: 1\nsites:\n  a: { subnets: [10.0.0.0/24 }\n'),
  YAML_ALIASES: file(aliasBomb),
  YAML_TOO_DEEP: file('['.repeat(100_000)),
  GATEWAY_PAIRS_MANY: { files: { 'natplan.yaml': crowdedPlan }, args: ['vyatta', '--site', 'a'], status: 1 },
  YAML_REFERENCE: file('version: 1\nsites:\n  a: &a { subnets: *b, reserved: [*a] }\n  b: { <<: x, subnets: [] }\n'),
  YAML_TOO_LARGE: file(`version: &one 1\n${`# ${'x'.repeat(1022)}\n`.repeat(8 * 1024)}`),
  FINDINGS_LEFT_OUT: file(
    `version: 1\nsites: {}\n${Array.from({ length: 1003 }, (_, index) => `k${index}: 1\n`).join('')}`,
  ),
  MERGE_MARKERS: withLock(
    `version: 1\nsites:\n${twoSites}`,
    'version: 1\nsites:\n<<<<<<< ours\n  a: {}\n=======\n>>>>>>> theirs\n',
    1,
  ),
  KEY_DUPLICATE: file('version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  a: { subnets: [10.0.1.0/24] }\n'),
  KEY_UNKNOWN: sites('  a: { subents: [10.0.0.0/24], subnets: [] }\n'),
  KEY_MISSING: sites('  a: { reserved: [10.0.0.0/24] }\n'),
  VALUE_WRONG: sites('  a: { subnets: 10.0.0.0/24 }\n  b: { subnets: [{ prefix: 10.0.0.0/24, translate: nver }] }\n'),
  VERSION_UNSUPPORTED: file(`version: 2\nsites:\n${twoSites}`),

  IMPORT_KEYS: handMade([]),
  IMPORT_BY_HAND: handMade([]),
  IMPORT_INEXACT: handMade(["set vpn ipsec site-to-site peer OFFICE tunnel 1 protocol 'tcp'"]),

  ADDRESS_INVALID: sites('  a: { subnets: [], gateway: { outside: { interface: eth0, address: 203.0.113.256 } } }\n'),
  PREFIX_INVALID: sites('  a: { subnets: [10.0.1/24, 010.0.0.0/24] }\n'),
  PREFIX_LENGTH_MISSING: sites('  a: { subnets: [10.0.1.5] }\n'),
  PREFIX_LENGTH_INVALID: sites('  a: { subnets: [10.0.1.0/33, 10.0.2.0/255.255.255.0] }\n'),
  PREFIX_HOST_BITS: sites('  a: { subnets: [10.0.1.5/27] }\n'),

  COLUMN_UNCLEAR: {
    files: { 'rules.csv': 'source,destination\n10.0.0.0/24,10.1.0.0/24\n' },
    args: ['overlaps', 'rules.csv'],
    status: 2,
  },
  IMPORT_INCOMPLETE: {
    files: { 'nodes.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [clusterNode] }) },
    args: ['import', 'cloud=nodes.json'],
    status: 0,
  },
  IMPORT_ROUTES_LOST: {
    files: {
      'routes.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: static-routes }\ndata: { routes: \'["192.168.1.0/24"]\' }\n',
      'list.txt': '10.5.0.0/24\n',
    },
    args: ['import', 'cloud=routes.yaml', 'onpremise=list.txt'],
    status: 0,
  },
  JSON_SYNTAX: { files: { 'cut.json': '{"Subnets":[{"CidrBlock":"10.0.' }, args: ['overlaps', 'cut.json'], status: 1 },
  LINES_BAD: {
    files: { 'list.txt': '10.0.0.0/24\n10.0.1.5/24\n10.0.2.0/33\nten\n' },
    args: ['overlaps', 'list.txt'],
    status: 0,
  },
  PREFIXES_NONE: { files: { 'list.txt': '# nothing yet\n' }, args: ['overlaps', 'list.txt'], status: 0 },
  PAIRS_CUT: {
    files: { 'list.txt': '10.0.0.0/24\n'.repeat(100) },
    args: ['overlaps', 'list.txt', '--output', 'csv', '--limit', '3'],
    status: 0,
  },
  BLOCKS_TOO_FEW: {
    files: { 'used.txt': '10.0.0.0/25\n' },
    args: ['free', '--in', '10.0.0.0/24', 'used.txt', '--length', '26', '--count', '5'],
    status: 1,
  },

  SITE_NAME_INVALID: sites('  "my site": { subnets: [10.0.0.0/24] }\n'),
  SITE_UNKNOWN: sites(twoSites, 'tunnels: [{ sites: [a, bb] }]\n'),
  SITE_WITHOUT_TUNNEL: { ...sites(`${twoSites}  c: { subnets: [] }\n`, 'tunnels: [{ sites: [a, b] }]\n'), status: 0 },
  TUNNEL_TO_ITSELF: sites(twoSites, 'tunnels: [{ sites: [a, a] }]\n'),
  TUNNEL_DUPLICATE: sites(twoSites, 'tunnels: [{ sites: [a, b] }, { sites: [b, a] }]\n'),
  TUNNEL_KEYS_UNFIT: sites(
    twoSites,
    'tunnels: [{ sites: [a, b], selectors: any, translateAt: c }, { sites: [b, a], through: a, mode: route }, { sites: all }]\n',
  ),
  UPLINK_UNFIT: sites(twoSites, 'tunnels: [{ sites: [a, b], mode: route, uplinks: { a: backup } }]\n'),
  TRANSIT_WITHOUT_TUNNEL: sites(
    `${twoSites}  c: { subnets: [10.2.0.0/24] }\n`,
    'tunnels: [{ sites: [a, b] }, { sites: [a, c], through: b }]\n',
  ),
  SUBNETS_OVERLAP_IN_SITE: sites('  a: { subnets: [10.0.1.0/24, 10.0.0.0/16] }\n'),
  RESERVED_IN_SUBNET: { ...sites('  a: { subnets: [10.0.0.0/16], reserved: [10.0.5.0/24] }\n'), status: 0 },
  SUBNET_SPECIAL_PURPOSE: sites('  a: { subnets: [127.0.1.0/24, 0.0.0.0/0] }\n'),
  ENDPOINT_DUPLICATE: sites(
    ['a', 'b']
      .map((name) => `  ${name}: { subnets: [], gateway: { outside: { interface: eth0, address: 203.0.113.1 } } }\n`)
      .join(''),
  ),
  ENDPOINT_UNUSABLE: sites(
    '  a: { subnets: [], gateway: { outside: { interface: eth0, address: 0.0.0.0, publicAddress: 224.0.0.5 } } }\n',
  ),
  ENDPOINT_PRIVATE: {
    ...sites(
      [
        '  a: { subnets: [10.7.0.0/24], gateway: { outside: { interface: eth0, address: 172.31.5.7 } } }\n',
        '  b: { subnets: [10.8.0.0/24], gateway: { outside: { interface: eth0, address: 198.51.100.1 } } }\n',
      ].join(''),
    ),
    status: 0,
  },
  ENDPOINT_IN_SUBNET: {
    ...sites(
      '  a: { subnets: [203.0.113.0/24] }\n  b: { subnets: [10.0.0.0/24], gateway: { outside: { interface: eth0, address: 203.0.113.1 } } }\n',
    ),
    status: 0,
  },
  POOL_NOT_PRIVATE: sites(twoSites, 'pools: [172.32.0.0/16, 100.0.1.0/24, 8.8.0.0/16]\n'),
  POOL_NOT_IPV4: sites(twoSites, 'pools: [fd00::/48]\n'),
  SITES_ALL_CONNECTED: { ...sites(manySites), status: 0 },

  PIN_LENGTH: sites('  a: { subnets: [{ prefix: 10.0.0.0/24, translateTo: 192.168.0.0/25 }] }\n'),
  PIN_NOT_PRIVATE: sites('  a: { subnets: [{ prefix: 10.0.0.0/24, translateTo: 192.169.0.0/24 }] }\n'),
  PIN_CONTRADICTS: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, translateTo: 192.168.0.0/24, translate: never }] }\n',
  ),
  PIN_COLLIDES: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, translateTo: 192.168.7.0/24 }] }\n  b: { subnets: [192.168.7.0/26] }\n',
  ),
  OWN_SPACE_UNFIT: sites(twoSites, 'own: [224.0.5.0/24, "2001:db8::/48"]\n'),
  OWN_SPACE_IN_USE: { ...sites('  a: { subnets: [203.0.113.16/28] }\n', 'own: [203.0.113.0/24]\n'), status: 0 },
  HOST_NAME_INVALID: sites('  a: { subnets: [10.0.0.0/24], hosts: { Db_1: 10.0.0.5, "10.0.0.6": 10.0.0.6 } }\n'),
  HOST_NAME_AMBIGUOUS: {
    ...sites(
      '  a: { subnets: [10.0.0.0/24], hosts: { db.b: 10.0.0.5 } }\n  b: { subnets: [10.1.0.0/24], hosts: { db: 10.1.0.5 } }\n',
    ),
    status: 0,
  },
  HOST_OUTSIDE: {
    ...sites(
      '  a: { subnets: [10.0.0.0/24], reserved: [10.9.0.0/16], hosts: { db: 10.0.0.5, spare: 10.9.0.1, www: [10.0.0.6, 10.0.1.6] } }\n',
    ),
    status: 0,
  },
  FREE_SPACE_UNFIT: sites('  a: { subnets: [{ prefix: 10.0.0.0/24, free: [10.0.1.0/28, 10.0.0.0/24] }] }\n'),
  FREE_SPACE_IN_USE: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, free: [10.0.0.240/28], hideBehind: 192.168.7.1, forwards: [{ port: 443, to: 10.0.0.250 }] }] }\n',
  ),
  FREE_SPACE_SEEN: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, free: [10.0.0.240/28] }] }\n  b: { subnets: [{ prefix: 10.7.0.20/32, translateTo: 10.0.0.250/32 }] }\n',
  ),
  FREE_SPACE_AT_HOME: {
    ...sites(
      '  a: { subnets: [{ prefix: 10.0.0.0/24, free: [10.0.0.240/28] }] }\n  b: { subnets: [{ prefix: 10.0.0.20/32, translateTo: 10.0.0.250/32 }], reserved: [10.0.0.0/24] }\n',
    ),
    status: 0,
  },
  HIDE_RANGE_UNFIT: sites('  a: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.7.0/24 }] }\n'),
  HIDE_CONTRADICTS: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.7.1, translateTo: 192.168.0.0/24 }] }\n',
  ),
  HIDE_COLLIDES: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.7.1 }] }\n  b: { subnets: [192.168.7.0/26] }\n',
  ),
  HIDDEN_ONE_WAY: {
    ...sites(`  a: { subnets: [${hiddenHost}, { prefix: 10.3.0.0/24, hideBehind: 192.168.7.1 }] }\n`),
    status: 0,
  },
  HIDDEN_FROM_EACH_OTHER: {
    ...sites(
      '  a: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.7.1 }] }\n  b: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.8.1 }] }\n',
      'tunnels: [{ sites: [a, b] }]\n',
    ),
    status: 0,
  },
  FORWARD_UNFIT: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, hideBehind: 192.168.7.1, forwards: [{ port: 443, to: 10.0.1.9 }] }] }\n',
  ),
  FORWARD_DUPLICATE: sites(`  a: { subnets: [${hiddenHost}, ${hiddenHost.replaceAll('10.2.0.', '10.3.0.')}] }\n`),
  TRANSLATION_IMPOSSIBLE: sites(
    '  a: { subnets: [{ prefix: 10.0.0.0/24, translate: never }] }\n  b: { subnets: [10.0.0.0/16] }\n',
  ),
  IPV6_OVERLAP: sites('  a: { subnets: ["fd00::/64"] }\n  b: { subnets: ["fd00::/48"] }\n'),
  IPV6_NOT_TRANSLATED: sites('  a: { subnets: [{ prefix: "fd00::/64", translate: always }] }\n'),
  POOL_EXHAUSTED: sites(twoSites, 'pools: [192.168.0.0/24]\n'),
  COMMON_RANGE: {
    ...sites(
      '  a: { subnets: [10.0.0.0/24], kubernetes: {} }\n  b: { subnets: [10.0.0.0/24] }\n',
      'pools: [192.168.0.0/16]\n',
    ),
    status: 0,
  },
  TRANSLATION_KEPT: withLock(
    'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  b: { subnets: [10.1.0.0/24] }\n',
    lockOfA('192.168.0.0/24'),
    0,
  ),

  LOCK_SHARED_PREFIX: withLock(
    hubAndSpokes,
    `version: 1
sites:
  one:
    10.0.0.0/24: { translated: 192.168.4.0/24, translatedFor: [hub] }
  two:
    10.0.0.0/24: { translated: 192.168.4.0/24, translatedFor: [hub] }
`,
    1,
  ),
  LOCK_BOTH_REAL: withLock(
    hubAndSpokes,
    'version: 1\nsites:\n  one: { 10.0.0.0/24: { realFor: [hub] } }\n  two: { 10.0.0.0/24: { realFor: [hub] } }\n',
    1,
  ),
  LOCK_COLLIDES: withLock(
    `version: 1\nsites:\n${twoSites}  c: { subnets: [192.168.4.0/22] }\n`,
    lockOfA('192.168.4.0/24'),
    1,
  ),
  LOCK_RENAMED: withLock(
    hubAndSpokes.replace(
      'two: { subnets: [10.0.0.0/24] }',
      'two: { subnets: [{ prefix: 10.0.0.0/24, translate: never }] }',
    ),
    'version: 1\nsites:\n  one: { 10.0.0.0/24: { realFor: [hub] } }\n',
    0,
  ),
  LOCK_PREFIX_UNFIT: withLock(`version: 1\nsites:\n${twoSites}`, lockOfA('192.168.4.0/25'), 1),
  MOVED_CONTRADICTS: sites(twoSites, 'moved: [{ from: a, to: b }]\n'),
  SITE_MOVED: withLock(clash['natplan.yaml'].replace('  a:', '  c:'), lockOfA('192.168.4.0/24'), 0),
  SUBNET_MOVED: withLock(clash['natplan.yaml'].replace('10.0.0.0', '10.0.7.0'), lockOfA('192.168.4.0/24'), 0),
  LOCK_OUTSIDE_POOLS: withLock(`version: 1\npools: [172.16.0.0/12]\nsites:\n${twoSites}`, lockOfA('192.168.4.0/24'), 0),
  RELEASE_UNKNOWN: {
    files: { 'natplan.lock.yaml': lockOfA('192.168.4.0/24') },
    args: ['release', 'a', '10.7.0.0/24'],
    status: 1,
  },
  RELEASE_IN_USE: {
    files: { 'natplan.lock.yaml': lockOfA('192.168.4.0/24') },
    args: ['release', 'a', '10.0.0.0/24'],
    status: 1,
  },

  LOCK_SHARED_NUMBER: {
    ...gateways('', { subnet: '10.0.0.0/24' }, { subnet: '10.1.0.0/24' }, 1),
    files: {
      ...gateways('', { subnet: '10.0.0.0/24' }, { subnet: '10.1.0.0/24' }, 1).files,
      'natplan.lock.yaml':
        'version: 1\nsites: {}\nnumbers:\n  a:\n    b:\n      10.0.0.0/24 10.1.0.0/24: 1000\n      10.0.1.0/24 10.1.0.0/24: 1000\n',
    },
  },
  LOCK_NUMBER_UNFIT: {
    ...gateways('', { platform: 'vyatta-5600' }, {}, 1),
    files: {
      ...gateways('', { platform: 'vyatta-5600' }, {}, 1).files,
      'natplan.lock.yaml': 'version: 1\nsites: {}\nnumbers:\n  a:\n    b:\n      10.0.0.0/24 10.0.0.0/24: 20000\n',
    },
  },
  PEER_WITHOUT_GATEWAY: gateways('', {}, { none: true }, 0),
  TUNNEL_FAMILIES_DIFFER: gateways('', {}, { address: '2001:db8::1' }, 1),
  TUNNEL_EMPTY: gateways('', {}, { subnet: 'fd00::/64' }, 0),
  TUNNEL_MAY_LEAK: gateways(', start: initiate', {}, {}, 0),
  IDENTITY_DUPLICATE: gateways('', { more: ', identity: same' }, { more: ', identity: same' }, 1),
  IDENTITY_NOT_A_NAME: changing('', {}, { more: '' }, 1),
  TUNNEL_ENDS_CHANGE: gateways(
    '',
    { address: 'dynamic', more: ', identity: a.example.net' },
    { address: 'dynamic', more: ', identity: b.example.net' },
    1,
  ),
  TUNNEL_BETWEEN_NATS: changing('', { address: '10.9.9.9", publicAddress: "203.0.113.1' }, {}, 0),
  START_NEEDS_ADDRESS: changing(', start: trap', {}, {}, 1),
  START_TRIED_ONCE: changing('', {}, { platform: 'vyatta-5600' }, 0),
  KEYS_TOLD_BY_ADDRESS: twoChanging(', ike: { version: 1 }', 0),
  KEYS_FOR_SAME_ENDS: gateways(
    `, mode: route, preSharedKey: { env: NATPLAN_ONE } }
  - { sites: [a, b], mode: route, uplinks: { a: backup }, preSharedKey: { env: NATPLAN_TWO }`,
    {
      more: ', identity: a.example.net, uplinks: { backup: { interface: eth7, address: 198.51.100.77, nextHop: 198.51.100.65 } }',
    },
    {},
    0,
  ),
  CERTIFICATE_MISSING: gateways(', authentication: { a: { certificate: a, ca: company } }', {}, {}, 1),
  AUTHENTICATION_TWICE: gateways(
    ', authentication: { certificate: gateway, ca: company }, preSharedKey: { env: NATPLAN_TEST_KEY }',
    {},
    {},
    1,
  ),
  START_UNSUPPORTED: gateways(', start: { a: respond, b: initiate }', { platform: 'vyos-1.3' }, {}, 1),
  TUNNEL_FORM_UNSUPPORTED: gateways(', translateAt: a', { platform: 'vyos-1.3' }, {}, 1),
  UPLINK_ROUTE_BY_HAND: {
    ...gateways(', mode: route, uplinks: { a: backup }', {}, {}, 0),
    files: {
      'natplan.yaml': gatewaysText(', mode: route, uplinks: { a: backup }', {}, {}).replace(
        'outside: {',
        'uplinks: { backup: { interface: eth7, address: 198.51.100.77 } }, outside: {',
      ),
    },
  },
  TRANSLATION_UNSUPPORTED: gateways(', mode: route', { platform: 'aws' }, {}, 1),
  CLOUD_NAT_UNFIT: gateways('', { platform: 'azure' }, {}, 1),
  CLOUD_LIMIT: {
    ...gateways('', {}, {}, 1),
    files: {
      'natplan.yaml': `version: 1
sites:
  a: { subnets: [10.0.0.0/24, 10.0.1.0/24], gateway: { platform: gcp, outside: { address: 203.0.113.1 } } }
  b: { subnets: [10.0.2.0/24], gateway: { platform: vyos-1.4, outside: { interface: eth0, address: 198.51.100.1 } } }
tunnels:
  - { sites: [a, b] }
`,
    },
  },
  CLOUD_VALUE_UNFIT: gateways(
    ', mode: route, translateAt: b, link: 10.0.9.0/30, esp: { lifetime: 28800 }',
    { platform: 'aws' },
    { more: ', identity: b.example.net' },
    1,
  ),
  CLOUD_TUNNEL_ALONE: gateways(', mode: route, translateAt: b', { platform: 'aws' }, {}, 0),
  CLOUD_KEY_UNUSED: gateways(', mode: route', { platform: 'azure' }, {}, 0),
  INTERFACE_NUMBERS_EXHAUSTED: {
    ...gateways(', mode: route', {}, {}, 1),
    files: {
      ...gateways(', mode: route', {}, {}, 1).files,
      'natplan.lock.yaml': `version: 1\nsites: {}\ninterfaces:\n  a:\n${Array.from({ length: 8092 }, (_, index) => `    gone${index}: ${index + 100}\n`).join('')}`,
    },
  },
  START_NOBODY: gateways(', start: respond', {}, {}, 1),
  DEAD_PEER_INTERVAL_UNFIT: gateways(', deadPeerDetection: { interval: 14 }', { platform: 'vyatta-5400' }, {}, 1),
  DEAD_PEER_INTERVAL_DOUBTFUL: gateways(', deadPeerDetection: { interval: 14 }', { platform: 'edgeos' }, {}, 0),
  NAT_TRAVERSAL_UNSUPPORTED: gateways(', forceNatTraversal: true', { platform: 'vyatta-5600' }, {}, 1),
  PROPOSAL_UNKNOWN: gateways(explicit('sha3', 14), {}, {}, 1),
  PROPOSAL_IMPOSSIBLE: gateways(', proposal: modern', { platform: 'vyatta-5400' }, {}, 1),
  PROPOSAL_LOWERED: gateways('', { platform: 'vyatta-5400' }, {}, 0),
  PROPOSAL_REFUSED: gateways(explicit('md5', 14), {}, {}, 1),
  PROPOSAL_WEAK: gateways(explicit('sha1', 14), {}, {}, 0),
  MSS_BY_HAND: gateways('', { platform: 'vyatta-5400' }, {}, 0),
  MSS_RAISED: withRunning(['set interfaces ethernet eth0 ip adjust-mss 1300'], 0),
  FREE_SPACE_ARP: calledInside('vyos-1.3', 0),
  FREE_SPACE_UNSUPPORTED: calledInside('vyatta-5600', 1),
  ROUTE_SINGLE_ADDRESS: gateways('', { platform: 'vyatta-5600' }, { subnet: '10.7.0.1/32' }, 0),
  FIREWALL_UNFIT: firewallCase('generic', 'WAN_IN', plan, 1),
  FIREWALL_RULE_TAKEN: firewallCase('vyos-1.4', '{ set: WAN_IN, first: 10 }', ['diff', 'a=a.txt'], 1),
  FIREWALL_SET_MISSING: firewallCase('vyos-1.4', 'OTHER', ['diff', 'a=a.txt'], 0),
  RULE_BASE_UNFIT: gateways('', { platform: 'vyatta-5600', more: ', ruleBase: 20000' }, {}, 1),
  RULE_NUMBERS_EXHAUSTED: manyPairs(),
  NODE_NETWORK_UNFIT: cluster(', privateNetwork: 0.0.0.0/0, gateway: "fd00::1"', { status: 1 }),
  NODE_POOLS_MEET: cluster(
    ', nodePools: [{ name: east }, { name: west, nodeSelector: { zone: west } }, { name: east }]',
    {
      status: 1,
    },
  ),
  TOLERATION_UNFIT: cluster(
    ', tolerations: [{ operator: Equal }, { key: x, operator: Exists, value: y }, { key: z, tolerationSeconds: 9 }]',
    { status: 1 },
  ),
  RESOURCES_UNFIT: cluster(
    ', resources: { requests: { cpu: 1k, memory: 65Mi }, limits: { cpu: "999", memory: 64Mi } }',
    { status: 1 },
  ),
  NODE_ROUTE_UNSAFE: cluster(', privateNetwork: 10.20.0.0/16', { peer: '10.16.0.0/12', status: 1 }),
  NODE_ROUTES_TOO_MANY: cluster(', gateway: 10.0.1.1', { peer: manyHosts, status: 1 }),
  NODE_ROUTE_COVERED: cluster('', { peer: '10.50.0.0/16, 10.60.0.0/16, 10.0.1.0/24', status: 0 }),
  POD_ADDRESSES: cluster('', { status: 0 }),
  IMAGE_NOT_PINNED: cluster(', image: registry.example.net:5000/alpine', { status: 0 }),
  CLUSTERS_SEVERAL: {
    ...sites('  a: { subnets: [10.0.0.0/24], kubernetes: {} }\n  b: { subnets: [10.1.0.0/24], kubernetes: {} }\n'),
    args: ['kubernetes'],
    status: 1,
  },
  PRE_SHARED_KEY_MISSING: { ...gateways('', {}, {}, 0), args: ['vyatta', '--show-secrets'] },
  KEY_SOURCE_REFUSED: {
    ...gateways(', preSharedKey: { env: CI_DEPLOY_TOKEN }', {}, {}, 1),
    args: ['vyatta', '--show-secrets'],
    env: { CI_DEPLOY_TOKEN: 'EXAMPLE-ONLY-0123456789abcdef' },
  },
  KEY_CHARACTERS: withKey('a key with blanks and "quotes"', 'vyatta-5600'),
  KEY_PREFIX: withKey('0xThisIsNotHexadecimalAtAll'),
  KEY_SHORT: withKey('tooShort'),
  KEY_LONG: withKey('x'.repeat(10_000)),
  TEMPLATE_WRONG: {
    files: { ...gateways('', {}, {}, 1).files, 'mine/vyos-1.4/configure.hbs': 'set system host-name {{v hostname}}\n' },
    args: ['vyatta', '--templates', 'mine'],
    status: 1,
  },

  SITE_FOLDER_UNFIT: {
    files: {
      'natplan.yaml': `version: 1\nsites:\n${['North', 'north', 'aux'].map((name, index) => gatewaySite(name, {}, { address: `203.0.113.${index + 1}`, subnet: `10.0.${index}.0/24` })).join('')}`,
    },
    args: ['generate', '-o', 'out'],
    status: 1,
  },
  VALUE_UNSAFE: rendering((policy) => ({
    ...policy,
    nat: policy.nat.map((rule) => ({ ...rule, description: "natplan: '; reboot" })),
  })),
  POLICY_UNSUPPORTED: rendering((policy) => ({
    ...policy,
    nat: policy.nat.map((rule) => ({ ...rule, action: { kind: 'masquerade' as const } })),
  })),
  CONFIG_TUNNEL_INCOMPLETE: withRunning(['set vpn ipsec site-to-site peer old remote-address 192.0.2.9'], 0),
  CONFIG_PLATFORM_LIKELY: {
    library: () => {
      const text = { name: 'running.txt', text: 'set vpn ipsec ike-group I key-exchange ikev2\n' }
      return readConfiguration({ site: parseSiteName('a'), platform: undefined, text }).findings
    },
  },
  NODE_ROUTES_NOT_UNDERSTOOD: {
    library: () => parseNodeRoutes('default via 10.0.0.1 dev eth0\nwhat is this\n').findings,
  },
  NODE_ROUTES_OTHER_TABLES: { library: () => parseNodeRoutes('10.9.0.0/16 dev eth9 table 100\n').findings },
  EXISTING_NUMBER_IN_USE: withNumber(
    withRunning(
      [
        'set nat destination rule 1000 inbound-interface name eth0',
        'set nat destination rule 1000 translation address 10.9.9.9',
      ],
      1,
    ),
    1000,
  ),
  EXISTING_RULE_FIRST: withNumber(withRunning(masquerade(100), 1), 1000),
  EXISTING_PEER: withRunning(runningPeer('198.51.100.1', ['10.5.0.0/24', '10.6.0.0/24']), 1),
  EXISTING_SELECTOR: withRunning(runningPeer('192.0.2.77', ['192.168.0.0/16', '192.168.0.0/16']), 1),
  FILTER_RULES_NEEDED: withRunning(
    ['set firewall ipv4 forward filter default-action drop', 'set firewall ipv4 input filter default-action drop'],
    0,
  ),
  EXISTING_ROUTE: withRunning(['set protocols static route 192.168.1.0/24 next-hop 10.0.0.254'], 0),
  EXISTING_NETWORK: withRunning(['set interfaces ethernet eth2 address 192.168.1.1/24'], 1),
  EXISTING_NOT_FOLLOWED: withRunning(
    [
      ...runningPeer('198.51.100.1', ['10.5.0.0/24', '10.6.0.0/24']),
      'set firewall global-options source-validation strict',
    ],
    1,
  ),
  EXISTING_NAT_ELSEWHERE: withRunning(
    ['set service nat rule 10 type masquerade', 'set service nat rule 10 outbound-interface eth1'],
    1,
  ),
  EXISTING_OTHER_SITE: withRunning(['set interfaces ethernet eth0 address 198.51.100.1/24'], 1),
  EXISTING_INTERFACE: withRunning(
    ['set interfaces virtual-feature-point vfp0 address 192.168.123.123/32'],
    1,
    'vyatta-5600',
  ),
  EXISTING_TAKEN: withRunning(['set vpn ipsec profile mine esp-group natplan-b'], 1),

  DIFF_UNSUPPORTED: diffed(['set anything'], 1, 'generic'),
  DIFF_STILL_USED: diffed(
    ['set vpn ipsec esp-group natplan-left mode tunnel', 'set vpn ipsec profile mine esp-group natplan-left'],
    0,
  ),
  DIFF_FILE_SHARED: diffed(
    ['connections {', '  natplan-b {', '    version = 2', '  }', '  mine {', '    local { auth = psk }', '  }', '}'],
    1,
    'linux',
  ),
  DIFF_KEY_NOT_COMPARED: diffed(["set vpn ipsec authentication psk natplan-b secret '********'"], 0),

  USAGE: { args: ['plan', '--colour'], status: 2 },
  HOST_UNKNOWN: {
    files: { 'natplan.yaml': twoHosts },
    args: ['explain', 'a:dbb'],
    status: 2,
  },
  HOST_UNCLEAR: {
    files: { 'natplan.yaml': twoHosts },
    args: ['trace', 'a:10.0.0.9', 'db'],
    status: 2,
  },
  NAME_UNREACHABLE: {
    files: { 'natplan.yaml': twoHosts, hosts: '10.0.0.6 db.b\n' },
    args: ['names', '--check', 'a=hosts'],
    status: 1,
  },
  NAME_OF_ANOTHER: {
    files: { 'natplan.yaml': twoHosts, hosts: '10.0.0.7 db.b\n' },
    args: ['names', '--check', 'a=hosts'],
    status: 1,
  },
  CODE_UNKNOWN: { args: ['explain', 'POOL_EXHAUSTD'], status: 2 },
  LAB_IMPOSSIBLE: { files: { 'natplan.yaml': `version: 1\nsites:\n${twoSites}` }, args: ['lab', 'up'], status: 2 },
  LAB_NOT_UP: { args: ['lab', 'check', '--name', 'never-built'], status: 2 },
}

export const allCodes = Object.keys(codes) as Code[]
