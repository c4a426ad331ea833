import {
  derivePolicies,
  flowsOfPlan,
  normalize,
  planNetwork,
  verify,
  type WrittenNetwork,
  worldOfPlan,
} from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { sourceOf, textsOf } from './configurations.ts'

const hideBehind = '203.0.113.65'
const forwards = [{ port: 8443, to: '10.20.0.5', toPort: 443 }]
const written: WrittenNetwork = {
  version: 1,
  own: ['203.0.113.64/28'],
  sites: {
    branch: {
      subnets: [
        { prefix: '10.20.0.0/16', hideBehind, forwards },
        { prefix: '10.21.0.0/24', hideBehind },
      ],
      gateway: {
        platform: 'vyos-1.4',
        outside: { interface: 'eth1', address: '198.51.100.7' },
        inside: { interface: 'eth0' },
      },
    },
    partner: {
      subnets: ['10.20.0.0/16'],
      gateway: {
        platform: 'vyos-1.4',
        outside: { interface: 'eth1', address: '198.51.100.99' },
        inside: { interface: 'eth0' },
      },
    },
  },
  tunnels: [{ sites: ['branch', 'partner'] }],
}

/** What is found where the configuration of the branch has one text in place of another. */
function verified(replace: string | RegExp = '', by = '', plan: WrittenNetwork = written) {
  const { value } = normalize(plan)
  const planned = value && planNetwork(value).plan
  if (!planned) throw new Error('no plan')
  expect(derivePolicies(planned).findings).toEqual([])
  const { texts, policies } = textsOf(planned)
  const devices = policies.map(({ site, platform }) => {
    const text = texts.get(site) ?? ''
    if (site === 'branch' && replace !== '') expect(text).toMatch(replace)
    return [
      site as string,
      sourceOf(site, { platform, text: site === 'branch' ? text.replaceAll(replace, by) : text }).device,
    ] as const
  })
  const world = worldOfPlan(planned, new Map(devices))
  return verify(world, { flows: flowsOfPlan(planned, world) })
}

const port = 'set nat destination rule 1010'
const desks = 'set nat source rule 1000'

describe('a site that hides', () => {
  it('is proven one way, with the port that leads to a host, and nothing is said', () => {
    const { result, findings, proofs } = verified()
    expect(findings).toEqual([])
    expect(result).toBe('proven')
    expect(proofs).toMatchObject([{ isOneWay: true, delivered: [2, 0], forwarded: [1, 0] }])
  })

  it('is proven by its ports alone where both sites hide', () => {
    const both = structuredClone(written)
    const partner = both.sites.partner
    if (partner) partner.subnets = [{ prefix: '10.30.0.0/24', hideBehind: '192.168.9.9' }]
    const { result, proofs } = verified('', '', both)
    expect(result).toBe('proven')
    expect(proofs).toMatchObject([{ delivered: [0, 0], forwarded: [1, 0] }])
  })

  it.each<[string, string | RegExp, string, string[]]>([
    [
      'the port leads to another host',
      `${port} translation address '10.20.0.5'`,
      `${port} translation address '10.99.0.5'`,
      ['FLOW_'],
    ],
    [
      'it leads to another host of the subnet',
      `${port} translation address '10.20.0.5'`,
      `${port} translation address '10.20.0.6'`,
      ['FLOW_ANOTHER_HOST'],
    ],
    [
      'it leads to another port',
      `${port} translation port '443'`,
      `${port} translation port '444'`,
      ['FLOW_ANOTHER_HOST'],
    ],
    ['the port is another one', `${port} destination port '8443'`, `${port} destination port '8444'`, ['FLOW_']],
    ['the protocol is another one', `${port} protocol 'tcp'`, `${port} protocol 'udp'`, ['FLOW_']],
    ['the rule of the port is gone', /set nat destination rule 1010 .*\n/g, '', ['FLOW_']],
    [
      'the hosts get another address',
      `${desks} translation address '203.0.113.65'`,
      `${desks} translation address '203.0.113.66'`,
      ['FLOW_'],
    ],
    [
      'some hosts are left out',
      `${desks} source address '10.20.0.0/16'`,
      `${desks} source address '10.20.0.0/17'`,
      ['FLOW_'],
    ],
    ['the second subnet is left out', /set nat source rule 1020 .*\n/g, '', ['FLOW_']],
  ])('is not proven where %s', (_, replace, by, codes) => {
    const { result, findings } = verified(replace, by)
    expect(result).not.toBe('proven')
    const found = findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code)
    for (const code of codes) expect(found.some((one) => one.startsWith(code))).toBe(true)
  })
})
