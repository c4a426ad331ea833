import { describe, expect, it } from 'vitest'
import { textOf } from '../address/named-address.ts'
import { filterPlaces } from '../index.ts'
import { normalize } from '../network/normalize.ts'
import { platforms as every, type Platform } from '../network/platforms.ts'
import type { WrittenNetwork, WrittenTunnel } from '../network/written.ts'
import { occupiedIn } from '../overlap/occupied.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { abilities } from './abilities.ts'
import { derivePolicies } from './derive-policies.ts'

/** The gateways of clouds know their peers by addresses. */
const platforms = every.filter((platform) => abilities[platform].cloud === undefined)

type Gateway = NonNullable<WrittenNetwork['sites'][string]['gateway']>
type Outside = Gateway['outside']

const dynamic: Partial<Outside> = { address: 'dynamic' }
const inFront: Partial<Outside> = { address: '10.255.0.2', publicAddress: '203.0.113.9' }

function gateway(platform: Platform, outside: Partial<Outside>, identity?: string): Gateway {
  const made = { interface: 'eth1', address: '203.0.113.1', ...outside }
  return { platform, outside: made, inside: { interface: 'eth0' }, ...(identity === undefined ? {} : { identity }) }
}

/** A hub, `a`, and its peer, `b`. */
function planned(one: Gateway, other: Gateway, tunnel: Partial<WrittenTunnel> = {}) {
  const { value, findings } = normalize({
    version: 1,
    sites: {
      a: { subnets: ['10.0.1.0/24'], gateway: one },
      b: { subnets: ['10.0.2.0/24'], gateway: other },
    },
    tunnels: [{ sites: ['a', 'b'], ...tunnel }],
  })
  const plan = value && planNetwork(value).plan
  if (!value || !plan) throw new Error(findings.map(({ message }) => message).join('\n'))
  const derived = derivePolicies(plan)
  const tunnelOf = (site: string) => derived.policies.find((policy) => policy.site === site)?.tunnels[0]
  return { ...derived, network: value, codes: derived.findings.map(({ code }) => code), tunnelOf }
}

const hub = (platform: Platform = 'vyos-1.4') => gateway(platform, { address: '203.0.113.1' })
const branch = (platform: Platform = 'vyos-1.4', identity = 'b.example.net') => gateway(platform, dynamic, identity)

describe('a tunnel, one end of which changes its address', () => {
  it.each(platforms)('is begun there, and answered at a fixed end on %s', (platform) => {
    const { tunnelOf } = planned(hub(platform), branch('linux'))
    const there = tunnelOf('a')
    expect(there && [textOf(there.remote.address), there.remote.identity, there.start, there.peerStart]).toEqual([
      'any address',
      'b.example.net',
      'respond',
      'initiate',
    ])
    expect(there?.ike.deadPeer.action).toBe('clear')
  })

  it.each(platforms)('starts from whatever address the interface gets on %s', (platform) => {
    const { tunnelOf } = planned(hub('linux'), branch(platform))
    const own = tunnelOf('b')
    expect(own && [textOf(own.local.address), textOf(own.remote.address), own.start]).toEqual([
      'whatever address eth1 gets',
      '203.0.113.1',
      'initiate',
    ])
    expect(own?.ike.deadPeer.action).toBe('restart')
  })

  it('may have a trap there, since that end knows its peer', () => {
    const { tunnelOf, codes } = planned(hub('linux'), branch(), { start: { b: 'trap' } })
    expect(tunnelOf('b')?.start).toBe('trap')
    expect(codes).not.toContain('TUNNEL_MAY_LEAK')
  })

  it('traps where both ends are called at fixed addresses, though an interface gets its own', () => {
    const cloud = gateway('vyos-1.4', { address: 'dynamic', publicAddress: '198.51.100.7' })
    const { tunnelOf, codes } = planned(hub(), cloud)
    expect([tunnelOf('a')?.start, tunnelOf('b')?.start]).toEqual(['trap', 'trap'])
    expect(textOf(tunnelOf('a')?.remote.address ?? { kind: 'any' })).toBe('198.51.100.7')
    expect(tunnelOf('b')?.local).toEqual({
      address: { kind: 'dynamic', interface: 'eth1' },
      identity: '198.51.100.7',
    })
    expect(codes).toEqual([])
  })

  it('is begun by both where peers look one up', () => {
    const { tunnelOf } = planned(hub(), gateway('vyos-1.4', { address: { host: 'b.example.org' } }))
    const there = tunnelOf('a')
    expect(there && [textOf(there.remote.address), there.remote.identity, there.start]).toEqual([
      'b.example.org',
      'b.example.org',
      'initiate',
    ])
    expect(tunnelOf('b')?.start).toBe('initiate')
  })

  it('goes in UDP where the gateway has an address that nobody calls', () => {
    const { tunnelOf } = planned(hub(), gateway('vyos-1.4', { address: '10.9.9.2', publicAddress: 'dynamic' }, 'b.net'))
    expect([tunnelOf('a')?.inUdp, tunnelOf('b')?.inUdp]).toEqual([true, true])
    expect(planned(hub(), branch()).tunnelOf('a')?.inUdp).toBeUndefined()
  })

  it('takes no space for an address that is not known', () => {
    const { network } = planned(hub(), branch())
    const ends = occupiedIn(network).filter(({ kind }) => kind === 'endpoint')
    expect(ends.map(({ site, prefix }) => `${site} ${prefix}`)).toEqual(['a 203.0.113.1/32'])
  })

  it('lets filters take its packets from anywhere', () => {
    const { policies } = planned(hub(), branch())
    const own = policies.map((policy) =>
      filterPlaces(policy)
        .filter(({ position, way }) => position === 'own' && way === 'in')
        .flatMap(({ passages }) => passages.map(({ source, destination }) => `${source} ${destination}`)),
    )
    expect(own).toEqual([
      ['0.0.0.0/0 203.0.113.1/32', '0.0.0.0/0 203.0.113.1/32'],
      ['203.0.113.1/32 0.0.0.0/0', '203.0.113.1/32 0.0.0.0/0'],
    ])
  })

  it('has room for the larger header where no address is known', () => {
    const mss = (one: Gateway) => planned(one, branch()).policies[0]?.clamps[0]?.mss ?? 0
    expect(mss(hub())).toBe(1398)
    expect(mss(gateway('vyos-1.4', { address: { host: 'a.example.org' } }))).toBe(1378)
    expect(mss(gateway('vyos-1.4', { address: '2001:db8::1' }))).toBe(1378)
  })
})

describe('derivePolicies reports of an end that changes its address', () => {
  it.each<[string, Gateway, Gateway, Partial<WrittenTunnel>, string, boolean]>([
    ['two such ends', branch('vyos-1.4', 'a.net'), branch(), {}, 'TUNNEL_ENDS_CHANGE', true],
    [
      'a host name at one',
      gateway('vyos-1.4', { address: { host: 'a.net' } }),
      branch(),
      {},
      'TUNNEL_ENDS_CHANGE',
      false,
    ],
    ['a trap for it', hub(), branch(), { start: { a: 'trap' } }, 'START_NEEDS_ADDRESS', true],
    ['a call to it', hub(), branch(), { start: 'initiate' }, 'START_NEEDS_ADDRESS', true],
    ['an answer to it', hub(), branch(), { start: { a: 'respond', b: 'initiate' } }, 'START_NEEDS_ADDRESS', false],
    ['an answer to it on 1.3', hub('vyos-1.3'), branch(), { start: { a: 'respond' } }, 'START_UNSUPPORTED', false],
    ['waiting at the end that calls', hub(), branch(), { start: { b: 'respond' } }, 'START_NOBODY', true],
    ['waiting at both', hub(), branch(), { start: 'respond' }, 'START_NOBODY', true],
    ['nothing of it that holds packets', hub(), branch(), {}, 'TUNNEL_MAY_LEAK', true],
    ['guards that hold them', hub('linux'), branch('linux'), {}, 'TUNNEL_MAY_LEAK', false],
    ['a data plane that holds them', hub('vyatta-5600'), branch('linux'), {}, 'TUNNEL_MAY_LEAK', false],
    ['a 5600 there', hub(), branch('vyatta-5600'), {}, 'START_TRIED_ONCE', true],
    ['a 5600 at the other end', hub('vyatta-5600'), branch(), {}, 'START_TRIED_ONCE', false],
    ['the name of a user on 1.3', hub('vyos-1.3'), branch('linux', 'b@x.net'), {}, 'IDENTITY_NOT_A_NAME', true],
    ['the name of a user on 1.4', hub(), branch('linux', 'b@x.net'), {}, 'IDENTITY_NOT_A_NAME', false],
    ['the name of a host on 1.3', hub('vyos-1.3'), branch('linux', '@b.net'), {}, 'IDENTITY_NOT_A_NAME', false],
    ['a NAT before the other one', gateway('linux', inFront), branch(), {}, 'TUNNEL_BETWEEN_NATS', true],
    ['no NAT before the other one', hub('linux'), branch(), {}, 'TUNNEL_BETWEEN_NATS', false],
    [
      'a NAT before each of two fixed ends',
      gateway('linux', inFront),
      gateway('linux', { address: '10.255.0.3', publicAddress: '198.51.100.9' }),
      {},
      'TUNNEL_BETWEEN_NATS',
      true,
    ],
    ['a NAT before one of two fixed ends', hub(), gateway('linux', inFront), {}, 'TUNNEL_BETWEEN_NATS', false],
  ])('%s', (_, one, other, tunnel, code, isReported) => {
    expect(planned(one, other, tunnel).codes.includes(code as 'START_NOBODY')).toBe(isReported)
  })

  /** A hub with two peers whose addresses change. */
  function keysTold(tunnel: Partial<WrittenTunnel>, [one, other]: readonly [string, string]): boolean {
    const { value } = normalize({
      version: 1,
      sites: {
        hub: { subnets: ['10.9.0.0/24'], gateway: hub() },
        b: { subnets: ['10.0.1.0/24'], gateway: branch() },
        c: { subnets: ['10.0.2.0/24'], gateway: branch('vyos-1.4', 'c.example.net') },
      },
      tunnels: [
        { sites: ['hub', 'b'], preSharedKey: { env: one }, ...tunnel },
        { sites: ['hub', 'c'], preSharedKey: { env: other }, ...tunnel },
      ],
    })
    const plan = value && planNetwork(value).plan
    if (!plan) throw new Error('no plan')
    return derivePolicies(plan).findings.some(({ code }) => code === 'KEYS_TOLD_BY_ADDRESS')
  }

  it('keys that IKEv1 cannot tell apart, and no others', () => {
    expect(keysTold({ ike: { version: 1 } }, ['NATPLAN_B', 'NATPLAN_C'])).toBe(true)
    expect(keysTold({ ike: { version: 1 } }, ['NATPLAN_B', 'NATPLAN_B'])).toBe(false)
    expect(keysTold({ ike: { version: 2 } }, ['NATPLAN_B', 'NATPLAN_C'])).toBe(false)
  })
})

describe('certificates', () => {
  const names = { certificate: 'gw', ca: 'company' }

  it('are those of each end', () => {
    const own = { a: names, b: { certificate: 'gw-b', ca: 'company' } }
    const { tunnelOf } = planned(hub(), branch(), { authentication: own })
    expect(tunnelOf('a')?.authentication).toEqual({ kind: 'certificate', names })
    expect(tunnelOf('b')?.authentication).toEqual({ kind: 'certificate', names: own.b })
    expect(planned(hub(), branch(), { authentication: names }).tunnelOf('b')?.authentication).toEqual({
      kind: 'certificate',
      names,
    })
  })

  it('are missing where there is a key', () => {
    expect(planned(hub(), branch()).tunnelOf('a')?.authentication).toEqual({ kind: 'key' })
  })
})
