import type { WrittenNetwork } from '@natplan/core'
import fc from 'fast-check'
import { addressesOf, meet, textOf, union } from './oracle.ts'

/*
 * Networks in a tiny universe: all real addresses lie in 10.0.0.0/28 and pools are small, so that collisions and exhaustion are
 * common.
 */

type WrittenSite = WrittenNetwork['sites'][string]
type WrittenSubnet = WrittenSite['subnets'][number]

const siteNames = ['a', 'b', 'c', 'd', 'e'] as const

const [universe = 0] = addressesOf('10.0.0.0/32')

/** Something that is there once in so many times. */
function rarely<T>(once: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: once - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
}

/** A block inside another one, from its own size down to single addresses. */
export function blockIn(outer: string): fc.Arbitrary<string> {
  const [first = 0] = addressesOf(outer)
  const outerLength = Number(outer.split('/')[1])
  return fc
    .integer({ min: outerLength, max: 32 })
    .chain((length) =>
      fc.nat(2 ** (length - outerLength) - 1).map((index) => textOf(first + index * 2 ** (32 - length), length)),
    )
}

const realBlock = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('10.0.0.0/29', '10.0.0.8/29', '10.0.0.4/30', '10.0.0.8/30', '10.0.0.8/31') },
  { weight: 4, arbitrary: blockIn('10.0.0.0/28') },
)

/** Space that meets pools now and then, also large parts of them, so that the search has to go on. */
const usedBlock = fc.oneof(
  { weight: 5, arbitrary: realBlock },
  { weight: 2, arbitrary: blockIn('192.168.0.0/27') },
  { weight: 1, arbitrary: fc.constantFrom('192.168.0.0/24', '192.168.1.0/24', '192.168.2.0/23', '192.168.1.8/29') },
)

const pools = fc.constantFrom<string[]>(
  ['192.168.0.0/27'],
  ['192.168.0.0/27'],
  ['192.168.0.0/28'],
  ['192.168.0.0/22'],
  ['192.168.0.0/30', '192.168.1.0/28'],
  ['192.168.0.0/29', '192.168.0.0/27'],
  ['10.0.0.0/27'],
  [],
)

/** A subnet with every way to say how it is translated; a pin is a block of the same length anywhere near the pools. */
const subnet: fc.Arbitrary<WrittenSubnet> = fc
  .record({
    prefix: realBlock,
    translate: fc.oneof(
      { weight: 30, arbitrary: fc.constant('auto' as const) },
      { weight: 1, arbitrary: fc.constantFrom('always' as const, 'never' as const) },
    ),
    pin: rarely(20, fc.record({ at: fc.nat(63), isAuto: fc.boolean() })),
  })
  .map(({ prefix, translate, pin }) => {
    if (translate !== 'auto') return { prefix, translate }
    return pin ? { prefix, translateTo: pinOf(prefix, pin.at), ...(pin.isAuto ? { translate } : {}) } : prefix
  })

function pinOf(prefix: string, at: number): string {
  const length = Number(prefix.split('/')[1])
  const [pool = 0] = addressesOf(at < 56 ? '192.168.0.0/32' : '10.0.0.0/32')
  return textOf(pool + at - (at % 2 ** (32 - length)), length)
}

const site = fc.record({
  subnets: fc.array(subnet, { minLength: 0, maxLength: 3 }),
  reserved: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.array(usedBlock, { maxLength: 2 }) },
  ),
  pods: rarely(8, fc.record({ prefix: usedBlock, isRouted: fc.boolean() })),
  endpoint: rarely(5, fc.oneof(fc.nat(15), fc.constant(192 * 2 ** 24 + 168 * 2 ** 16 - universe + 3))),
})

/** Two to five sites, joined at random or every one with every other. */
export const network: fc.Arbitrary<WrittenNetwork> = fc
  .record({
    sites: fc.array(site, { minLength: 2, maxLength: 5 }),
    tunnels: fc.option(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 7 }), { freq: 4, nil: undefined }),
    pools,
    avoid: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.array(usedBlock, { maxLength: 2 }) },
    ),
  })
  .map(({ sites, tunnels, pools, avoid }) => ({
    version: 1 as const,
    pools,
    avoid,
    sites: Object.fromEntries(sitesWithOwnEndpoints(sites)),
    ...(tunnels ? { tunnels: eachPairOnce(tunnels, sites.length) } : {}),
  }))

type GivenSite = typeof site extends fc.Arbitrary<infer Given> ? Given : never

function sitesWithOwnEndpoints(given: readonly GivenSite[]): [string, WrittenSite][] {
  const endpoints = new Set<number>()
  return given.map(({ subnets, reserved, pods, endpoint }, index) => {
    const isOwn = endpoint !== undefined && !endpoints.has(endpoint)
    if (isOwn) endpoints.add(endpoint)
    const apart = withoutOverlaps(pods?.isRouted ? [pods.prefix, ...subnets] : subnets)
    return [
      siteNames[index] as string,
      {
        subnets: pods?.isRouted ? apart.slice(1) : apart,
        reserved,
        ...(pods
          ? { kubernetes: { podSubnets: [pods.prefix], podEgress: pods.isRouted ? 'routed' : 'masquerade' } }
          : {}),
        ...(isOwn ? { gateway: gatewayAt(universe + endpoint) } : {}),
      } satisfies WrittenSite,
    ]
  })
}

function gatewayAt(address: number): NonNullable<WrittenSite['gateway']> {
  return { outside: { interface: 'eth0', address: textOf(address, 32).replace('/32', '') } }
}

function withoutOverlaps(subnets: readonly WrittenSubnet[]): WrittenSubnet[] {
  const kept: WrittenSubnet[] = []
  for (const one of subnets) {
    if (!meet(addressesOf(prefixOf(one)), union(kept.map(prefixOf)))) kept.push(one)
  }
  return kept
}

export function prefixOf(written: WrittenSubnet): string {
  return typeof written === 'string' ? written : written.prefix
}

function eachPairOnce(pairs: readonly (readonly [number, number])[], count: number): { sites: string[] }[] {
  const seen = new Map<string, string[]>()
  for (const [one, other] of pairs) {
    const ends = [one % count, other % count].map((index) => siteNames[index] as string)
    if (ends[0] !== ends[1]) seen.set([...ends].sort().join(' '), ends)
  }
  return [...seen.values()].map((sites) => ({ sites }))
}

/** Which sites, subnets and tunnels of a network are there, as bit patterns. */
export interface Part {
  readonly sites: number
  readonly subnets: number
  readonly tunnels: number
  /** Without its list of tunnels, so that every pair of sites is joined. */
  readonly everyPair: boolean
}

/** Mostly all that there is, so that consecutive parts share much. */
const most = fc.oneof({ weight: 3, arbitrary: fc.constant(0xffff) }, { weight: 2, arbitrary: fc.nat(0xffff) })

/** States of one network in the course of time. */
export const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({
    sites: most,
    subnets: most,
    tunnels: most,
    everyPair: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  { minLength: 2, maxLength: 4 },
)

export function partOf(whole: WrittenNetwork, part: Part): WrittenNetwork {
  const isIn = (pattern: number, index: number) => ((pattern >> index) & 1) === 1
  const sites = Object.entries(whole.sites).filter((_, index) => isIn(part.sites, index))
  const names = new Set(sites.map(([name]) => name))
  const { tunnels, ...rest } = whole
  const kept = tunnels
    ?.filter((_, index) => isIn(part.tunnels, index))
    .filter((tunnel) => tunnel.sites !== 'all' && tunnel.sites.every((name) => names.has(name)))
  return {
    ...rest,
    sites: Object.fromEntries(
      sites.map(([name, site], at) => [
        name,
        { ...site, subnets: site.subnets.filter((_, index) => isIn(part.subnets, 3 * at + index)) },
      ]),
    ),
    ...(kept && !part.everyPair ? { tunnels: kept } : {}),
  }
}

/** The same network with its sites, tunnels and subnets listed in another order. */
export function shuffled(whole: WrittenNetwork): fc.Arbitrary<WrittenNetwork> {
  const inAnyOrder = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length })
  return fc
    .record({
      sites: inAnyOrder(Object.entries(whole.sites)),
      tunnels: inAnyOrder(whole.tunnels ?? []),
      turned: fc.boolean(),
    })
    .map(({ sites, tunnels, turned }) => ({
      ...whole,
      sites: Object.fromEntries(
        sites.map(([name, site]) => [name, { ...site, subnets: turned ? [...site.subnets].reverse() : site.subnets }]),
      ),
      ...(whole.tunnels
        ? { tunnels: tunnels.map((tunnel) => (turned ? { ...tunnel, sites: [...tunnel.sites].reverse() } : tunnel)) }
        : {}),
    }))
}
