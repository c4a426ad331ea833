import { describe, expect, it } from 'vitest'
import { normalize } from '../network/normalize.ts'
import { peersIn } from '../network/peers.ts'
import type { WrittenNetwork } from '../network/written.ts'
import { type Occupied, occupiedIn } from './occupied.ts'
import { type Overlap, overlapsInForest } from './overlaps-in-forest.ts'
import { PrefixForest } from './prefix-forest.ts'

type Sites = WrittenNetwork['sites']

function overlapsOf(sites: Sites, tunnels?: string[]): Overlap[] {
  const listed = tunnels && { tunnels: tunnels.map((ends) => ({ sites: ends.split('-') })) }
  const { value, findings } = normalize({ version: 1, sites, ...listed })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  return overlapsInForest(new PrefixForest<Occupied>(occupiedIn(value), ({ prefix }) => prefix), peersIn(value))
}

function describeOverlap({ relation, inner, outer, pairs, effect }: Overlap): string {
  const pairOf = relation === 'equal' ? inner.prefix : `${inner.prefix} in ${outer.prefix}`
  return `${pairOf}: ${pairs}, ${effect}`
}

function gateway(address: string) {
  return { gateway: { outside: { interface: 'eth0', address } } }
}

const block = { subnets: ['10.0.0.0/24'] }
const inner = { subnets: ['10.0.0.0/27'] }
const other = { subnets: ['10.9.0.0/24'] }
const inUse = { subnets: [], reserved: ['10.0.0.0/16'] }

describe('overlapsInForest', () => {
  it.each<[Sites, string[] | undefined, string[], string]>([
    [{ a: block, b: other }, undefined, [], 'nothing shared'],
    [{ a: block, b: block }, undefined, ['10.0.0.0/24: 1, tunnel'], 'the same'],
    [{ a: block, b: inner }, undefined, ['10.0.0.0/27 in 10.0.0.0/24: 1, tunnel'], 'one inside the other'],
    [{ a: block, b: inUse }, undefined, ['10.0.0.0/24 in 10.0.0.0/16: 1, tunnel'], 'space in use at the peer'],
    [{ a: inUse, b: inUse }, undefined, ['10.0.0.0/16: 1, none'], 'space that neither side shows'],
    [{ a: { ...block, ...inUse, subnets: block.subnets } }, undefined, [], 'one site with itself'],
    [{ a: block, b: block, hub: other }, ['a-hub', 'b-hub'], ['10.0.0.0/24: 1, hub'], 'spokes that meet at a hub'],
    [
      { a: block, b: block, c: other, d: other },
      ['a-c', 'b-d'],
      ['10.0.0.0/24: 1, none', '10.9.0.0/24: 1, none'],
      'tunnels that have nothing in common',
    ],
    [
      { a: block, b: inUse, hub: other },
      ['a-hub', 'b-hub'],
      ['10.0.0.0/24 in 10.0.0.0/16: 1, none'],
      'what a spoke reserves is not seen at the hub',
    ],
    [
      { a: block, b: inner, hub: other },
      ['a-hub', 'b-hub'],
      ['10.0.0.0/27 in 10.0.0.0/24: 1, hub'],
      'a spoke inside another',
    ],
    [
      { a: block, b: { ...other, ...gateway('10.0.0.1') } },
      undefined,
      ['10.0.0.1/32 in 10.0.0.0/24: 1, tunnel'],
      "the peer's endpoint",
    ],
    [
      { a: block, b: { subnets: [], ...gateway('10.0.0.1') }, hub: other },
      ['a-hub', 'b-hub'],
      ['10.0.0.1/32 in 10.0.0.0/24: 1, hub'],
      'an endpoint that the hub must reach',
    ],
    [
      { a: inUse, b: { subnets: [], ...gateway('10.0.0.1') }, hub: other },
      ['a-hub', 'b-hub'],
      ['10.0.0.1/32 in 10.0.0.0/16: 1, none'],
      'an endpoint in space that no tunnel reaches',
    ],
    [
      { a: block, b: { ...block, ...gateway('10.0.0.1') }, hub: other },
      ['a-hub', 'b-hub'],
      ['10.0.0.0/24: 1, hub', '10.0.0.1/32 in 10.0.0.0/24: 1, hub'],
      'an endpoint in the subnets of two spokes, one of them its own',
    ],
    [
      { a: block, b: block, c: block, hub: other },
      ['a-hub', 'b-hub', 'c-hub'],
      ['10.0.0.0/24: 3, hub'],
      'n users are n(n-1)/2 pairs',
    ],
    [
      { a: { ...block, reserved: ['10.0.0.0/24'] }, b: block },
      undefined,
      ['10.0.0.0/24: 2, tunnel'],
      'two users at one site are no pair',
    ],
    [
      { a: { subnets: ['fd00::/64'] }, b: { subnets: ['fd00::/48'] } },
      undefined,
      ['fd00::/64 in fd00::/48: 1, tunnel'],
      'IPv6',
    ],
    [
      { a: { subnets: ['10.0.0.0/24', '10.9.0.0/24'] }, b: { subnets: ['10.0.0.0/16'] }, c: inner },
      undefined,
      [
        '10.0.0.0/24 in 10.0.0.0/16: 1, tunnel',
        '10.0.0.0/27 in 10.0.0.0/24: 1, tunnel',
        '10.0.0.0/27 in 10.0.0.0/16: 1, tunnel',
      ],
      'three nested, sorted by the inner prefix',
    ],
  ])('in %j with tunnels %j finds %j: %s', (sites, tunnels, expected) => {
    expect(overlapsOf(sites, tunnels).map(describeOverlap)).toEqual(expected)
  })

  it('names all users of both sides', () => {
    const [overlap] = overlapsOf({ a: block, b: inner, c: block })
    const usersOf = (side: Overlap['inner'] | undefined) => side?.users.map(({ site, kind }) => `${site} ${kind}`)
    expect(usersOf(overlap?.inner)).toEqual(['a subnet', 'c subnet'])
    expect(overlap?.outer).toBe(overlap?.inner)
  })

  it('lists one overlap for ten thousand sites with the same prefix, not fifty million pairs', () => {
    const sites = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`s${index}`, block]))
    const tunnels = Object.keys(sites).map((name) => `hub-${name}`)
    expect(overlapsOf({ ...sites, hub: other }, tunnels).map(describeOverlap)).toEqual(['10.0.0.0/24: 49995000, hub'])
    expect(overlapsOf(sites).map(describeOverlap)).toEqual(['10.0.0.0/24: 49995000, tunnel'])
  })
})
