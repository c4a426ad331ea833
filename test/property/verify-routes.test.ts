import { Prefix } from '@natplan/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { nodeRoutesCover } from '../../packages/core/src/verify/checks/node-routes.ts'
import { routesLeadToTunnels } from '../../packages/core/src/verify/checks/routes.ts'
import type { NodeGroup } from '../../packages/core/src/world/world.ts'
import { child, gateways, nowhere, routeOf, subjectOf, via } from '../verify/gateways.ts'

const base = Number(Prefix.parse('10.9.0.0/28').bits)
const hosts = Array.from({ length: 16 }, (_, at) => base + at)

const block = fc
  .tuple(fc.integer({ min: 28, max: 32 }), fc.integer({ min: 0, max: 15 }))
  .map(([length, at]) => Prefix.fromBits(base + at - (at % 2 ** (32 - length)), length))

function holds({ bits, lastBits }: Prefix, host: number): boolean {
  return host >= bits && host <= lastBits
}

it('a route into nothing is found exactly when it decides about an address of the peer', () => {
  const written = fc.record({ prefix: block, isDead: fc.boolean(), distance: fc.constantFrom(1, 200) })
  fc.assert(
    fc.property(
      block,
      fc.uniqueArray(written, { maxLength: 6, selector: ({ prefix, distance }) => `${prefix} ${distance}` }),
      (remote, all) => {
        const routes = all.map(({ prefix, isDead, distance }) =>
          routeOf(String(prefix), isDead ? nowhere : via('192.0.2.254'), { distance }),
        )
        const world = gateways({ children: [child('192.168.1.0/24', String(remote))], routes })
        const found = routesLeadToTunnels({ ...subjectOf(world), sites: [...world.sites.values()].slice(0, 1) })
        const isDead = hosts.some((host) => {
          if (!holds(remote, host)) return false
          const near = all.filter(({ prefix }) => holds(prefix, host))
          const best = [...near].sort((a, b) => b.prefix.length - a.prefix.length || a.distance - b.distance)[0]
          return best?.isDead === true
        })
        expect(found.length > 0).toBe(isDead)
      },
    ),
    { numRuns: 300 },
  )
})

it('nodes lack a route exactly when the longest one for some address does not lead to the gateway', () => {
  const route = fc.record({ prefix: block, to: fc.constantFrom('gateway' as const, 'cluster' as const) })
  fc.assert(
    fc.property(
      block,
      fc.uniqueArray(route, { maxLength: 6, selector: ({ prefix }) => String(prefix) }),
      (remote, routes) => {
        const group: NodeGroup = {
          name: undefined,
          routes,
          podSubnets: [],
          podEgress: 'masquerade',
          reversePath: 'strict',
        }
        const world = gateways({ children: [child('192.168.1.0/24', String(remote))], site: { nodes: [group] } })
        const found = nodeRoutesCover(subjectOf(world))
        const isMissing = hosts.some((host) => {
          if (!holds(remote, host)) return false
          const near = routes.filter(({ prefix }) => holds(prefix, host))
          return [...near].sort((a, b) => b.prefix.length - a.prefix.length)[0]?.to !== 'gateway'
        })
        expect(found.length > 0).toBe(isMissing)
      },
    ),
    { numRuns: 300 },
  )
})
