import { describe, expect, it } from 'vitest'
import { emptyLock } from '../allocation/lock.ts'
import type { Device, RuleList } from '../device/device.ts'
import { deviceOfPolicy } from '../device/device-of-policy.ts'
import { normalize } from '../network/normalize.ts'
import { type Platform, platforms } from '../network/platforms.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { planNetwork } from '../plan/plan-network.ts'
import { abilities } from '../policy/abilities.ts'
import { derivePolicies } from '../policy/derive-policies.ts'
import type { GatewayPolicy } from '../policy/gateway-policy.ts'
import type { Accept } from '../verify/accepts.ts'
import { flowsOfPlan } from '../verify/intended-flows.ts'
import { missingAccepts } from '../verify/missing-accepts.ts'
import { worldOfPlan } from '../world/world-of-plan.ts'
import { type FilterPlace, filterPlaces, type Passage } from './passages.ts'

type Written = Omit<WrittenNetwork, 'version'>

const inside = { interface: 'eth0' }

function sites(
  platform: Platform,
  outside: { address: string; publicAddress?: string },
  subnets = ['10.0.1.0/27', '10.7.0.0/24'],
): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: {
        subnets,
        gateway: { platform, outside: { interface: 'eth1', ...outside }, inside },
      },
      onpremise: {
        subnets: ['10.0.1.0/24', '10.50.0.0/16'],
        gateway: { platform: 'vyos-1.4', outside: { interface: 'eth1', address: '192.0.2.20' }, inside },
      },
    },
    tunnels: [{ sites: ['cloud', 'onpremise'] }],
  }
}

function planned(written: Written) {
  const { value } = normalize({ version: 1, ...written })
  const plan = value && planNetwork(value, emptyLock).plan
  if (!plan) throw new Error('there is no plan')
  const { policies } = derivePolicies(plan)
  const [policy] = policies
  if (!policy) throw new Error('there is no policy')
  return { plan, policies, policy }
}

function placesOf(written: Written): readonly FilterPlace[] {
  return filterPlaces(planned(written).policy)
}

/** A filter that lets nothing pass, in front of all others of its hook. */
function closed(hook: RuleList['hook'], priority: number): RuleList {
  return { name: hook, hook, priority, kind: 'filter', rules: [], fallback: 'drop', line: undefined }
}

/** What the walk of packets finds missing in such a filter. */
function missingWith(list: RuleList, { plan, policies, policy }: ReturnType<typeof planned>): string[] {
  const deviceOf = (one: GatewayPolicy): Device => {
    const device = deviceOfPolicy(one)
    return one === policy ? { ...device, lists: [...device.lists, list] } : device
  }
  const world = worldOfPlan(plan, new Map(policies.map((one) => [one.site, deviceOf(one)])))
  return missingAccepts(world, { flowsOf: (it) => flowsOfPlan(plan, it) })
    .map(acceptedText)
    .sort()
}

function acceptedText({ source, destination, protocol, ports }: Accept | Passage): string {
  return [source, destination, protocol, ports.join()].join(' ')
}

function passing(places: readonly FilterPlace[], position: FilterPlace['position']): string[] {
  return places
    .filter((place) => place.position === position)
    .flatMap(({ passages }) => passages.map(acceptedText))
    .sort()
}

describe('filterPlaces', () => {
  const kernel = platforms.filter(
    (platform) => !abilities[platform].virtualInterface && abilities[platform].cloud === undefined,
  )
  const all = kernel.flatMap((platform) => [
    { platform, hook: 'prerouting', priority: -300, position: 'before' } as const,
    { platform, hook: 'forward', priority: 0, position: 'amid' } as const,
    { platform, hook: 'postrouting', priority: 300, position: 'after' } as const,
  ])
  it.each(all)('shows the addresses at $hook $priority of $platform that packets have there', (row) => {
    // In front of all translations the walk names only the first child towards an address.
    const subnets = row.position === 'before' ? ['10.0.1.0/27'] : undefined
    const written = sites(row.platform, { address: '203.0.113.10' }, subnets)
    const found = missingWith(closed(row.hook, row.priority), planned(written))
    const inner = found.filter((text) => !text.includes('192.0.2.20'))
    expect(passing(placesOf(written), row.position)).toEqual(inner)
  })

  it('shows both sides of a data plane, which asks before all NAT and after it', () => {
    const places = placesOf(sites('vyatta-5600', { address: '203.0.113.10' }))
    const inner = places.filter(({ position }) => position !== 'own')
    expect(inner.map(({ position, way, in: from, out: to }) => [position, way, from ?? to])).toEqual([
      ['before', 'in', 'vfp0'],
      ['after', 'in', 'eth0'],
      ['before', 'out', 'eth0'],
      ['after', 'out', 'vfp0'],
    ])
    expect(inner.map(({ passages }) => acceptedText(passages[0] as Passage).trim())).toEqual([
      '192.168.1.0/24 192.168.2.0/27',
      '192.168.1.0/24 10.0.1.0/27',
      '10.0.1.0/27 192.168.1.0/24',
      '192.168.2.0/27 192.168.1.0/24',
    ])
  })

  it.each(['input', 'output'] as const)('shows what gateways send to each other at %s', (hook) => {
    const written = sites('vyos-1.4', { address: '203.0.113.10' })
    const way = hook === 'input' ? 'in' : 'out'
    const own = placesOf(written).filter((place) => place.position === 'own' && place.way === way)
    const found = missingWith(closed(hook, 0), planned(written))
    // What is written for a gateway's own address holds for each of its addresses.
    const here = (text: string) => (way === 'in' ? text.replace('203.0.113.10/32', '') : text)
    expect(
      own
        .flatMap(({ passages }) => passages.map(acceptedText))
        .map(here)
        .sort(),
    ).toEqual(found)
  })

  it('knows no ESP behind a NAT, and shows both faces of the gateway', () => {
    const places = placesOf(sites('vyos-1.4', { address: '10.255.0.2', publicAddress: '203.0.113.10' }))
    const outer = places.filter(({ passages }) => passages.some(({ protocol }) => protocol !== undefined))
    expect(outer.map(({ position, way, passages }) => [position, way, passages.map(acceptedText)])).toEqual([
      ['own', 'in', ['192.0.2.20/32 10.255.0.2/32 17 500,4500']],
      ['own', 'out', ['10.255.0.2/32 192.0.2.20/32 17 500,4500']],
      ['between', 'in', ['192.0.2.20/32 203.0.113.10/32 17 500,4500']],
      ['between', 'out', ['203.0.113.10/32 192.0.2.20/32 17 500,4500']],
    ])
  })

  it.each([
    ['respond', 'initiate', { in: true, out: false }],
    ['initiate', 'respond', { in: false, out: true }],
    ['trap', 'trap', { in: true, out: true }],
  ] as const)('says who begins: %s here and %s there', (here, there, first) => {
    const written = sites('vyos-1.4', { address: '203.0.113.10' })
    const tunnels = [{ sites: ['cloud', 'onpremise'], start: { cloud: here, onpremise: there } }]
    const own = placesOf({ ...written, tunnels }).filter(({ position }) => position === 'own')
    const keys = own.map(({ way, passages }) => [way, passages[0]?.mayBeFirst])
    expect(Object.fromEntries(keys)).toEqual(first)
    expect(own.map(({ passages }) => passages[1]?.mayBeFirst)).toEqual([true, true])
  })

  it('leaves port 4500 to those that use it', () => {
    const written = sites('vyos-1.4', { address: '203.0.113.10' })
    const places = placesOf({ ...written, tunnels: [{ sites: ['cloud', 'onpremise'], ike: { version: 1 } }] })
    expect(places[0]?.passages[0]?.ports).toEqual([500])
  })

  it('says where a rule can ask for what came encrypted', () => {
    const shown = placesOf(sites('linux', { address: '203.0.113.10' })).filter((place) => place.showsEncrypted)
    expect(shown.map(({ position, way }) => `${position} ${way}`)).toEqual(['before in', 'amid in'])
    const dataplane = placesOf(sites('vyatta-5600', { address: '203.0.113.10' }))
    expect(dataplane.some((place) => place.showsEncrypted)).toBe(false)
  })
})
