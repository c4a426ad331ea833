import { normalize, peersIn, type WrittenNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { groupLinks } from './plan-links.ts'
import { siteGroups } from './site-groups.ts'

type Written = Omit<WrittenNetwork, 'version'>

const all = { around: undefined, unfold: false }

/** Sites with so many branches each, which have one LAN. */
function hubs(...counts: readonly number[]): Written {
  const branches = counts.flatMap((count, hub) =>
    Array.from({ length: count }, (_, index) => [`hub${hub}`, `b${hub}-${index}`] as const),
  )
  const names = [...counts.map((_, hub) => `hub${hub}`), ...branches.map(([, name]) => name)]
  return {
    sites: Object.fromEntries(
      names.map((name, index) => [name, { subnets: [`10.${index % 250}.${Math.floor(index / 250)}.0/24`] }]),
    ),
    tunnels: branches.map((sites) => ({ sites: [...sites] as [string, string] })),
  }
}

function drawn(written: Written, folding = all) {
  const { value } = normalize({ version: 1, ...written })
  if (!value) throw new Error('the network is wrong')
  const peers = peersIn(value)
  const groups = siteGroups(value, peers, folding)
  const links = groupLinks(value, peers, groups)
  return {
    boxes: groups.map(({ sites }) => (sites.length === 1 ? sites[0].name : `${sites.length} from ${sites[0].name}`)),
    links: links.map(({ one, other, pairs }) => `${one.id} ${other.id} ${pairs.length}`),
    isMesh: groups.some((group) => group.isMesh),
  }
}

const withoutTunnels = (count: number): Written => ({ sites: hubs(count - 1).sites })

describe('siteGroups', () => {
  it.each<[string, Written, readonly string[]]>([
    ['two sites', hubs(1), ['b0-0', 'hub0']],
    ['twelve sites are drawn one by one', hubs(11), Object.keys(hubs(11).sites).sort()],
    ['the branches of a hub are one box', hubs(12), ['12 from b0-0', 'hub0']],
    ['those of each hub', hubs(9, 7), ['9 from b0-0', '7 from b1-0', 'hub0', 'hub1']],
    ['few of a kind stay alone', hubs(10, 3), ['10 from b0-0', 'b1-0', 'b1-1', 'b1-2', 'hub0', 'hub1']],
    ['every pair connected', withoutTunnels(400), ['400 from b0-0']],
  ])('%s', (_, written, boxes) => {
    expect(drawn(written).boxes).toEqual(boxes)
  })

  it('keeps apart what has another platform or a cluster', () => {
    const written = hubs(14)
    const gateway = { platform: 'generic' as const, outside: { interface: 'wan', address: '203.0.113.9' } }
    const sites = { ...written.sites, 'b0-3': { subnets: ['10.200.0.0/16'], gateway } }
    expect(drawn({ ...written, sites }).boxes).toEqual(['13 from b0-0', 'b0-3', 'hub0'])
  })

  it('folds a mesh of tunnels, and says so', () => {
    const names = Array.from({ length: 14 }, (_, index) => `s${String(index).padStart(2, '0')}`)
    const tunnels = names.flatMap((one, index) =>
      names.slice(index + 1).map((other) => ({ sites: [one, other] as [string, string] })),
    )
    const sites = Object.fromEntries(names.map((name, index) => [name, { subnets: [`10.${index}.0.0/16`] }]))
    expect(drawn({ sites, tunnels })).toEqual({ boxes: ['14 from s00'], links: [], isMesh: true })
  })

  it('unfolds, and shows one site with its peers alone', () => {
    expect(drawn(hubs(40), { around: undefined, unfold: true }).boxes).toHaveLength(41)
    const around = normalize({ version: 1, ...hubs(40) }).value?.sites.get('b0-7' as never)?.name
    expect(drawn(hubs(40), { around: around as never, unfold: false }).boxes).toEqual(['b0-7', 'hub0'])
  })
})

describe('groupLinks', () => {
  it('puts half of the leaves of a hub on each side, by name', () => {
    const { links } = drawn(hubs(5))
    expect(links).toEqual([
      'site-b0-0 site-hub0 1',
      'site-b0-1 site-hub0 1',
      'site-b0-2 site-hub0 1',
      'site-hub0 site-b0-3 1',
      'site-hub0 site-b0-4 1',
    ])
  })

  it('joins all tunnels of a folded box', () => {
    expect(drawn(hubs(12)).links).toEqual(['site-b0-0 site-hub0 12'])
  })
})
