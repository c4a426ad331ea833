import { nodeRoutes, normalize, type Plan, Prefix, planNetwork, sightsOf } from '@natplan/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'

/** A few blocks in 10.0.0.0/12 and 172.16.0.0/14, so that sites, clusters and private networks meet in every way. */
const prefix = fc
  .tuple(
    fc.constantFrom('10.0', '10.1', '172.16', '172.17'),
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

const site = fc.record(
  { subnets: fc.uniqueArray(prefix, { minLength: 1, maxLength: 3 }), kubernetes: cluster },
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
  return [...plan.network.sites.values()].flatMap(({ name, subnets, kubernetes }) => {
    if (!kubernetes) return []
    const seen = sightsOf(plan, name).map(({ visible }) => visible)
    const own = [...subnets.map(({ prefix }) => prefix), ...kubernetes.podSubnets, ...kubernetes.serviceSubnets]
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
    }),
    { numRuns: 2000 },
  )
  // Both kinds come up often enough to mean something.
  expect(met.planned).toBeGreaterThan(300)
  expect(met.unsafe).toBeGreaterThan(20)
})
