import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import { normalize } from '../network/normalize.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { callableSights, exampleOf, mappingsBySubnet, type Plan, sightsOf } from './plan.ts'
import { planNetwork } from './plan-network.ts'

function planOf(written: Partial<WrittenNetwork>): Plan {
  const { value } = normalize({ version: 1, sites: {}, ...written })
  const { plan } = value ? planNetwork(value) : {}
  if (!plan) throw new Error('there is no plan')
  return plan
}

const meshed = planOf({
  sites: {
    hub: { subnets: ['10.0.0.0/24', 'fd00::/64'] },
    a: { subnets: ['10.0.0.0/24', '10.1.0.0/24'] },
    b: { subnets: ['10.2.0.0/24'] },
  },
  tunnels: [{ sites: ['hub', 'b'] }, { sites: ['a', 'hub'] }],
})

describe('callableSights', () => {
  it.each([
    ['hub', ['10.0.0.0/24', '10.1.0.0/24', '10.2.0.0/24']],
    ['b', ['10.0.0.0/24']],
  ])('leaves out what is of another family than all subnets of %s', (site, expected) => {
    const called = callableSights(meshed, site as SiteName).map(({ subnet }) => String(subnet.prefix))
    expect(called).toEqual(expected)
  })

  it('has both families where the site has them, and all where it has no subnets', () => {
    const sites = {
      a: { subnets: ['10.0.0.0/24', 'fd00::/64'] },
      b: { subnets: ['10.1.0.0/24', 'fd01::/64'] },
      c: { subnets: [] },
    }
    const plan = planOf({ sites })
    expect(callableSights(plan, 'a' as SiteName)).toHaveLength(2)
    expect(callableSights(plan, 'c' as SiteName)).toHaveLength(4)
  })
})

describe('sightsOf', () => {
  it.each([
    ['hub', ['a 10.0.0.0/24 as 192.168.0.0/24', 'a 10.1.0.0/24 as 10.1.0.0/24', 'b 10.2.0.0/24 as 10.2.0.0/24']],
    ['a', ['hub 10.0.0.0/24 as 192.168.1.0/24', 'hub fd00::/64 as fd00::/64']],
    ['b', ['hub 10.0.0.0/24 as 10.0.0.0/24', 'hub fd00::/64 as fd00::/64']],
  ])('%s sees %j', (site, expected) => {
    const sights = sightsOf(meshed, site as SiteName)
    expect(sights.map(({ peer, subnet, visible }) => `${peer} ${subnet.prefix} as ${visible}`)).toEqual(expected)
    expect(new Set(sights.map((sight) => sight.site))).toEqual(new Set([site]))
  })

  it('is everything of everybody else when every pair is joined', () => {
    const plan = planOf({
      sites: { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: [] }, c: { subnets: ['10.1.0.0/24'] } },
    })
    expect(sightsOf(plan, 'b' as SiteName).map(({ visible }) => String(visible))).toEqual([
      '10.0.0.0/24',
      '10.1.0.0/24',
    ])
  })
})

it('finds the mapping of a translated subnet, and none of another', () => {
  const subnets = meshed.network.sites.get('a' as SiteName)?.subnets ?? []
  expect(subnets.map((subnet) => mappingsBySubnet(meshed).get(subnet)?.translated.toString())).toEqual([
    '192.168.0.0/24',
    undefined,
  ])
})

describe('exampleOf', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.77', 'large'],
    ['10.0.1.0/24', '10.0.1.77', 'a usual one'],
    ['10.0.1.128/25', '10.0.1.133', 'where .77 is not inside any more'],
    ['10.0.1.32/27', '10.0.1.37', 'the acceptance size'],
    ['10.0.1.32/29', '10.0.1.33', 'eight addresses'],
    ['10.0.1.32/30', '10.0.1.33', 'four'],
    ['10.0.1.32/31', '10.0.1.32', 'two, both hosts'],
    ['10.0.1.32/32', '10.0.1.32', 'one'],
  ])('of %s is %s and its counterpart: %s', (text, expected) => {
    const real = Prefix.parse(text)
    const example = exampleOf({ real, translated: Prefix.fromBits(Number(real.bits) + 0x1000000, real.length) })
    expect(String(example.real)).toBe(expected)
    expect(String(example.translated)).toBe(expected.replace(/^10/, '11'))
  })
})
