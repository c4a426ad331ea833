import { derivePolicies, normalize, Prefix, PrefixSet, planNetwork, type WrittenNetwork } from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const gateway = (address: string) => ({
  platform: 'vyos-1.4' as const,
  outside: { interface: 'eth1', address },
  inside: { interface: 'eth0' },
})

function star(spokes: readonly string[], more: Partial<WrittenNetwork> = {}): WrittenNetwork {
  const names = spokes.map((_, index) => `s${index}`)
  return {
    version: 1,
    sites: {
      hub: { subnets: ['10.10.0.0/24'], gateway: gateway('203.0.113.1') },
      ...Object.fromEntries(
        names.map((name, index) => [
          name,
          { subnets: [spokes[index] ?? ''], gateway: gateway(`192.0.2.${index + 1}`) },
        ]),
      ),
    },
    tunnels: [...names.map((name) => ({ sites: ['hub', name] })), { sites: 'all' as const, through: 'hub' }],
    ...more,
  }
}

function policiesOf(written: WrittenNetwork) {
  const network = normalize(written).value
  const plan = network && planNetwork(network).plan
  if (!plan) throw new Error('no plan')
  const { policies, findings } = derivePolicies(plan)
  const selectors = (site: string, peer: string) =>
    policies
      .find((policy) => policy.site === site)
      ?.tunnels.find((tunnel) => tunnel.peer === peer)
      ?.selectors.map(({ local, remote }) => [local, remote] as const) ?? []
  return { plan, findings, selectors }
}

const same = (count: number) => Array.from({ length: count }, () => '192.168.1.0/24')

describe('selectors for sites beyond a hub', () => {
  it('are written one by one while they are few', () => {
    const { selectors } = policiesOf(star(same(9)))
    expect(selectors('s0', 'hub')).toHaveLength(9)
  })

  it('are few where the sites are many, and the same at both ends', () => {
    const { selectors } = policiesOf(star(same(40)))
    const near = selectors('s7', 'hub').map(([local, remote]) => `${local} ${remote}`)
    const far = selectors('hub', 's7').map(([local, remote]) => `${remote} ${local}`)
    expect(near.length).toBeLessThan(12)
    expect(near.sort()).toEqual(far.sort())
  })

  it('keep out what others have in the pool, and sites that do not take part', () => {
    const written = star(same(20), { avoid: ['192.168.9.0/24'] })
    written.sites['lonely'] = { subnets: ['192.168.1.0/24'], gateway: gateway('192.0.2.200') }
    written.tunnels?.push({ sites: ['hub', 'lonely'], start: 'trap' })
    written.tunnels = written.tunnels?.filter(({ sites }) => sites !== 'all')
    const names = Array.from({ length: 20 }, (_, index) => `s${index}`)
    for (const [index, one] of names.entries()) {
      for (const other of names.slice(index + 1)) written.tunnels?.push({ sites: [one, other], through: 'hub' })
    }
    const { plan, selectors } = policiesOf(written)
    const lonely = plan.mappings.find(({ site }) => site === 'lonely')?.translated
    const remotes = PrefixSet.of(selectors('s0', 'hub').map(([, remote]) => remote))
    expect(lonely && remotes.overlaps(lonely)).toBe(false)
    expect(remotes.overlaps(Prefix.parse('192.168.9.0/24'))).toBe(false)
    expect(selectors('s0', 'hub').length).toBeLessThan(19)
  })

  it('hold every site, overlap nothing that an end has, and never the own side', () => {
    const subnet = fc.constantFrom(
      '192.168.1.0/24',
      '192.168.1.0/26',
      '10.10.0.0/24',
      '10.77.0.0/24',
      '192.168.64.0/20',
    )
    fc.assert(
      fc.property(fc.array(subnet, { minLength: 9, maxLength: 30 }), (subnets) => {
        const { plan, selectors } = policiesOf(star(subnets))
        for (const [index] of subnets.entries()) {
          const pairs = selectors(`s${index}`, 'hub')
          const local = PrefixSet.of(pairs.map(([one]) => one))
          const remote = PrefixSet.of(pairs.map(([, other]) => other))
          for (const one of remote.prefixes()) expect(local.overlaps(one)).toBe(false)
          const seen = plan.mappings.filter(({ site }) => site !== `s${index}` && site !== 'hub')
          expect(seen.every(({ translated }) => remote.contains(translated))).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })
})
