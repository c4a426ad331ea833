import { describe, expect, it } from 'vitest'
import { normalize } from '../network/normalize.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { cutsOf } from './cuts.ts'
import { derivePolicies } from './derive-policies.ts'
import type { GatewayPolicy } from './gateway-policy.ts'

const gateway = (address: string) => ({
  platform: 'vyos-1.4' as const,
  outside: { interface: 'eth1', address },
})

/** A gateway between `here` and the peers, each with a subnet of its own. */
function policy(
  peers: Readonly<Record<string, string>>,
  { pool = '192.168.0.0/16', weak = false } = {},
): GatewayPolicy {
  const sites = Object.entries(peers).map(([name, subnet], index) => [
    name,
    { subnets: [subnet], gateway: gateway(`192.0.2.${index + 1}`) },
  ])
  const { value } = normalize({
    version: 1,
    pools: [pool],
    sites: { here: { subnets: ['10.0.0.0/24'], gateway: gateway('203.0.113.1') }, ...Object.fromEntries(sites) },
    tunnels: Object.keys(peers).map((name) => ({
      sites: ['here', name],
      ...(weak ? { proposal: 'compatible' as const } : {}),
    })),
  })
  const plan = value && planNetwork(value).plan
  const found = plan && derivePolicies(plan).policies.find(({ site }) => site === 'here')
  if (!found) throw new Error('no policy')
  return found
}

function cuts(...change: Parameters<typeof cutsOf>): string[] {
  return cutsOf(...change).map(({ kind, peer, local, remote }) => `${kind} ${peer} ${local} ${remote}`)
}

const peers = { east: '10.1.0.0/24', west: '10.2.0.0/24' }
const now = policy(peers)

describe('cutsOf', () => {
  it('finds nothing where nothing changes, or something only joins', () => {
    expect(cuts(now, now)).toEqual([])
    expect(cuts(policy({ east: peers.east }), now)).toEqual([])
  })

  it.each([
    ['a peer that leaves', policy({ east: peers.east }), ['ends west 10.0.0.0/24 10.2.0.0/24']],
    [
      'a pair that the tunnel has no longer',
      policy({ ...peers, west: '10.3.0.0/24' }),
      ['ends west 10.0.0.0/24 10.2.0.0/24'],
    ],
    [
      'other algorithms, which both ends must have',
      policy(peers, { weak: true }),
      ['waits east 10.0.0.0/24 10.1.0.0/24', 'waits west 10.0.0.0/24 10.2.0.0/24'],
    ],
  ])('%s', (_, next, expected) => {
    expect(cuts(now, next)).toEqual(expected)
  })

  it('sees another group for the keys of packets alone, which both ends must have', () => {
    const [first, ...others] = now.tunnels
    if (!first) throw new Error('no tunnel')
    const next = { ...now, tunnels: [{ ...first, esp: { ...first.esp, dhGroup: undefined } }, ...others] }
    expect(cuts(now, next)).toEqual(['waits east 10.0.0.0/24 10.1.0.0/24'])
  })

  it('takes another key for another tunnel', () => {
    expect(cuts(now, now, { newKeys: new Set(['east']) })).toEqual(['waits east 10.0.0.0/24 10.1.0.0/24'])
  })

  it('sees that packets are translated otherwise, and not that a rule has another number', () => {
    const same = policy({ east: '10.0.0.0/24' })
    const renumbered = { ...same, nat: same.nat.map((rule) => ({ ...rule, number: rule.number + 7 })) }
    expect(cuts(renumbered, same)).toEqual([])
    const elsewhere = { ...same, nat: same.nat.map((rule) => ({ ...rule, interface: 'eth9' })) }
    expect(cuts(elsewhere, same)).toEqual(['translates east 192.168.1.0/24 192.168.0.0/24'])
  })
})
