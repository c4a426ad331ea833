import { Address, type Inference, Prefix, worldOfDevices } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { acceptanceTexts, sourceOf } from './configurations.ts'

function inferredFrom(lines: string, change: (text: string) => string = (text) => text): string[] {
  const read = [...acceptanceTexts('vyos-1.4')].map(([site, { platform, text }]) =>
    sourceOf(site, { platform, text: site === 'cloud' ? `${change(text)}${lines}` : text }),
  )
  return worldOfDevices(read)
    .inferred.filter(({ site }) => site === 'cloud')
    .map(inferenceText)
}

function inferenceText({ kind, value }: Inference): string {
  return `${kind} ${value}`
}

const addresses = `set interfaces ethernet eth1 address '203.0.113.10/24'
set interfaces ethernet eth0 address '10.0.1.1/26'
set interfaces ethernet eth2 address '10.20.0.1/24'
`

describe('what configurations show without a plan', () => {
  it.each([
    [
      'no interface has an address',
      "set nat source rule 1000 outbound-interface name 'eth1'\n",
      ['outside eth1', 'inside eth0', 'subnet 10.0.1.0/27'],
    ],
    [
      'the connected network is wider than what NAT names',
      addresses,
      [
        'outside eth1',
        'inside eth0',
        'default-route eth1',
        'subnet 10.0.1.0/27',
        'network 10.0.1.0/26',
        'network 10.20.0.0/24',
      ],
    ],
    [
      'static routes lead on',
      `${addresses}set protocols static route 10.30.0.0/16 next-hop 10.20.0.9\nset protocols static route 0.0.0.0/0 next-hop 203.0.113.1\n`,
      [
        'outside eth1',
        'inside eth0',
        'subnet 10.0.1.0/27',
        'network 10.0.1.0/26',
        'network 10.20.0.0/24',
        'network 10.30.0.0/16',
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(inferredFrom(lines)).toEqual(expected)
  })

  it('tells networks that only a route tells of from those that an interface is in', () => {
    const routed = 'set protocols static route 10.0.0.0/8 next-hop 10.0.1.9\n'
    const [cloud] = acceptanceTexts('vyos-1.4')
    const { platform, text } = cloud?.[1] ?? { platform: 'vyos-1.4', text: '' }
    const source = sourceOf('cloud', { platform, text: `${text}${addresses}${routed}` })
    const site = worldOfDevices([source]).world.sites.get('cloud')
    const isIn = (network: string) => site?.routedNetworks?.some((one) => one.contains(Prefix.parse(network)))
    expect(['10.77.0.0/24', '10.20.0.0/24', '10.0.1.0/27'].map(isIn)).toEqual([true, false, false])
  })

  it('takes a selector without NAT for a real subnet, but not one that NAT makes for another peer', () => {
    const untranslated = inferredFrom('', (text) => text.replace(/^set nat .*\n/gm, ''))
    expect(untranslated).toContain('subnet 192.168.2.0/27')
    const second = 'set vpn ipsec site-to-site peer natplan-onpremise tunnel 7'
    const made = inferredFrom(`${second} local prefix 192.168.2.0/27\n${second} remote prefix 192.168.9.0/24\n`)
    expect(made).not.toContain('subnet 192.168.2.0/27')
  })

  it('knows a gateway behind a NAT by the address that its peer sends to', () => {
    const read = [...acceptanceTexts('vyos-1.4')].map(([site, { platform, text }]) => {
      const behind = text.replace("local-address '203.0.113.10'", "local-address '10.99.0.2'")
      return sourceOf(site, { platform, text: site === 'cloud' ? behind : text })
    })
    const { world, inferred } = worldOfDevices(read)
    expect(inferred.map(inferenceText)).toContain('public-address 203.0.113.10')
    expect(world.sites.get('cloud')?.addresses).toEqual([Address.parse('10.99.0.2'), Address.parse('203.0.113.10')])
  })
})
