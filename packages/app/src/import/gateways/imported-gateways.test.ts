import { parseSiteName } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../configs/read-configuration.ts'
import { importedGateways } from './imported-gateways.ts'

interface Hand {
  readonly outside: string
  readonly inside: string
  readonly peers: readonly { readonly name: string; readonly address: string; readonly lines: readonly string[] }[]
  readonly more?: readonly string[]
}

/** A VyOS 1.4 that somebody configured. */
function handMade({ outside, inside, peers, more = [] }: Hand): string {
  const groups = [
    'esp-group E pfs dh-group14',
    'esp-group E proposal 1 encryption aes256',
    'esp-group E proposal 1 hash sha256',
    'ike-group I key-exchange ikev2',
    'ike-group I proposal 1 dh-group 14',
    'ike-group I proposal 1 encryption aes256',
    'ike-group I proposal 1 hash sha256',
  ]
  const all = peers.flatMap(({ name, address, lines }, index) => [
    `authentication psk k${index} id ${outside}`,
    `authentication psk k${index} id ${address}`,
    `authentication psk k${index} secret EXAMPLE-ONLY-0123456789abcdef`,
    ...[
      'authentication mode pre-shared-secret',
      'connection-type initiate',
      'default-esp-group E',
      'ike-group I',
      `local-address ${outside}`,
      `remote-address ${address}`,
      ...lines,
    ].map((line) => `site-to-site peer ${name} ${line}`),
  ])
  return [
    `interfaces ethernet eth0 address ${outside}/24`,
    `interfaces ethernet eth1 address ${inside}`,
    `protocols static route 0.0.0.0/0 next-hop ${outside.replace(/\d+$/, '1')}`,
    ...[...groups, ...all].map((line) => `vpn ipsec ${line}`),
    ...more,
  ]
    .map((line) => `set ${line}\n`)
    .join('')
}

function imported(texts: Readonly<Record<string, Hand>>) {
  return importedGateways(
    Object.entries(texts).map(([site, hand]) =>
      readConfiguration({
        site: parseSiteName(site),
        platform: 'vyos-1.4',
        text: { name: `${site}.txt`, text: handMade(hand) },
      }),
    ),
  )
}

const selector = (local: string, remote: string) => [
  `tunnel 1 local prefix ${local}`,
  `tunnel 1 remote prefix ${remote}`,
]

const toOffice = (local: string, remote: string) => ({
  name: 'OFFICE',
  address: '192.0.2.20',
  lines: selector(local, remote),
})

const cloud: Hand = {
  outside: '203.0.113.10',
  inside: '10.0.1.1/24',
  peers: [toOffice('192.168.1.0/24', '10.2.0.0/16')],
  more: [
    'nat source rule 10 destination address 10.2.0.0/16',
    'nat source rule 10 outbound-interface name eth0',
    'nat source rule 10 source address 10.0.1.0/24',
    'nat source rule 10 translation address 192.168.1.0/24',
  ],
}
const office: Hand = {
  outside: '192.0.2.20',
  inside: '10.2.0.1/16',
  peers: [{ name: 'CLOUD', address: '203.0.113.10', lines: selector('10.2.0.0/16', '192.168.1.0/24') }],
}

describe('importedGateways', () => {
  it('joins two ends, and takes what NAT makes of a subnet for a pin', () => {
    const { network } = imported({ cloud, office })
    expect(network.sites['cloud']?.subnets).toEqual([{ prefix: '10.0.1.0/24', translateTo: '192.168.1.0/24' }])
    expect(network.sites['office']?.subnets).toEqual(['10.2.0.0/16'])
    expect(network.sites['office']?.gateway).toEqual({
      platform: 'vyos-1.4',
      outside: { interface: 'eth0', address: '192.0.2.20' },
      inside: { interface: 'eth1' },
    })
    expect(network.tunnels).toEqual([
      {
        sites: ['cloud', 'office'],
        preSharedKey: { file: 'keys/cloud-office.psk' },
        proposal: 'compatible',
        start: { cloud: 'initiate', office: 'initiate' },
      },
    ])
  })

  it('makes a site of each end that shows nothing', () => {
    const peer = (name: string, address: string) => ({ name, address, lines: selector('10.0.1.0/24', '10.7.0.0/24') })
    const peers = [peer('10th.floor', '192.0.2.1'), peer('10th_floor', '192.0.2.2'), peer('cloud', '192.0.2.3')]
    const { network } = imported({ cloud: { ...cloud, peers } })
    expect(Object.keys(network.sites)).toEqual(['cloud', 'peer-10th-floor', 'peer-10th_floor', 'cloud-2'])
    expect(network.sites['cloud-2']).toEqual({
      subnets: ['10.7.0.0/24'],
      gateway: { platform: 'generic', outside: { interface: 'wan', address: '192.0.2.3' } },
    })
  })

  it('reserves what else is behind a gateway, but for what of a route for much is the peers’', () => {
    const route = (prefix: string) => `protocols static route ${prefix} next-hop 10.0.1.254`
    const reserved = (...more: string[]) =>
      imported({ cloud: { ...cloud, more: [...(cloud.more ?? []), ...more] } }).network.sites['cloud']?.reserved
    expect(reserved()).toBeUndefined()
    expect(reserved(route('10.9.0.0/16'))).toEqual(['10.9.0.0/16'])
    expect(reserved(route('10.0.0.0/14'))).toEqual(['10.0.0.0/15', '10.3.0.0/16'])
    expect(reserved('interfaces ethernet eth2 address 10.3.0.1/16', route('10.0.0.0/16'))).toEqual([
      '10.0.0.0/16',
      '10.3.0.0/16',
    ])
  })

  it('leaves to the lock who knows a subnet by its real prefix', () => {
    const other = { name: 'OTHER', address: '192.0.2.30', lines: selector('10.0.1.0/24', '10.5.0.0/16') }
    const { network, lock } = imported({ cloud: { ...cloud, peers: [...cloud.peers, other] }, office })
    expect(network.sites['cloud']?.subnets).toEqual(['10.0.1.0/24'])
    const entry = lock?.entries.get('cloud 10.0.1.0/24')
    expect([String(entry?.translated), entry?.translatedFor, entry?.realFor]).toEqual([
      '192.168.1.0/24',
      ['office'],
      ['OTHER'],
    ])
  })

  it('tells what a plan has no words for, and what is not natplan’s', () => {
    const codes = (lines: readonly string[]) =>
      imported({
        cloud: {
          ...cloud,
          more: [
            ...(cloud.more ?? []),
            'vpn ipsec ike-group I dead-peer-detection action restart',
            'vpn ipsec ike-group I dead-peer-detection interval 30',
            'vpn ipsec ike-group I dead-peer-detection timeout 120',
            'vpn ipsec site-to-site peer OFFICE authentication remote-id 192.0.2.20',
            'nat destination rule 10 destination address 192.168.1.0/24',
            'nat destination rule 10 inbound-interface name eth0',
            'nat destination rule 10 source address 10.2.0.0/16',
            'nat destination rule 10 translation address 10.0.1.0/24',
            ...lines,
          ],
        },
      }).findings.map(({ code }) => code)
    expect(codes(['vpn ipsec site-to-site peer OFFICE tunnel 1 protocol tcp'])).toContain('IMPORT_INEXACT')
    expect(codes([])).toContain('IMPORT_BY_HAND')
  })

  it('takes a second connection to the address of a gateway that it has for one to that gateway', () => {
    const second = {
      ...cloud.peers[0],
      name: 'A-SECOND',
      address: '192.0.2.20',
      lines: selector('10.0.7.0/24', '10.8.0.0/16'),
    }
    const { network, leftOut } = imported({ cloud: { ...cloud, peers: [...cloud.peers, second] }, office })
    expect(Object.keys(network.sites)).toEqual(['cloud', 'office'])
    expect(leftOut.map(({ what }) => what).join()).toContain('A-SECOND')
  })

  it('leaves dead peer detection to natplan where an end does not ask', () => {
    const asking = (interval: number) => ({
      ...cloud,
      more: [
        ...(cloud.more ?? []),
        `vpn ipsec ike-group I dead-peer-detection interval ${interval}`,
        'vpn ipsec ike-group I dead-peer-detection action restart',
      ],
    })
    expect(imported({ cloud }).network.tunnels?.[0]?.deadPeerDetection).toBeUndefined()
    expect(imported({ cloud: asking(15) }).network.tunnels?.[0]?.deadPeerDetection).toEqual({ interval: 15 })
  })
})
