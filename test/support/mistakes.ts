import type { Code, Path } from '@natplan/core'

/** A parsed plan file, to be spoilt. */
export type Draft = Record<string, unknown>

/** One thing that somebody may do wrong, and how natplan must call it. */
export interface Mistake {
  readonly code: Code
  readonly path: Path
  readonly make: (draft: Draft) => void
  /** What two mistakes cannot both be about, when each of them is to be found. */
  readonly about: readonly string[]
}

const hub = 'site0'
const siteNames = [hub, 'site1', 'site2', 'site3'] as const

/** Every kind of thing that a plan file has, and nothing wrong. */
export function rightPlan(): Draft {
  const platforms = ['vyos-1.4', 'vyos-1.3', 'edgeos', 'vyos-1.5']
  const site = (index: number) => ({
    subnets: [
      `10.${index}.0.0/24`,
      { prefix: `10.${index}.1.0/24`, name: 'warehouse' },
      { prefix: `10.${index}.2.0/24`, translateTo: `100.64.${index}.0/24` },
      { prefix: `10.${index}.3.0/24`, translate: 'never' },
      { prefix: '10.99.0.0/24', translate: 'always' },
    ],
    reserved: [`10.${index}.128.0/24`],
    kubernetes: {
      podSubnets: [`10.${index}.64.0/24`],
      serviceSubnets: [`10.${index}.65.0/24`],
      tolerations: [{ key: 'a', operator: 'Exists' }],
      resources: { requests: { memory: '16Mi' }, limits: { memory: '32Mi' } },
      nodePools: [
        { name: 'a', nodeSelector: { zone: 'a' } },
        { name: 'b', nodeSelector: { zone: 'b' } },
      ],
    },
    gateway: {
      platform: platforms[index],
      outside: { interface: 'eth0', address: `203.0.113.${index + 1}`, publicAddress: `198.51.100.${index + 1}` },
      inside: { interface: 'eth1' },
      identity: `${siteNames[index]}.example.net`,
      firewall: { fromPeers: 'WAN_IN' },
    },
  })
  return {
    version: 1,
    pools: ['192.168.0.0/16', '172.16.0.0/12'],
    avoid: ['192.168.1.0/24', '100.64.200.0/24'],
    moved: [
      { from: 'former', to: 'site1' },
      { from: 'oldest', to: 'site2' },
    ],
    sites: Object.fromEntries(siteNames.map((name, index) => [name, site(index)])),
    tunnels: siteNames.slice(1).map((name) => ({
      sites: [hub, name],
      preSharedKey: { env: 'NATPLAN_PSK' },
      proposal: 'compatible',
      ike: { lifetime: 3600 },
    })),
  }
}

/** All mistakes that can be made at the sites and tunnels of the right plan. */
export function mistakes(): Mistake[] {
  return [...ofThePlan(), ...siteNames.flatMap(ofSite), ...siteNames.slice(1).flatMap(ofTunnel)]
}

function ofThePlan(): Mistake[] {
  return [
    renamed('KEY_UNKNOWN', [], 'pools', 'poolz'),
    renamed('KEY_UNKNOWN', [], 'avoid', 'avoids'),
    wrong('VERSION_UNSUPPORTED', ['version'], 2),
    wrong('POOL_NOT_PRIVATE', ['pools', 0], '172.32.0.0/16'),
    wrong('POOL_NOT_IPV4', ['pools', 1], 'fd00::/48'),
    wrong('PREFIX_LENGTH_INVALID', ['avoid', 0], '192.168.1.0/33'),
    added('MOVED_CONTRADICTS', ['moved', 1, 'from'], 'site0'),
    added('SITE_UNKNOWN', ['moved', 0, 'to'], 'elsewhere'),
    added('SITE_NAME_INVALID', ['sites', '1st'], { subnets: ['10.200.0.0/24'] }),
  ]
}

function ofSite(site: string): Mistake[] {
  const index = Number(site.slice(-1))
  const other = siteNames[(index + 1) % siteNames.length] ?? hub
  const peer = site === hub ? other : hub
  const tunnel = `tunnels.${(site === hub ? Number(other.slice(-1)) : index) - 1}.sites`
  const at = (...steps: Path): Path => ['sites', site, ...steps]
  const appended = (code: Code, to: string, value: unknown): Mistake => {
    const length = 5
    return { ...added(code, at('subnets', length), value), about: [`${to} of ${site}`, `subnets.5 of ${site}`] }
  }
  return [
    renamed('KEY_UNKNOWN', at(), 'reserved', 'reservd'),
    renamed('KEY_UNKNOWN', at(), 'subnets', 'subnts'),
    renamed('KEY_UNKNOWN', at(), 'gateway', 'gatway'),
    renamed('KEY_UNKNOWN', at('gateway'), 'outside', 'outsid'),
    added('KEY_UNKNOWN', at('colour'), 'red'),
    wrong('VALUE_WRONG', at('subnets', 0), 4),
    wrong('PREFIX_HOST_BITS', at('subnets', 0), `10.${index}.0.5/24`),
    dropped('KEY_MISSING', at('subnets', 1), 'prefix'),
    wrong('PREFIX_INVALID', at('subnets', 1, 'prefix'), '10.0/16'),
    wrong('VALUE_WRONG', at('subnets', 1, 'name'), '-'),
    wrong('PREFIX_HOST_BITS', at('subnets', 2, 'translateTo'), `100.64.${index}.1/24`),
    wrong('PIN_LENGTH', at('subnets', 2, 'translateTo'), `100.64.${index}.0/27`),
    wrong('PIN_NOT_PRIVATE', at('subnets', 2, 'translateTo'), '203.0.112.0/24'),
    {
      ...wrong('PIN_COLLIDES', at('subnets', 2, 'translateTo'), '100.64.200.0/24'),
      about: [`${key(at('subnets', 2, 'translateTo'))}`, 'the pin in avoid'],
    },
    wrong('VALUE_WRONG', at('subnets', 3, 'translate'), 'nevr'),
    {
      code: 'PIN_CONTRADICTS',
      path: at('subnets', 3, 'translateTo'),
      make: (draft) => change(draft, at('subnets', 3, 'translateTo'), `100.65.${index}.0/24`),
      about: [key(at('subnets', 3, 'translate'))],
    },
    {
      code: 'TRANSLATION_IMPOSSIBLE',
      path: at('subnets', 3),
      make: (draft) => change(draft, ['sites', peer, 'reserved', 1], `10.${index}.3.0/25`),
      about: [key(at('subnets', 3, 'translate')), key(['sites', peer, 'reserved', 1]), tunnel],
    },
    appended('SUBNETS_OVERLAP_IN_SITE', key(at('subnets', 4)), '10.99.0.0/25'),
    appended('SUBNET_SPECIAL_PURPOSE', 'nothing', '127.0.0.0/24'),
    wrong('PREFIX_LENGTH_MISSING', at('reserved', 0), `10.${index}.128.0`),
    wrong('PREFIX_INVALID', at('kubernetes', 'podSubnets', 0), 'x'),
    wrong('VALUE_WRONG', at('kubernetes', 'interval'), 'often'),
    wrong('VALUE_WRONG', at('kubernetes', 'nodePools', 1, 'nodeSelector'), 'b'),
    wrong('TOLERATION_UNFIT', at('kubernetes', 'nodePools', 0, 'tolerations'), [{ operator: 'Equal', value: 'b' }]),
    wrong('VALUE_WRONG', at('kubernetes', 'tolerations', 0, 'effect'), 'NoPlan'),
    wrong('VALUE_WRONG', at('kubernetes', 'resources', 'requests', 'cpu'), 'much'),
    {
      ...wrong('RESOURCES_UNFIT', at('kubernetes', 'resources'), {
        requests: { memory: '64Mi' },
        limits: { memory: '32Mi' },
      }),
      about: [key(at('kubernetes', 'resources', 'requests', 'cpu'))],
    },
    { ...wrong('VALUE_WRONG', at('gateway', 'platform'), 'vyos-9'), about: [`platform of ${site}`] },
    {
      ...wrong('FIREWALL_UNFIT', at('gateway', 'firewall', 'fromPeers'), 'natplan-in'),
      about: [`platform of ${site}`],
    },
    wrong('VALUE_WRONG', at('gateway', 'outside', 'mtu'), 5),
    // The gateways of clouds have none, so it is missed only where the platform is known.
    {
      ...dropped('KEY_MISSING', at('gateway', 'outside'), 'interface'),
      about: [key(at('gateway', 'outside', 'interface')), `platform of ${site}`],
    },
    wrong('ADDRESS_INVALID', at('gateway', 'outside', 'address'), '203.0.113.300'),
    wrong('ENDPOINT_UNUSABLE', at('gateway', 'outside', 'address'), '0.0.0.0'),
    wrong('ADDRESS_INVALID', at('gateway', 'outside', 'publicAddress'), '203.0.113'),
    {
      ...wrong('IDENTITY_DUPLICATE', at('gateway', 'identity'), `${peer}.example.net`),
      about: siteNames.map((name) => `identity of ${name}`),
      path: site === hub ? ['sites', peer, 'gateway', 'identity'] : at('gateway', 'identity'),
    },
  ]
}

function ofTunnel(site: string): Mistake[] {
  const index = Number(site.slice(-1)) - 1
  const at = (...steps: Path): Path => ['tunnels', index, ...steps]
  return [
    { ...wrong('SITE_UNKNOWN', at('sites', 1), 'elsewhere'), about: [`tunnels.${index}.sites`] },
    { ...wrong('VALUE_WRONG', at('sites'), [hub]), about: [`tunnels.${index}.sites`] },
    wrong('VALUE_WRONG', at('proposal'), 'modrn'),
    wrong('VALUE_WRONG', at('ike', 'lifetime'), 1),
    // What stands under a mistyped key may be meant for another one, so its kind is not judged as well.
    { ...wrong('VALUE_WRONG', at('preSharedKey'), 'the key'), about: [`the key ${key(at('preSharedKey'))}`] },
    renamed('KEY_UNKNOWN', at(), 'preSharedKey', 'presharedkey'),
    {
      code: 'TUNNEL_DUPLICATE',
      path: ['tunnels', 3],
      make: (draft) => change(draft, ['tunnels', 3], { sites: [site, hub] }),
      about: ['tunnels.3', `tunnels.${index}.sites`],
    },
    {
      code: 'TUNNEL_TO_ITSELF',
      path: ['tunnels', 3, 'sites'],
      make: (draft) => change(draft, ['tunnels', 3], { sites: [site, site] }),
      about: ['tunnels.3'],
    },
  ]
}

function key(path: Path): string {
  return path.join('.')
}

function wrong(code: Code, path: Path, value: unknown): Mistake {
  return { code, path, make: (draft) => change(draft, path, value), about: [key(path)] }
}

const added = wrong

function dropped(code: Code, path: Path, name: string): Mistake {
  return { code, path, make: (draft) => rename(draft, path, [name, undefined]), about: [key([...path, name])] }
}

function renamed(code: Code, path: Path, name: string, as: string): Mistake {
  return {
    code,
    path: [...path, as],
    make: (draft) => rename(draft, path, [name, as]),
    about: [`the key ${key([...path, name])}`],
  }
}

/** The keys that other mistakes gave to what stands at a step. */
const aliases: Readonly<Record<string, string>> = {
  pools: 'poolz',
  avoid: 'avoids',
  reserved: 'reservd',
  subnets: 'subnts',
  gateway: 'gatway',
  outside: 'outsid',
  preSharedKey: 'presharedkey',
}

function stepIn(record: Draft, step: string | number): string | number {
  const alias = aliases[step]
  return alias !== undefined && Object.hasOwn(record, alias) ? alias : step
}

function recordAt(draft: Draft, path: Path): Draft {
  return path.reduce<Draft>((record, step) => record[stepIn(record, step)] as Draft, draft)
}

function change(draft: Draft, path: Path, value: unknown): void {
  const record = recordAt(draft, path.slice(0, -1))
  record[stepIn(record, path.at(-1) ?? '')] = value
}

function rename(draft: Draft, path: Path, [name, as]: readonly [string, string | undefined]): void {
  const record = recordAt(draft, path)
  const value = record[name]
  delete record[name]
  if (as !== undefined) record[as] = value
}
