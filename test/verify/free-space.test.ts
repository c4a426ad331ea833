import { type Platform, platforms, type Verification } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { planOf, verifyAgainst, verifyTexts } from './configurations.ts'

type Tunnel = NonNullable<Written['tunnels']>[number]
type Site = Written['sites'][string]

const [called, host] = ['10.0.1.250', '10.0.1.20']

function ports(platform: Platform): { readonly outside: string; readonly inside: string } {
  return platform === 'vyatta-5600' ? { outside: 'dp0s1', inside: 'dp0s2' } : { outside: 'eth0', inside: 'eth1' }
}

function gateway(platform: Platform, address: string): NonNullable<Site['gateway']> {
  const { outside, inside } = ports(platform)
  return { platform, outside: { interface: outside, address }, inside: { interface: inside } }
}

/** Office and plant use one network; the office calls a single host of the plant by an address that is free in its own. */
function written(platform: Platform, form: Partial<Tunnel> = {}, office: Partial<Site> = {}): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      office: {
        subnets: [{ prefix: '10.0.1.0/24', free: ['10.0.1.240/28'] }],
        gateway: gateway(platform, '203.0.113.1'),
        ...office,
      },
      plant: {
        subnets: [{ prefix: `${host}/32`, translateTo: `${called}/32` }],
        gateway: gateway('vyos-1.4', '198.51.100.1'),
      },
    },
    tunnels: [{ sites: ['office', 'plant'], proposal: 'compatible', ...form }],
  }
}

/** What the gateway of the office has beside natplan's lines, in the words of its platform. */
function surroundings(platform: Platform, lan = '10.0.1.1/24'): string {
  const { outside, inside } = ports(platform)
  if (platform === 'linux') {
    return `2: eth0: <UP> mtu 1500
    inet 203.0.113.1/24 scope global eth0
3: eth1: <UP> mtu 1500
    inet ${lan} scope global eth1
default via 203.0.113.254 dev eth0
`
  }
  const kind = platform === 'vyatta-5600' ? 'dataplane' : 'ethernet'
  return [
    `interfaces ${kind} ${outside} address 203.0.113.1/24`,
    `interfaces ${kind} ${inside} address ${lan}`,
    'protocols static route 0.0.0.0/0 next-hop 203.0.113.254',
  ]
    .map((line) => `set ${line}\n`)
    .join('')
}

/** The plan, or the configurations alone, with lines of the office's gateway added and others left out. */
function verified(
  platform: Platform,
  {
    form = {},
    added = surroundings(platform),
    without,
    isAlone = false,
  }: { form?: Partial<Tunnel>; added?: string; without?: RegExp; isAlone?: boolean } = {},
): Verification {
  const { plan, texts } = planOf(written(platform, form))
  const text = texts.get('office')?.text ?? ''
  if (without) expect(text).toMatch(without)
  const lines = text.split('\n').filter((line) => !without?.test(line))
  texts.set('office', { platform, text: `${added}${lines.join('\n')}` })
  return isAlone ? verifyTexts(texts) : verifyAgainst(plan, texts)
}

/** What a platform cannot do better is said of any plan. */
function told({ result, findings }: Verification): string[] {
  const usual = /^(PROPOSAL_|MSS_|TUNNEL_MAY_LEAK|LIFETIMES)/
  const codes = [...new Set(findings.map(({ code }) => code))].filter((code) => !usual.test(code))
  return [result, ...codes.sort()]
}

function enabled(platform: Platform): string {
  return platform === 'vyatta-5600'
    ? 'set interfaces dataplane dp0s2 ip enable-proxy-arp\n'
    : 'set interfaces ethernet eth1 ip enable-proxy-arp\n'
}

const each = ['vyos-1.4', 'vyos-1.5', 'linux'] as const
const whole: [Platform, Partial<Tunnel>][] = [
  ['vyos-1.3', {}],
  ['edgeos', {}],
  ['vyatta-5400', {}],
  ['vyos-1.3', { mode: 'route' }],
  ['edgeos', { mode: 'route' }],
  ['vyatta-5400', { mode: 'route' }],
  ['vyatta-5600', { mode: 'route' }],
]
const forms: Partial<Tunnel>[] = [{}, { mode: 'route' }, { translateAt: 'office' }]

describe.each([false, true])(
  'a host of a peer that is called by a free address, configurations alone: %s',
  (isAlone) => {
    it.each(each.flatMap((platform) => forms.map((form) => [platform, form] as const)))(
      'is reached by what natplan writes for %s with %j',
      (platform, form) => {
        expect(told(verified(platform, { form, isAlone }))).toEqual(['proven'])
      },
    )

    it.each(whole)('is reached on %s with %j once the interface answers for all, and not before', (platform, form) => {
      const added = surroundings(platform) + enabled(platform)
      expect(told(verified(platform, { form, added, isAlone }))).toEqual(['proven'])
      expect(told(verified(platform, { form, isAlone }))).toEqual(['fault', 'FLOW_UNANSWERED'])
    })

    it.each(['vyos-1.4', 'vyos-1.5'] as const)('is not reached when nobody answers on %s', (platform) => {
      const without = /neighbor-proxy/
      expect(told(verified(platform, { without, isAlone }))).toEqual(['fault', 'FLOW_UNANSWERED'])
    })

    it('is not reached when the gateway answers on another interface, or for another address', () => {
      const without = /neighbor-proxy/
      const lines = [
        'protocols static neighbor-proxy arp 10.0.1.250 interface eth0',
        'protocols static neighbor-proxy arp 10.0.1.251 interface eth1',
        'interfaces ethernet eth0 ip enable-proxy-arp',
        // It answers only where the way leads back to where the question came from.
        'interfaces ethernet eth1 ip proxy-arp-pvlan',
      ]
      for (const line of lines) {
        const added = `${surroundings('vyos-1.4')}set ${line}\n`
        expect(told(verified('vyos-1.4', { added, without, isAlone }))).toEqual(['fault', 'FLOW_UNANSWERED'])
      }
      const added = `${surroundings('vyos-1.4')}set interfaces ethernet eth1 ip enable-proxy-arp\n`
      expect(told(verified('vyos-1.4', { added, without, isAlone }))).toEqual(['proven'])
    })

    it('is not known to be reached where a text of Linux says nothing of it', () => {
      const without = /neighbour add proxy/
      expect(told(verified('linux', { without, isAlone }))).toEqual(['unknown', 'FLOW_NOT_KNOWN'])
      const shown = `${surroundings('linux')}10.0.1.250 dev eth1 proxy \n`
      expect(told(verified('linux', { added: shown, without, isAlone }))).toEqual(['proven'])
      const set = `${surroundings('linux')}net.ipv4.conf.eth1.proxy_arp = 1\n`
      expect(told(verified('linux', { added: set, without, isAlone }))).toEqual(['proven'])
      const elsewhere = `${surroundings('linux')}net.ipv4.conf.eth0.proxy_arp = 1\n10.0.1.250 dev eth0 proxy\n`
      expect(told(verified('linux', { added: elsewhere, without, isAlone }))).toEqual(['unknown', 'FLOW_NOT_KNOWN'])
    })

    it('stays in the LAN without a route that is longer than the connected one', () => {
      const [result, ...codes] = told(verified('vyos-1.4', { without: /static route 10.0.1.250/, isAlone }))
      expect(result).toBe('fault')
      expect(codes).toContain('FLOW_STAYS_LOCAL')
      expect(codes).toContain('REMOTE_OCCUPIED')
    })
  },
)

describe('without the configuration of the gateway', () => {
  it.each(platforms.filter((one) => ['vyos-1.3', 'edgeos', 'vyatta-5400', 'linux', 'vyos-1.4'].includes(one)))(
    'what natplan does not write on %s is not known',
    (platform) => {
      const isWritten = platform === 'linux' || platform === 'vyos-1.4'
      expect(told(verified(platform, { added: '' }))).toEqual(isWritten ? ['proven'] : ['unknown', 'FLOW_NOT_KNOWN'])
    },
  )
})

describe('a router between the gateway and the hosts', () => {
  it('is who would have to answer', () => {
    const inner = `${surroundings('vyos-1.4', '10.9.9.1/30')}set protocols static route 10.0.1.0/24 next-hop 10.9.9.2\n`
    expect(told(verified('vyos-1.4', { added: inner }))).toEqual(['fault', 'FLOW_UNANSWERED'])
  })
})

describe('nodes of a cluster', () => {
  it('have routes of their own, so nobody must answer', () => {
    const kubernetes = { privateNetwork: '10.0.0.0/8' }
    const { plan, texts } = planOf(written('vyos-1.3', {}, { kubernetes }))
    const text = texts.get('office')?.text ?? ''
    texts.set('office', { platform: 'vyos-1.3', text: `${surroundings('vyos-1.3')}${text}` })
    expect(told(verifyAgainst(plan, texts))).toEqual(['proven'])
  })
})
