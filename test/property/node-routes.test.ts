import { nodeRoutes, normalize, type Plan, Prefix, PrefixSet, planNetwork, sightsOf } from '@natplan/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'

/** A few blocks in 10.0.0.0/12 and 172.16.0.0/14, and public ones, so that sites, clusters and private networks meet in every way. */
const prefix = fc
  .tuple(
    fc.constantFrom('10.0', '10.1', '172.16', '172.17', '203.0'),
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom(22, 24, 25),
  )
  .map(([start, third, length]) => `${start}.${length === 22 ? 0 : third}.0/${length}`)

const pool = fc.record(
  {
    privateNetwork: fc.constantFrom('10.0.0.0/8', '10.0.0.0/15', '10.1.0.0/16', '172.16.0.0/12', '172.17.0.0/24'),
    gateway: fc.constantFrom('10.0.0.1', '10.1.1.1', '172.16.2.1', '10.200.0.1'),
  },
  { requiredKeys: [] },
)

const cluster = fc
  .record({ pods: fc.array(prefix, { maxLength: 2 }), pools: fc.array(pool, { maxLength: 3 }) })
  .map(({ pods, pools }) => ({
    podSubnets: pods,
    ...(pools.length === 0
      ? {}
      : {
          nodePools: pools.map((one, index) => ({ name: `p${index}`, nodeSelector: { pool: `p${index}` }, ...one })),
        }),
  }))

const end = fc.constantFrom('203.0.113.2', '203.0.0.2', '172.16.1.2', '10.1.3.2')

const site = fc.record(
  {
    subnets: fc.uniqueArray(prefix, { minLength: 1, maxLength: 3 }),
    reserved: fc.uniqueArray(prefix, { maxLength: 2 }),
    gateway: fc.record({ address: end, publicAddress: end }, { requiredKeys: ['address'] }).map((outside) => ({
      platform: 'linux' as const,
      outside: { interface: 'eth0', ...outside },
    })),
    kubernetes: cluster,
  },
  { requiredKeys: ['subnets'] },
)

const network = fc.array(site, { minLength: 2, maxLength: 4 }).map(
  (sites): Written => ({
    pools: ['192.168.0.0/16', '10.4.0.0/16'],
    sites: Object.fromEntries(sites.map((one, index) => [`s${index}`, one])),
  }),
)

function meet(one: Prefix, other: Prefix): boolean {
  return one.bits <= other.lastBits && other.bits <= one.lastBits
}

interface Nodes {
  readonly site: string
  readonly pool: string | undefined
  /** What they see of the peers and no route of theirs leads to already. */
  readonly wanted: readonly Prefix[]
  /** What of that would take them away from what is theirs. */
  readonly unsafe: readonly Prefix[]
}

/** The same question, asked again slowly: for each pool of each cluster, prefix by prefix. */
function nodesOf(plan: Plan): Nodes[] {
  return [...plan.network.sites.values()].flatMap(({ name, subnets, reserved, kubernetes }) => {
    if (!kubernetes) return []
    const seen = sightsOf(plan, name).map(({ visible }) => visible)
    const own = [
      ...[...subnets, ...reserved].map(({ prefix }) => prefix),
      ...kubernetes.podSubnets,
      ...kubernetes.serviceSubnets,
    ]
    return kubernetes.nodePools.map(({ name: pool, privateNetwork, gateway }) => {
      const holds = (one: Prefix, other: Prefix) => meet(one, other) && one.length <= other.length
      const wanted = seen.filter((one) => gateway !== undefined || !holds(privateNetwork, one))
      const unsafe = wanted.filter(
        (one) =>
          own.some((other) => meet(one, other)) ||
          holds(one, privateNetwork) ||
          (gateway !== undefined && meet(one, Prefix.of(gateway))),
      )
      return { site: name, pool, wanted, unsafe }
    })
  })
}

function planOf(written: Written): Plan | undefined {
  const { value } = normalize({ version: 1, ...written })
  return value && planNetwork(value).plan
}

it('nodes get what their site sees, without what is covered; with an unsafe route nobody gets any', () => {
  const met = { planned: 0, unsafe: 0 }
  fc.assert(
    fc.property(network, (written) => {
      const plan = planOf(written)
      if (!plan) return
      const { routings, findings } = nodeRoutes(plan)
      const nodes = nodesOf(plan)
      const isUnsafe = nodes.some(({ unsafe }) => unsafe.length > 0)
      met.planned++
      if (isUnsafe) met.unsafe++
      expect(findings.some(({ code }) => code === 'NODE_ROUTE_UNSAFE')).toBe(isUnsafe)
      const given = routings.flatMap(({ site, lists }) =>
        lists.map(({ pool, routes }) => [site, pool.name, ...routes.map(String)]),
      )
      const expected = nodes.map(({ site, pool, wanted }) => [
        site,
        pool,
        ...wanted.toSorted(Prefix.compare).map(String),
      ])
      expect(given).toEqual(isUnsafe ? [] : expected)
      for (const { lists, allowedSpace, protectedSpace } of routings) {
        const [allowed, guarded] = [PrefixSet.of(allowedSpace), PrefixSet.of(protectedSpace)]
        // The agent compares prefix with prefix: what it may route must lie in one.
        const isTaken = (route: Prefix) =>
          allowed.prefixes().some((one) => one.contains(route)) && !guarded.overlaps(route)
        expect(lists.flatMap(({ routes }) => routes.filter((route) => !isTaken(route)))).toEqual([])
      }
    }),
    { numRuns: 2000 },
  )
  // Both kinds come up often enough to mean something.
  expect(met.planned).toBeGreaterThan(300)
  expect(met.unsafe).toBeGreaterThan(20)
})
