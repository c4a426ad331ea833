import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const chains = (rest: string) => `set firewall ipv4 forward filter default-action drop
set firewall ipv4 input filter default-action drop
set firewall ipv4 output filter default-action drop
${rest}`

const sets = ['WAN_IN', 'LAN_IN', 'WAN_LOCAL'].map((name) => `set firewall name ${name} default-action drop\n`).join('')
const bound = `${sets}set interfaces ethernet eth1 firewall in name WAN_IN
set interfaces ethernet eth1 firewall local name WAN_LOCAL
set interfaces ethernet eth0 firewall in name LAN_IN
`
const interfaces = `set interfaces ethernet eth0 address 10.0.1.1/27
set interfaces ethernet eth1 address 203.0.113.10/24
`
const gateway = 'set protocols static route 0.0.0.0/0 next-hop 203.0.113.1\n'
const byName = '{ fromPeers: WAN_IN, toPeers: LAN_IN, gatewayIn: WAN_LOCAL }'
const byChain =
  '{ fromPeers: forward filter, toPeers: forward filter, gatewayIn: input filter, gatewayOut: output filter }'

const zones = (set: string, zone: string, join: string) => `set ${set} WAN-LAN default-action drop
set ${set} LAN-WAN default-action drop
set ${set} WAN-LOCAL default-action drop
set ${set} LOCAL-WAN default-action drop
set ${zone} WAN ${join} eth1
set ${zone} LAN ${join} eth0
set ${zone} LOCAL local-zone
set ${zone} LAN from WAN firewall name WAN-LAN
set ${zone} WAN from LAN firewall name LAN-WAN
set ${zone} LOCAL from WAN firewall name WAN-LOCAL
set ${zone} WAN from LOCAL firewall name LOCAL-WAN
set ${zone} WAN default-action drop
set ${zone} LAN default-action drop
set ${zone} LOCAL default-action drop
`
const byPair =
  '{ fromPeers: WAN-LAN, toPeers: [LAN-WAN], gatewayIn: { set: WAN-LOCAL, first: 20 }, gatewayOut: LOCAL-WAN }'

const dataplane = `${['TUNNEL', 'LAN', 'WAN']
  .flatMap((name) => ['IN', 'OUT'].map((way) => `set security firewall name ${name}_${way} default-action drop\n`))
  .join('')}set interfaces dataplane eth0 address 10.0.1.1/27
set interfaces dataplane eth0 firewall in LAN_IN
set interfaces dataplane eth0 firewall out LAN_OUT
set interfaces dataplane eth1 address 203.0.113.10/24
set interfaces dataplane eth1 firewall in WAN_IN
set interfaces dataplane eth1 firewall out WAN_OUT
set interfaces virtual-feature-point vfp0 address 169.254.123.123/32
set interfaces virtual-feature-point vfp0 firewall in TUNNEL_IN
set interfaces virtual-feature-point vfp0 firewall out TUNNEL_OUT
`
const byPlace = '{ fromPeers: [TUNNEL_IN, LAN_OUT], toPeers: [LAN_IN, TUNNEL_OUT], gatewayIn: WAN_IN }'
const dataplaneZones = `set security firewall name OUTWARD default-action drop
set security firewall name INWARD default-action drop
set interfaces dataplane eth0 address 10.0.1.1/27
set interfaces dataplane eth1 address 203.0.113.10/24
set security zone-policy zone LAN interface eth0
set security zone-policy zone TUNNEL interface vfp0
set security zone-policy zone LAN to TUNNEL firewall OUTWARD
set security zone-policy zone TUNNEL to LAN firewall INWARD
`

const nft = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
	}
	chain output {
		type filter hook output priority filter; policy accept;
	}
}
`
const links = `2: eth0    inet 10.0.1.1/27 brd 10.0.1.31 scope global eth0
3: eth1    inet 203.0.113.10/24 brd 203.0.113.255 scope global eth1
default via 203.0.113.1 dev eth1
`

const rows = [
  { name: 'chains', platform: 'vyos-1.5', firewall: byChain, base: chains(interfaces + gateway) },
  { name: 'chains', platform: 'vyos-1.4', firewall: byChain, base: chains(interfaces + gateway) },
  {
    name: 'zones',
    platform: 'vyos-1.4',
    firewall: byPair,
    base: zones('firewall ipv4 name', 'firewall zone', 'interface') + interfaces + gateway,
  },
  {
    name: 'zones',
    platform: 'vyos-1.3',
    firewall: byPair,
    base: zones('firewall name', 'zone-policy zone', 'interface') + interfaces + gateway,
  },
  { name: 'sets', platform: 'vyos-1.3', firewall: byName, base: bound + interfaces + gateway },
  { name: 'sets', platform: 'edgeos', firewall: byName, base: bound + interfaces + gateway },
  { name: 'sets', platform: 'vyatta-5400', firewall: byName, base: bound + interfaces + gateway },
  { name: 'sets', platform: 'vyatta-5600', firewall: byPlace, base: dataplane + gateway },
  {
    name: 'zones',
    platform: 'vyatta-5600',
    firewall: '{ fromPeers: INWARD, toPeers: OUTWARD }',
    base: dataplaneZones + gateway,
  },
  {
    name: 'nft',
    platform: 'linux',
    firewall: '{ fromPeers: inet filter forward, toPeers: inet filter forward, gatewayIn: inet filter input }',
    base: links + nft,
  },
]

const rendered = new Map<string, string>()

/** What a plan with such a firewall prints is the same for every test. */
function renderedOnce(key: string, render: () => string): string {
  const text = rendered.get(key) ?? render()
  rendered.set(key, text)
  return text
}

function folderWith({ platform, base }: { platform: string; base: string }, firewall: string) {
  const folder = join(temporaryFolder(), 'plan')
  mkdirSync(folder)
  const path = (name: string) => join(folder, name)
  const planFile = path('natplan.yaml')
  writeFileSync(
    planFile,
    `version: 1
pools: [192.168.0.0/16]
sites:
  cloud:
    subnets: [10.0.1.0/27]
    gateway:
      platform: ${platform}
      outside: { interface: eth1, address: 203.0.113.10 }
      inside: { interface: eth0 }
${firewall === '' ? '' : `      firewall: ${firewall}\n`}  onpremise:
    subnets: [10.0.1.0/24, 10.50.0.0/16]
    gateway:
      platform: vyos-1.4
      outside: { interface: eth1, address: 192.0.2.20 }
      inside: { interface: eth0 }
tunnels:
  - sites: [cloud, onpremise]
`,
  )
  const render = (site: string, ...args: string[]) => natplan(['vyatta', planFile, '--site', site, ...args])
  const onpremise = `set interfaces ethernet eth0 address 10.0.1.1/24
set interfaces ethernet eth1 address 192.0.2.20/24
set protocols static route 10.50.0.0/16 next-hop 10.0.1.2
set protocols static route 0.0.0.0/0 next-hop 192.0.2.1
`
  writeFileSync(path('base.txt'), base)
  const textOf = (site: string) => renderedOnce(`${site} ${platform} ${firewall}`, () => render(site).stdout)
  writeFileSync(path('cloud.txt'), base + textOf('cloud'))
  writeFileSync(path('onpremise.txt'), onpremise + textOf('onpremise'))
  return { folder, path, planFile, render }
}

describe('the rules of a firewall that the plan names', () => {
  it.each(rows)('let the tunnels pass on $platform ($name)', (row) => {
    const { path, planFile } = folderWith(row, row.firewall)
    const config = [`cloud=${path('cloud.txt')}`, `onpremise=${path('onpremise.txt')}`]
    const { stdout, stderr } = natplan(['verify', ...config, '-f', planFile, '--output', 'json'])
    const { result, tunnels } = JSON.parse(stdout) as { result: string; tunnels: { result: string }[] }
    expect({ result, tunnels: tunnels.map((one) => one.result) }, stdout + stderr).toEqual({
      result: 'proven',
      tunnels: ['proven'],
    })
  })

  it.each(rows)('are what was missing on $platform ($name)', (row) => {
    const { path, planFile } = folderWith(row, '')
    const config = [`cloud=${path('cloud.txt')}`, `onpremise=${path('onpremise.txt')}`]
    const { stdout } = natplan(['verify', ...config, '-f', planFile, '--output', 'json'])
    expect((JSON.parse(stdout) as { result: string }).result).toBe('fault')
  })

  it.each(rows)('are nothing to do again on $platform ($name)', (row) => {
    const { path, planFile } = folderWith(row, row.firewall)
    const { stdout, stderr } = natplan(['diff', `cloud=${path('cloud.txt')}`, '-f', planFile])
    // No key is known here, so that the file of keys on Linux is not compared.
    expect(stdout.replace(/^#.*\n|^swanctl --load-all\n/gm, '').trim(), stderr).toBe('')
  })

  it.each(rows)('come with a diff, and nothing more is missing on $platform ($name)', (row) => {
    const { path, planFile } = folderWith(row, row.firewall)
    const { stdout, stderr } = natplan(['diff', `cloud=${path('base.txt')}`, '-f', planFile])
    expect(stderr).not.toContain('FILTER_RULES_NEEDED')
    expect(stdout).toContain('natplan: from natplan-peers to natplan-own')
  })

  it.each(rows)('leave with the rest of natplan on $platform ($name)', (row) => {
    const { path, planFile, render } = folderWith(row, row.firewall)
    const known = render('cloud', '--remove').stdout.split('\n')
    writeFileSync(planFile, readFileSync(planFile, 'utf8').replace(/ +firewall: .*\n/, ''))
    const plain = render('cloud', '--remove').stdout.split('\n')
    const found = render('cloud', '--remove', '--existing', `cloud=${path('cloud.txt')}`).stdout.split('\n')
    const added = (lines: string[]) => lines.filter((line) => !plain.includes(line)).sort()
    expect(added(known).length).toBeGreaterThan(0)
    expect(added(found)).toEqual(added(known))
  })

  it.each([
    ['vyos-1.4', '{ fromPeers: "WAN_IN; reboot" }', 'VALUE_WRONG'],
    ['vyos-1.4', `{ fromPeers: "WAN_IN'" }`, 'VALUE_WRONG'],
    ['vyos-1.4', '{ fromPeers: "WAN\\nIN" }', 'VALUE_WRONG'],
    ['vyos-1.4', '{ fromPeers: [] }', 'VALUE_WRONG'],
    ['vyos-1.4', '{ frompeers: WAN_IN }', 'KEY_UNKNOWN'],
    ['vyos-1.4', '{ fromPeers: { set: WAN_IN, first: 0 } }', 'VALUE_WRONG'],
    ['vyos-1.4', '{ fromPeers: inet filter forward }', 'FIREWALL_UNFIT'],
    ['vyos-1.4', '{ fromPeers: natplan-in }', 'FIREWALL_UNFIT'],
    ['vyos-1.3', '{ fromPeers: forward filter }', 'FIREWALL_UNFIT'],
    ['edgeos', '{ fromPeers: { set: WAN_IN, first: 9999 } }', 'FIREWALL_UNFIT'],
    ['linux', '{ fromPeers: WAN_IN }', 'FIREWALL_UNFIT'],
    ['linux', '{ fromPeers: { set: inet filter forward, first: 10 } }', 'FIREWALL_UNFIT'],
    ['vyatta-5600', '{ fromPeers: { set: WAN_IN, first: 9999 } }', 'FIREWALL_UNFIT'],
    ['vyatta-5600', '{ fromPeers: WAN.IN }', 'FIREWALL_UNFIT'],
    ['vyos-1.4', '{ fromPeers: _WAN }', 'FIREWALL_UNFIT'],
    ['vyos-1.3', '{ fromPeers: VZONE_WAN }', 'FIREWALL_UNFIT'],
    ['generic', '{ fromPeers: WAN_IN }', 'FIREWALL_UNFIT'],
  ])('are refused on %s as %s', (platform, firewall, code) => {
    const { render } = folderWith({ platform, base: '' }, firewall)
    const { status, stdout, stderr } = render('cloud')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`natplan.yaml:10:\\d+ error ${code} `))
  })
})
