import { missingAccepts, verify, worldOfDevices } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { derive } from '../support/policies.ts'
import { sourceOf } from './configurations.ts'

interface End {
  readonly own: string
  readonly peer: string
  readonly lan: string
  readonly far: string
}

const cloud: End = { own: '203.0.113.10', peer: '192.0.2.20', lan: '10.1.0', far: '10.2.0' }
const onpremise: End = { own: '192.0.2.20', peer: '203.0.113.10', lan: '10.2.0', far: '10.1.0' }

const peer = 'vpn ipsec site-to-site peer P'

/** A gateway whose virtual tunnel interface takes what routes lead into it. */
function gatewayOf(end: End, more: readonly string[], selectors: readonly string[] = []): string {
  return [
    `interfaces ethernet eth1 address ${end.own}/24`,
    `interfaces ethernet eth0 address ${end.lan}.1/24`,
    'interfaces vti vti1 address 10.255.0.1/30',
    `protocols static route 0.0.0.0/0 next-hop ${end.own.replace(/\d+$/, '1')}`,
    `protocols static route ${end.far}.0/24 interface vti1`,
    'vpn ipsec interface eth1',
    'vpn ipsec esp-group E pfs dh-group14',
    'vpn ipsec esp-group E proposal 1 encryption aes256',
    'vpn ipsec esp-group E proposal 1 hash sha256',
    'vpn ipsec ike-group I key-exchange ikev2',
    'vpn ipsec ike-group I proposal 1 dh-group 14',
    'vpn ipsec ike-group I proposal 1 encryption aes256',
    'vpn ipsec ike-group I proposal 1 hash sha256',
    `${peer} authentication mode pre-shared-secret`,
    `${peer} authentication local-id ${end.own}`,
    `${peer} authentication remote-id ${end.peer}`,
    `${peer} connection-type initiate`,
    `${peer} ike-group I`,
    `${peer} local-address ${end.own}`,
    `${peer} remote-address ${end.peer}`,
    `${peer} vti bind vti1`,
    `${peer} vti esp-group E`,
    ...selectors.map((one) => `${peer} vti traffic-selector ${one}`),
    ...more,
  ]
    .map((line) => `set ${line}\n`)
    .join('')
}

const chain = 'firewall ipv4 forward filter'
const closed = [`${chain} default-action drop`]

function worldOf(text: string, other: string = gatewayOf(onpremise, [])) {
  const texts = { cloud: text, onpremise: other }
  return worldOfDevices(
    Object.entries(texts).map(([site, written]) => sourceOf(site, { platform: 'vyos-1.4', text: written })),
  ).world
}

function linesFor(text: string, other?: string): string[] {
  const lines = platformModule('vyos-1.4')?.acceptLines?.(missingAccepts(worldOf(text, other))) ?? []
  return lines.flatMap((one) => one.lines)
}

const asked = (lines: readonly string[]) => lines.filter((line) => /address|interface/.test(line))

describe('the rules that are missing where routes lead into a tunnel', () => {
  it('name the networks of both ends, not everything, which the selectors say', () => {
    const text = gatewayOf(cloud, closed)
    expect(asked(linesFor(text))).toEqual([
      `set ${chain} rule 10 destination address 10.2.0.0/24`,
      `set ${chain} rule 10 source address 10.1.0.0/24`,
      `set ${chain} rule 20 destination address 10.1.0.0/24`,
      `set ${chain} rule 20 inbound-interface name vti1`,
      `set ${chain} rule 20 source address 10.2.0.0/24`,
    ])
    const opened = `${text}${linesFor(text)
      .map((line) => `${line}\n`)
      .join('')}`
    expect(verify(worldOf(opened)).result).toBe('proven')
  })

  it('name the network as the peer shows it', () => {
    const nat = [
      'nat source rule 10 outbound-interface name vti1',
      'nat source rule 10 source address 10.2.0.0/24',
      'nat source rule 10 translation address 192.168.7.0/24',
      'nat destination rule 10 destination address 192.168.7.0/24',
      'nat destination rule 10 inbound-interface name vti1',
      'nat destination rule 10 translation address 10.2.0.0/24',
    ]
    const text = gatewayOf({ ...cloud, far: '192.168.7' }, closed)
    expect(asked(linesFor(text, gatewayOf(onpremise, nat)))).toEqual([
      `set ${chain} rule 10 destination address 192.168.7.0/24`,
      `set ${chain} rule 10 source address 10.1.0.0/24`,
      `set ${chain} rule 20 destination address 10.1.0.0/24`,
      `set ${chain} rule 20 inbound-interface name vti1`,
      `set ${chain} rule 20 source address 192.168.7.0/24`,
    ])
  })

  it('name what selectors do where these say it', () => {
    const written = (one: End) => [`local prefix ${one.lan}.0/24`, `remote prefix ${one.far}.0/23`]
    const other = gatewayOf(onpremise, [], ['local prefix 10.2.0.0/23', 'remote prefix 10.1.0.0/24'])
    expect(asked(linesFor(gatewayOf(cloud, closed, written(cloud)), other))).toContain(
      `set ${chain} rule 10 destination address 10.2.0.0/23`,
    )
  })

  it('name the VRF of the tunnel, which chains see behind prerouting', () => {
    const inVrf = [
      'vrf name RED table 100',
      'vrf name RED protocols static route 10.2.0.0/24 interface vti1',
      'interfaces ethernet eth0 vrf RED',
      'interfaces vti vti1 vrf RED',
    ]
    const text = gatewayOf(cloud, [...closed, ...inVrf])
    const lines = linesFor(text)
    expect(lines.filter((line) => line.includes('interface'))).toEqual([
      `set ${chain} rule 20 inbound-interface name RED`,
    ])
    expect(verify(worldOf(`${text}${lines.map((line) => `${line}\n`).join('')}`)).result).toBe('proven')
  })
})

describe('the rules that are missing where one gateway translates for both ends', () => {
  const gatewayAt = (address: string) => {
    return { platform: 'vyos-1.4', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } } as const
  }
  const { policies } = derive({
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: { subnets: ['10.0.1.0/24'], gateway: gatewayAt('203.0.113.10') },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: gatewayAt('192.0.2.20') },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'], translateAt: 'cloud' }],
  })
  const texts = policies.map((policy) => {
    const { configure = '' } = platformModule('vyos-1.4')?.render(policy, { secrets: new Map() }).texts ?? {}
    const lines = [
      `interfaces ethernet eth1 address ${policy.site === 'cloud' ? '203.0.113.10' : '192.0.2.20'}/24`,
      'interfaces ethernet eth0 address 10.0.1.1/24',
      `protocols static route 0.0.0.0/0 next-hop ${policy.site === 'cloud' ? '203.0.113.1' : '192.0.2.1'}`,
    ]
    return `${lines.map((line) => `set ${line}\n`).join('')}${configure}`
  })
  const [cloudText = '', onpremiseText = ''] = texts

  it('name both passes, each with what its packets are called there', () => {
    const text = `${cloudText}set ${chain} default-action drop\n`
    expect(verify(worldOf(text, onpremiseText)).result).toBe('fault')
    const lines = linesFor(text, onpremiseText)
    expect(asked(lines)).toEqual([
      `set ${chain} rule 10 destination address 192.168.2.0/24`,
      `set ${chain} rule 10 source address 10.0.1.0/24`,
      `set ${chain} rule 20 destination address 192.168.1.0/24`,
      `set ${chain} rule 20 inbound-interface name natplan100`,
      `set ${chain} rule 20 source address 10.0.1.0/24`,
      `set ${chain} rule 30 destination address 10.0.1.0/24`,
      `set ${chain} rule 30 source address 192.168.1.0/24`,
      `set ${chain} rule 40 destination address 10.0.1.0/24`,
      `set ${chain} rule 40 inbound-interface name veth200`,
      `set ${chain} rule 40 source address 192.168.2.0/24`,
    ])
    const opened = `${text}${lines.map((line) => `${line}\n`).join('')}`
    expect(verify(worldOf(opened, onpremiseText)).result).toBe('proven')
  })
})
