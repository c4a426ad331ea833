import { verify, worldOfDevices } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { missingRules } from '../../packages/app/src/verify/missing-rules.ts'
import { sourceOf } from './configurations.ts'

const sites = {
  a: { address: '203.0.113.10', network: '10.1.0' },
  b: { address: '192.0.2.20', network: '10.2.0' },
  hub: { address: '198.51.100.9', network: '10.3.0' },
} as const
type Site = keyof typeof sites

/** To whom a gateway has tunnels, and between which sites each carries packets; they begin by themselves, and nothing traps packets. */
type Tunnels = Partial<Record<Site, readonly (readonly [local: Site, remote: Site])[]>>

function gatewayOf(site: Site, tunnels: Tunnels, more: readonly string[] = []): string {
  const { address, network } = sites[site]
  const peers = Object.entries(tunnels).flatMap(([name, children]) => {
    const peer = `vpn ipsec site-to-site peer ${name}`
    const far = sites[name as Site].address
    return [
      ...[
        'authentication mode pre-shared-secret',
        `authentication local-id ${address}`,
        `authentication remote-id ${far}`,
        'connection-type initiate',
        'default-esp-group E',
        'ike-group I',
        `local-address ${address}`,
        `remote-address ${far}`,
      ].map((line) => `${peer} ${line}`),
      ...children.flatMap(([local, remote], index) => [
        `${peer} tunnel ${index} local prefix ${sites[local].network}.0/24`,
        `${peer} tunnel ${index} remote prefix ${sites[remote].network}.0/24`,
      ]),
    ]
  })
  return [
    `interfaces ethernet eth1 address ${address}/24`,
    `interfaces ethernet eth0 address ${network}.1/24`,
    `protocols static route 0.0.0.0/0 next-hop ${address.replace(/\d+$/, '1')}`,
    'vpn ipsec interface eth1',
    'vpn ipsec esp-group E pfs dh-group14',
    'vpn ipsec esp-group E proposal 1 encryption aes256',
    'vpn ipsec esp-group E proposal 1 hash sha256',
    'vpn ipsec ike-group I key-exchange ikev2',
    'vpn ipsec ike-group I proposal 1 dh-group 14',
    'vpn ipsec ike-group I proposal 1 encryption aes256',
    'vpn ipsec ike-group I proposal 1 hash sha256',
    ...peers,
    ...more,
  ]
    .map((line) => `set ${line}\n`)
    .join('')
}

const chain = 'firewall ipv4 input filter'
const closed = [`${chain} default-action drop`]

function judged(texts: Partial<Record<Site, string>>) {
  const { world } = worldOfDevices(
    Object.entries(texts).map(([site, text]) => sourceOf(site, { platform: 'vyos-1.4', text })),
  )
  const { findings, result } = verify(world)
  const lines = missingRules(world, { findings, plan: undefined }).flatMap(({ site, rules }) =>
    rules.flatMap((rule) => rule.lines.map((line) => `${site} ${line}`)),
  )
  const codes = new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code))
  return { result, lines, codes: [...codes] }
}

const opening = (site: Site, lines: readonly string[]) =>
  lines.map((line) => `${line.replace(`${site} `, '')}\n`).join('')

describe('a filter that keeps a tunnel down, where nothing holds its packets back', () => {
  const b = gatewayOf('b', { a: [['b', 'a']] })

  it('has the missing rules told beside the packets in clear', () => {
    const a = gatewayOf('a', { b: [['a', 'b']] }, closed)
    const { codes, lines } = judged({ a, b })
    expect(codes).toEqual(['FLOW_UNENCRYPTED'])
    expect(lines).toContain(`a set ${chain} rule 10 source address 192.0.2.20`)
    expect(judged({ a: a + opening('a', lines), b }).result).toBe('proven')
  })

  it('is none where packets leave in clear for another reason', () => {
    const { codes, lines } = judged({ a: gatewayOf('a', { b: [['a', 'hub']] }), b })
    expect(codes).toContain('FLOW_UNENCRYPTED')
    expect(lines).toEqual([])
  })

  it('is told of at a hub that hands packets on from another tunnel', () => {
    const texts = {
      a: gatewayOf('a', {
        hub: [
          ['a', 'hub'],
          ['a', 'b'],
        ],
      }),
      b: gatewayOf('b', {
        hub: [
          ['b', 'hub'],
          ['b', 'a'],
        ],
      }),
    }
    const tunnels: Tunnels = {
      a: [
        ['hub', 'a'],
        ['b', 'a'],
      ],
      b: [
        ['hub', 'b'],
        ['a', 'b'],
      ],
    }
    const first = [`${chain} rule 1 action accept`, `${chain} rule 1 source address 203.0.113.10`]
    const hub = gatewayOf('hub', tunnels, [...closed, ...first])
    const { codes, lines } = judged({ ...texts, hub })
    expect(codes).toEqual(['FLOW_UNENCRYPTED'])
    expect(lines).toContain(`hub set ${chain} rule 10 source address 192.0.2.20`)
    expect(judged({ ...texts, hub: hub + opening('hub', lines) }).result).toBe('proven')
  })
})
