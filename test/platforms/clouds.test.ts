import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayPolicy, Platform, SiteName } from '@natplan/core'
import { platformModule, Secret, type Texts } from '@natplan/templates'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { cloudHub, cloudPeer, cloudSelectors, cloudUplinks } from '../golden/platforms/cases.ts'
import { natplan, root } from '../support/command.ts'
import { derive, type Written } from '../support/policies.ts'
import { clouds } from '../support/routers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { terraformSchema } from './terraform/schema.ts'

const platforms = clouds.map(({ platform }) => platform)
const isTerraform = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(terraformSchema)

const forms = ['trap', 'initiate', 'respond'] as const
const proposals = [undefined, 'modern', 'compatible'] as const

/** A gateway in each form that it can have. */
function written(): (readonly [string, Written])[] {
  const one = platforms.flatMap((platform) =>
    proposals.flatMap((proposal) =>
      forms
        .filter((start) => platform !== 'gcp' || start !== 'respond')
        .map((start) => {
          const { sites, tunnels = [] } = cloudPeer(platform)
          const wish = proposal === undefined ? {} : { proposal }
          const at = start === 'respond' ? { cloud: start } : start
          return [
            `${platform}, ${proposal ?? 'no proposal'}, ${start}`,
            { sites, tunnels: tunnels.map((tunnel) => ({ ...tunnel, ...wish, start: at })) },
          ] as const
        }),
    ),
  )
  const others = platforms.map((platform) => [`selectors of ${platform}`, cloudSelectors(platform)] as const)
  const two = platforms.map((platform) => [`two tunnels of ${platform}`, cloudUplinks(platform)] as const)
  return [...one, ...others, ...two, ['two peers of azure', cloudHub()]]
}

function textsOf(network: Written): { readonly policy: GatewayPolicy; readonly texts: Texts } {
  const { policies, findings } = derive(network)
  const policy = policies.find(({ platform }) => platforms.includes(platform))
  const secrets = new Map(policy?.tunnels.map(({ peer }) => [peer as string, new Secret('A.key.that.nobody.sees')]))
  const { texts } = (policy && platformModule(policy.platform)?.render(policy, { secrets })) ?? {}
  if (!policy || !texts) throw new Error(JSON.stringify(findings))
  return { policy, texts }
}

interface Terraform {
  readonly variable: Readonly<Record<string, { readonly sensitive?: true }>>
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>
}

function terraformOf({ files }: Texts): { readonly text: string; readonly file: Terraform } {
  const text = files.find(({ name }) => name === 'natplan.tf.json')?.text ?? ''
  return { text, file: JSON.parse(text) as Terraform }
}

describe('the file for Terraform', () => {
  it.each(written())('of %s is what the providers take', (_, network) => {
    const { file } = terraformOf(textsOf(network).texts)
    isTerraform(file)
    expect(isTerraform.errors ?? []).toEqual([])
  })

  it.each(written())('of %s refers to nothing that is not there, and holds no key', (_, network) => {
    const { texts, policy } = textsOf(network)
    const { text, file } = terraformOf(texts)
    const references = [...text.matchAll(/\$\{([a-z0-9_.]+)/g)].map(([, path = '']) => path.split('.'))
    expect(references.length).toBeGreaterThan(3)
    for (const [first = '', second = ''] of references) {
      if (first === 'each') continue
      if (first === 'var') expect(Object.keys(file.variable)).toContain(second)
      else expect(Object.keys(file.resource[first] ?? {})).toContain(second)
    }
    const keys = Object.values(file.variable).filter(({ sensitive }) => sensitive)
    // The two instances of azure have one connection.
    const peers = policy.tunnels.map(({ peer, site }) => (policy.platform === 'azure' ? site : peer))
    expect(keys).toHaveLength(new Set(peers).size)
    expect(JSON.stringify(texts)).not.toContain('A.key.that.nobody.sees')
  })

  it('is refused by the schema when an argument is wrong', () => {
    const { file } = terraformOf(textsOf(cloudPeer('azure')).texts)
    const text = JSON.stringify(file)
    const edits = [
      text.replace('"EgressSnat"', '"EgressDnat"'),
      text.replace('"gateway_address"', '"gateway_ip"'),
      text.replace('"SHA384"', '"SHA512"'),
      text.replace('"var.key_onpremise"', '"secret"').replace(`$${'{var.key_onpremise}'}`, 'a key'),
    ]
    for (const edit of edits) {
      expect(edit).not.toBe(text)
      expect(isTerraform(JSON.parse(edit))).toBe(false)
    }
  })
})

/** A command line that writes down what it is called with, and the file that it is handed. */
const recorder = `#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >>"$RECORD"; done
for word in "$@"; do case $word in file://*) cat "\${word#file://}" >"$OPTIONS" ;; esac; done
echo an-id
`

const variables: Partial<Record<Platform, readonly string[]>> = {
  azure: ['RESOURCE_GROUP', 'GATEWAY'],
  aws: ['VPN_GATEWAY_ID', 'ROUTE_TABLE_IDS'],
  gcp: ['REGION', 'NETWORK', 'GATEWAY'],
}
const further: Partial<Record<Platform, readonly string[]>> = {
  azure: ['IP_CONFIGURATION_1', 'IP_CONFIGURATION_2'],
  aws: ['NATPLAN_KEY_ONPREMISE_SECOND'],
  gcp: ['GATEWAY_2', 'NATPLAN_KEY_ONPREMISE_SECOND'],
}
const commands: Partial<Record<Platform, string>> = { azure: 'az', aws: 'aws', gcp: 'gcloud' }

function run(platform: Platform, text: string, env: Readonly<Record<string, string>>) {
  const folder = temporaryFolder()
  const command = join(folder, commands[platform] ?? '')
  writeFileSync(command, recorder)
  chmodSync(command, 0o755)
  const [record, options] = [join(folder, 'record'), join(folder, 'options')]
  for (const path of [record, options]) writeFileSync(path, '')
  const { status, stderr } = spawnSync('/bin/sh', ['-c', text], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder, RECORD: record, OPTIONS: options, ...env },
  })
  return { status, stderr, words: readFileSync(record, 'utf8').split('\n'), options: readFileSync(options, 'utf8') }
}

const steps = platforms.flatMap((platform) => [
  { platform, network: cloudPeer(platform), count: 'one tunnel', wanted: variables[platform] ?? [] },
  {
    platform,
    network: cloudUplinks(platform),
    count: 'two tunnels',
    wanted: [...(variables[platform] ?? []), ...(further[platform] ?? [])],
  },
])

describe.each(steps)('the steps of $platform for $count', ({ platform, network, wanted }) => {
  const { texts } = textsOf(network)
  const names = [...wanted, 'NATPLAN_KEY_ONPREMISE']
  const env = Object.fromEntries(names.map((name) => [name, name.toLowerCase()]))

  it('run to their end, with the key from outside', () => {
    const { status, stderr, words, options } = run(platform, texts.configure, env)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(words.join(' ') + options).toContain('natplan_key_onpremise')
  })

  it.each(names)('do nothing without %s', (name) => {
    const { [name]: _, ...others } = env
    const { status, stderr, words } = run(platform, texts.configure, others)
    expect(status).not.toBe(0)
    expect(stderr).toContain(name)
    expect(words).toEqual([''])
  })

  it('name everything that they made when it is removed, and when it is looked at', () => {
    const made =
      run(platform, texts.configure, env)
        .words.join(' ')
        .match(/(?<!\/)natplan-[a-z0-9-]+/g) ?? []
    expect(made.length).toBeGreaterThan(0)
    const removed = run(platform, texts.remove, env)
    expect(removed.stderr).toBe('')
    for (const name of made) expect(removed.words.join('\n')).toContain(name)
    expect(run(platform, texts.check, env)).toMatchObject({ status: 0, stderr: '' })
  })
})

it('hands AWS options that it can read, with the key and no second tunnel', () => {
  const env = { VPN_GATEWAY_ID: 'v', ROUTE_TABLE_IDS: 'r1 r2', NATPLAN_KEY_ONPREMISE: 'the.key' }
  const { options, words } = run('aws', textsOf(cloudPeer('aws')).texts.configure, env)
  expect(JSON.parse(options)).toMatchObject({ StaticRoutesOnly: true, TunnelOptions: [{ PreSharedKey: 'the.key' }] })
  expect(words).toEqual(expect.arrayContaining(['r1', 'r2']))
})

it('hands AWS both tunnels of one connection, and says which address each has', () => {
  const keys = { NATPLAN_KEY_ONPREMISE: 'one.key', NATPLAN_KEY_ONPREMISE_SECOND: 'other.key' }
  const env = { VPN_GATEWAY_ID: 'v', ROUTE_TABLE_IDS: 'r1', ...keys }
  const { configure } = textsOf(cloudUplinks('aws')).texts
  const { options, words } = run('aws', configure, env)
  const [first, second] = ['one.key', 'other.key'].map((PreSharedKey) => expect.objectContaining({ PreSharedKey }))
  expect(JSON.parse(options)).toMatchObject({ TunnelOptions: [first, second] })
  expect(words.filter((word) => word === 'create-vpn-connection')).toHaveLength(1)
  const told = configure.slice(configure.indexOf('while read'), configure.indexOf('\n\n# The VPC'))
  const { stdout } = spawnSync(
    '/bin/sh',
    ['-c', `printf 'other.key\\t198.51.100.7\\nwrong\\t198.51.100.8\\n' | ${told}`],
    {
      encoding: 'utf8',
      env: keys,
    },
  )
  expect(stdout).toBe('the tunnel to onpremise-second: 198.51.100.7; the plan says 203.0.113.138\n')
})

it('has one connection of AWS for each address of the peer', () => {
  const { sites, tunnels = [] } = cloudUplinks('aws')
  const { cloud, onpremise } = sites
  const lte = { interface: 'eth2', address: '198.51.100.20', nextHop: '198.51.100.1' }
  const uplinks = { second: { address: '203.0.113.138' }, other: { address: '203.0.113.200' } }
  const both = {
    cloud: { ...cloud, gateway: { ...cloud?.gateway, uplinks } },
    onpremise: { ...onpremise, gateway: { ...onpremise?.gateway, uplinks: { lte } } },
  } as Written['sites']
  const [first] = tunnels
  const third = { ...first, sites: ['cloud', 'onpremise'], uplinks: { cloud: 'other', onpremise: 'lte' } }
  const { file } = terraformOf(textsOf({ sites: both, tunnels: [...tunnels, third] }).texts)
  isTerraform(file)
  expect(isTerraform.errors ?? []).toEqual([])
  const made = file.resource['aws_vpn_connection'] ?? {}
  expect(Object.keys(made)).toEqual(['onpremise', 'onpremise_other_lte'])
  const hasSecond = Object.values(made).map((one) => 'tunnel2_preshared_key' in one)
  expect(hasSecond).toEqual([true, false])
  expect(file.resource['aws_customer_gateway']).toMatchObject({
    onpremise: { ip_address: '192.0.2.20' },
    onpremise_other_lte: { ip_address: '198.51.100.20' },
  })
})

it('has one connection of azure for both instances, and each rule once for each of them', () => {
  const { file } = terraformOf(textsOf(cloudUplinks('azure')).texts)
  expect(Object.keys(file.resource['azurerm_virtual_network_gateway_connection'] ?? {})).toEqual(['onpremise'])
  const rules = Object.values(file.resource['azurerm_virtual_network_gateway_nat_rule'] ?? {})
  const configurations = rules.map((one) => (one as Record<string, unknown>)['ip_configuration_id'])
  expect(configurations).toEqual([1, 2].map((number) => `$${'{var.ip_configuration_id_'}${number}}`))
})

it('has routes of Google Cloud into the second tunnel that come behind those of the first', () => {
  const { file } = terraformOf(textsOf(cloudUplinks('gcp')).texts)
  const routes = Object.values(file.resource['google_compute_route'] ?? {}) as Record<string, unknown>[]
  expect(routes.map((one) => one['priority'])).toEqual([1000, 1001])
})

it('are one pair of sites with two tunnels again, out of what AWS and the running gateway show', () => {
  const { sites, tunnels = [] } = cloudUplinks('aws')
  const links = ['169.254.10.0/30', '169.254.11.0/30']
  const linked = tunnels.map((one, index) => ({ ...one, translateAt: undefined, link: links[index] }))
  const own = [{ prefix: '10.0.1.0/24', translateTo: '192.168.1.0/24' }]
  const onpremise = { ...sites['onpremise'], subnets: own }
  const written = { sites: { cloud: { ...sites['cloud'], subnets: ['10.3.1.0/24'] }, onpremise }, tunnels: linked }
  const office = derive(JSON.parse(JSON.stringify(written)) as Written).policies.find(
    ({ site }) => site === 'onpremise',
  )
  const module = office && platformModule(office.platform)
  const { texts } = (office && module?.render(office, { secrets: new Map() })) ?? {}
  const of = (list: string, ...all: object[]) => JSON.stringify({ [list]: all })
  const tunnelOptions = links.map((TunnelInsideCidr, index) => ({
    OutsideIpAddress: ['203.0.113.10', '203.0.113.138'][index],
    TunnelInsideCidr,
    PreSharedKey: 'A.key.that.nobody.sees',
  }))
  const folder = temporaryFolder({
    'vpcs.json': of('Vpcs', { VpcId: 'vpc-1', CidrBlock: '10.3.1.0/24', Tags: [{ Key: 'Name', Value: 'cloud' }] }),
    'gateways.json': of('VpnGateways', {
      VpnGatewayId: 'vgw-1',
      VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }],
    }),
    'customers.json': of('CustomerGateways', { CustomerGatewayId: 'cgw-1', IpAddress: '192.0.2.20' }),
    'connections.json': of('VpnConnections', {
      VpnConnectionId: 'vpn-1',
      VpnGatewayId: 'vgw-1',
      CustomerGatewayId: 'cgw-1',
      Routes: [{ DestinationCidrBlock: '192.168.1.0/24' }],
      Options: { TunnelOptions: tunnelOptions },
    }),
    'office.txt': `set interfaces ethernet eth1 address '192.0.2.20/24'\nset interfaces ethernet eth0 address '10.0.1.1/24'\n${texts?.configure}`,
  })
  const exports = ['vpcs.json', 'gateways.json', 'customers.json', 'connections.json']
  const { status, stdout, stderr } = natplan(['import', ...exports, 'onpremise=office.txt', '-o', 'plan.yaml'], {
    cwd: folder,
  })
  expect({ status, stdout }).toMatchObject({ status: 0 })
  const text = readFileSync(join(folder, 'plan.yaml'), 'utf8')
  expect(text.match(/^ {2}\S.*:$/gm)).toEqual(['  cloud:', '  onpremise:'])
  expect(text.match(/- sites: .*/g)).toEqual(Array.from({ length: 2 }, () => '- sites: [ cloud, onpremise ]'))
  expect(text).toContain('uplinks:\n      cloud: second')
  expect(text + stderr).not.toContain('A.key.that.nobody.sees')
  const verified = natplan(['verify', '-f', 'plan.yaml', 'onpremise=office.txt'], { cwd: folder })
  expect(verified.stdout).toContain('cloud - onpremise  proven')
  const { stdout: changes } = natplan(['diff', '-f', 'plan.yaml', 'onpremise=office.txt'], { cwd: folder })
  expect(changes).not.toMatch(/^(set|delete) /m)
})

it('shares a rule for its own subnet between two connections of azure, and none for those of the peers', () => {
  const { file } = terraformOf(textsOf(cloudHub()).texts)
  const connections = Object.values(file.resource['azurerm_virtual_network_gateway_connection'] ?? {})
  const ids = (key: string) => connections.map((one) => (one as Record<string, unknown>)[key])
  expect(new Set(ids('egress_nat_rule_ids').map((one) => JSON.stringify(one))).size).toBe(1)
  expect(new Set(ids('ingress_nat_rule_ids').map((one) => JSON.stringify(one))).size).toBe(2)
})

it('refuses two peers whose objects would have one name', () => {
  const { policies } = derive(cloudHub())
  const policy = policies.find(({ platform }) => platform === 'azure')
  const renamed = policy?.tunnels.map((tunnel, index) => ({
    ...tunnel,
    peer: (index === 0 ? 'A_b' : 'a-B') as SiteName,
  }))
  const { texts, findings } =
    platformModule('azure')?.render({ ...policy, tunnels: renamed } as GatewayPolicy, { secrets: new Map() }) ?? {}
  expect(texts).toBeUndefined()
  expect(findings?.map(({ code }) => code)).toEqual(['POLICY_UNSUPPORTED'])
})

const translatingForPeer = cloudPeer('azure', { mode: 'route', translateAt: 'cloud' })

it.each([
  ...platforms.map((platform) => [`the peer of ${platform}`, cloudPeer(platform)] as const),
  ...platforms.map((platform) => [`the selectors of ${platform}`, cloudSelectors(platform)] as const),
  ...platforms.map((platform) => [`both tunnels of ${platform}`, cloudUplinks(platform)] as const),
  ['azure in place of its peer', translatingForPeer],
  ['azure in place of two peers', cloudHub()],
] as const)('every address arrives: %s', (_, network) => {
  const { status, stdout, stderr } = natplan(['verify', '-f', '-'], {
    input: JSON.stringify({ version: 1, ...network }),
  })
  expect(stdout).toContain('proven')
  expect(stdout).not.toMatch(/not proven|not known/)
  expect(stderr).not.toContain(' error ')
  expect(status).toBe(0)
})

it.each([
  ['azure', 'Letters.and+digits_20', []],
  ['azure', 'a-key-with-dashes-of-20', ['KEY_CHARACTERS']],
  ['aws', 'Letters.and_digits_20', []],
  ['aws', '0letters.and_digits_20', ['KEY_CHARACTERS']],
  ['aws', `A${'a'.repeat(64)}`, ['KEY_LONG']],
  ['gcp', 'Letters.and_digits_20', []],
  ['gcp', 'Letters+and_digits_20', ['KEY_CHARACTERS']],
] as const)('%s with the key %s: %j', (platform, key, expected) => {
  const findings = platformModule(platform)?.checkKey(new Secret(key), { source: 'plan', path: [] })
  expect(findings?.map(({ code }) => code)).toEqual(expected)
})

describe('the example with Azure', () => {
  const file = join(root, 'examples/azure-peer/natplan.yaml')
  const key = { NATPLAN_AZURE_PSK: 'Letters.and.digits_20' }
  const run = (...args: string[]) => natplan([...args, '-f', file], { env: key })

  it('is proven', () => {
    const { status, stdout } = run('verify')
    expect(stdout).toContain('azure - onpremise  proven')
    expect(status).toBe(0)
  })

  it('gets a folder with objects for the cloud, and no sheet for people', () => {
    const folder = temporaryFolder()
    const args = ['generate', '-o', 'out', '-f', file, '--lock', 'natplan.lock.yaml']
    expect(natplan(args, { cwd: folder, env: key }).status).toBe(0)
    const names = readdirSync(join(folder, 'out', 'azure')).sort()
    expect(names).toEqual(['check.txt', 'configure.txt', 'natplan.tf.json', 'remove.txt'])
    const guide = readFileSync(join(folder, 'out', 'README.md'), 'utf8')
    expect(guide).toContain('### On azure: azure\n\nWith Terraform: put `natplan.tf.json` into a folder of its own')
    expect(guide).toContain('- onpremise:\n\n      VIA=GATEWAY')
    expect(guide).not.toContain('- azure:')
  })

  it('has the rules of the network as its firewall', () => {
    const { stdout } = run('explain', 'firewall', '--site', 'azure')
    expect(stdout).toContain('the rules of its network (security groups, firewall rules)')
  })
})
