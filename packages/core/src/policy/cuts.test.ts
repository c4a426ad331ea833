import { describe, expect, it } from 'vitest'
import type { Device, DeviceRule } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { normalize } from '../network/normalize.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { cutsOf } from './cuts.ts'
import { derivePolicies } from './derive-policies.ts'
import type { GatewayPolicy, TunnelPolicy } from './gateway-policy.ts'

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

function cuts(running: GatewayPolicy, ...change: DropFirst<Parameters<typeof cutsOf>>): string[] {
  return cutsOf(deviceOfPolicy(running), ...change).map(
    ({ kind, peer, local, remote }) => `${kind} ${peer} ${local} ${remote}`,
  )
}

type DropFirst<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never

const peers = { east: '10.1.0.0/24', west: '10.2.0.0/24' }
const now = policy(peers)
const [east] = now.tunnels
if (!east) throw new Error('no tunnel')

/** The device of a policy as a gateway that exempts by a map onto itself. */
function exemptingByMaps(running: GatewayPolicy): Device {
  const device = deviceOfPolicy(running)
  const lists = device.lists.map((list) => ({
    ...list,
    rules: list.rules.map((rule): DeviceRule => {
      const to = prefixOf(list.kind === 'source-nat' ? rule.match.source : rule.match.destination)
      return rule.action.kind === 'exempt' && to ? { ...rule, action: { kind: 'map', to } } : rule
    }),
  }))
  return { ...device, lists }
}

describe('cutsOf', () => {
  it('takes a map onto itself for the exemption that it is', () => {
    expect(now.nat.some(({ action }) => action.kind === 'exempt')).toBe(true)
    expect(cutsOf(exemptingByMaps(now), now)).toEqual([])
  })

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

  it.each<[string, Partial<TunnelPolicy>, string]>([
    ['another group for new keys', { esp: { ...east.esp, dhGroup: 14 } }, 'waits'],
    ['another version', { ike: { ...east.ike, version: 1 } }, 'waits'],
    ['another identity', { remote: { ...east.remote, identity: 'east.example.net' } }, 'waits'],
    ['another lifetime, which each end has for itself', { esp: { ...east.esp, lifetime: 1234 } }, 'stays'],
    ['another start', { start: 'respond' }, 'stays'],
  ])('%s', (_, change, expected) => {
    const running = { ...now, tunnels: now.tunnels.map((one) => (one.peer === 'east' ? { ...one, ...change } : one)) }
    expect(cuts(running, now)).toEqual(expected === 'waits' ? ['waits east 10.0.0.0/24 10.1.0.0/24'] : [])
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
