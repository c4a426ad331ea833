import type { Platform, Verification } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { devices } from '../support/routers.ts'
import { planOf, verifyAgainst, verifyTexts } from './configurations.ts'

type Gateway = NonNullable<Written['sites'][string]['gateway']>
type Texts = Map<string, { platform: Platform; text: string }>

const readable = devices.filter(({ readDevice }) => readDevice).map(({ platform }) => platform)

const outsides: Partial<Record<Platform, string>> = { 'vyatta-5600': 'dp0bond1', 'vyatta-5400': 'bond1' }

function gateway(platform: Platform, outside: Partial<Gateway['outside']>, identity?: string): Gateway {
  return {
    platform,
    outside: { interface: outsides[platform] ?? 'eth1', address: 'dynamic', ...outside },
    inside: { interface: platform === 'vyatta-5600' ? 'dp0bond0' : 'eth0' },
    ...(identity === undefined ? {} : { identity }),
  }
}

const names = { certificate: 'gateway', ca: 'company' }

/** A hub with a fixed address, and a branch without one, with the same subnets. */
function textsOf(hub: Platform, branch: Platform, tunnel: object = {}): Texts {
  return planOf({
    sites: {
      hub: { subnets: ['10.0.1.0/24'], gateway: gateway(hub, { address: '203.0.113.10' }) },
      branch: { subnets: ['10.0.1.0/24'], gateway: gateway(branch, {}, 'branch.example.net') },
    },
    tunnels: [{ sites: ['hub', 'branch'], ...tunnel }],
  }).texts
}

function changed(texts: Texts, site: string, pattern: RegExp, by: string): Texts {
  const { platform, text = '' } = texts.get(site) ?? { platform: 'linux' as const }
  expect(text).toMatch(pattern)
  return new Map([...texts, [site, { platform, text: text.replace(pattern, by) }]])
}

function errorsOf({ findings }: Verification): string[] {
  return [...new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code))].sort()
}

describe('a branch whose address changes', () => {
  it.each(
    readable.flatMap(
      (one) =>
        [
          [one, 'linux'],
          ['vyos-1.4', one],
        ] as const,
    ),
  )('is proven: a hub on %s, the branch on %s', (hub, branch) => {
    expect(verifyTexts(textsOf(hub, branch)).result).toBe('proven')
    expect(verifyTexts(textsOf(hub, branch, { authentication: names })).result).toBe('proven')
  })

  const texts = () => textsOf('vyos-1.4', 'vyos-1.4')

  it.each<[string, () => Texts, string[]]>([
    [
      'says that it is another',
      () => changed(texts(), 'branch', /local-id 'branch\.example\.net'/, "local-id 'other'"),
      ['IDENTITIES_DIFFER'],
    ],
    [
      'waits as well',
      () => changed(texts(), 'branch', /connection-type 'initiate'/, "connection-type 'none'"),
      ['START_NOBODY'],
    ],
    [
      'has a certificate, and the hub a key',
      () =>
        changed(
          texts(),
          'branch',
          /authentication mode 'pre-shared-secret'/,
          "authentication x509 certificate 'gw'\nset vpn ipsec site-to-site peer natplan-hub authentication x509 ca-certificate 'company'\nset vpn ipsec site-to-site peer natplan-hub authentication mode 'x509'",
        ),
      ['AUTHENTICATION_DIFFERS'],
    ],
    ['has another key', () => changed(texts(), 'branch', /secret 'abc/, "secret 'xyz"), ['KEYS_DIFFER']],
    [
      'calls somebody else',
      () => changed(texts(), 'branch', /remote-address '203\.0\.113\.10'/, "remote-address '203.0.113.11'"),
      [],
    ],
  ])('is not proven where it %s', (_, broken, codes) => {
    const verified = verifyTexts(broken())
    expect(verified.result).not.toBe('proven')
    expect(errorsOf(verified)).toEqual(expect.arrayContaining(codes))
  })

  it('is told from another one by its name', () => {
    const sites = (second: string): Written => ({
      sites: {
        hub: { subnets: ['10.9.0.0/24'], gateway: gateway('vyos-1.3', { address: '203.0.113.10' }) },
        one: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', {}, 'one.example.net') },
        two: { subnets: ['10.0.1.0/24'], gateway: gateway('linux', {}, second) },
      },
      tunnels: [{ sites: ['hub', 'one'] }, { sites: ['hub', 'two'] }],
    })
    expect(verifyTexts(planOf(sites('two.example.net')).texts).result).toBe('proven')
    const swapped = changed(
      planOf(sites('two.example.net')).texts,
      'two',
      /id = "two\.example\.net"/,
      'id = "one.example.net"',
    )
    expect(verifyTexts(swapped).result).not.toBe('proven')
  })

  it('pretends no trap: without guards, packets may leave in clear at both ends', () => {
    const leaks = (all: Texts) =>
      verifyTexts(all)
        .findings.filter(({ code }) => code === 'TUNNEL_MAY_LEAK')
        .map(({ place }) => place.source)
    expect(leaks(texts())).toHaveLength(2)
    expect(leaks(textsOf('linux', 'linux'))).toEqual([])
    // A word for a trap does not hold anything back, since the hub does not know its peer.
    const pretended = changed(texts(), 'hub', /connection-type 'none'/, "connection-type 'respond'")
    expect(leaks(pretended)).toHaveLength(2)
  })
})

describe('a gateway that peers look up', () => {
  it('is known by its plan, and not by texts alone', () => {
    const written: Written = {
      sites: {
        hub: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', { address: '203.0.113.10' }) },
        branch: { subnets: ['10.0.1.0/24'], gateway: gateway('vyos-1.4', { address: { host: 'branch.example.org' } }) },
      },
      tunnels: [{ sites: ['hub', 'branch'] }],
    }
    const { plan, texts } = planOf(written)
    expect(verifyTexts(texts).result).toBe('unknown')
    expect(verifyAgainst(plan, texts).result).toBe('proven')
    const elsewhere = changed(
      texts,
      'hub',
      /remote-address 'branch\.example\.org'/,
      "remote-address 'other.example.org'",
    )
    expect(verifyAgainst(plan, elsewhere).result).not.toBe('proven')
  })
})
