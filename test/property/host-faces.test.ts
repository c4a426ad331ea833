import {
  Address,
  callNameOf,
  hostFace,
  normalize,
  type Plan,
  planNetwork,
  type SiteName,
  tracePacket,
  type World,
  type WorldSite,
} from '@natplan/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { plannedWorld } from '../../packages/app/src/verify/planned-world.ts'
import { plansThatHide } from '../support/random-plans.ts'

interface Call {
  readonly from: WorldSite
  readonly to: WorldSite
  readonly real: Address
}

/** Every site calls a host in each subnet of every other one. */
function callsOf({ network }: Plan, { sites }: World): Call[] {
  const worldSites = [...sites.values()]
  return worldSites.flatMap((from) =>
    worldSites
      .filter((to) => to !== from)
      .flatMap((to) =>
        (network.sites.get(to.name as SiteName)?.subnets ?? []).map(({ prefix }) => ({ from, to, real: prefix.at(5) })),
      ),
  )
}

/** A host of the site that has an address of the same version. */
function callerAt({ subnets }: WorldSite, { family }: Address): Address | undefined {
  return subnets.find((prefix) => prefix.family === family)?.at(6)
}

/** How the packet ends, and where it is delivered. */
function endOf(
  world: World,
  { from, real }: Call,
  called: { readonly address: Address; readonly port: number },
): string {
  const source = callerAt(from, real)
  if (!source) return 'nobody calls'
  const request = { source, destination: called.address, protocol: 6, destinationPort: called.port }
  const { hops, disposition } = tracePacket(world, from, request)
  const last = hops.findLast(({ way }) => way === 'there')
  // A caller that hides is told of, and reaches the host all the same.
  const end = disposition === 'not-one-to-one' ? 'delivered' : disposition
  return `${end} at ${last?.site} to ${last?.arrives.destination}`
}

function takesEverything({ device }: WorldSite): boolean {
  return device.tunnels.some(({ children }) => children.some(({ remote }) => remote.length === 0))
}

it('what a site calls a host is what the gateways make of its address, and a packet to it arrives', () => {
  let [called, forwarded] = [0, 0]
  fc.assert(
    fc.property(plansThatHide, (plan) => {
      const { world, findings } = plannedWorld(plan)
      // Of a single address some gateways cannot route halves, which the plan says.
      fc.pre(world !== undefined && findings.every(({ code }) => code !== 'ROUTE_SINGLE_ADDRESS'))
      if (!world) return
      for (const call of callsOf(plan, world)) {
        const { from, to, real } = call
        const face = hostFace(plan, { site: to.name as SiteName, address: real }, from.name as SiteName)
        const name = callNameOf(world, from, { site: to, real })
        const wanted = [`delivered at ${to.name} to ${real}`]
        if (face.kind === 'called') {
          called++
          // What takes everything does not tell by which of its two names a host is called.
          if (!takesEverything(from)) expect(String(name)).toBe(String(face.address))
          expect([endOf(world, call, { address: face.address, port: 443 })]).toEqual(wanted)
        } else if (face.kind === 'forwarded') {
          forwarded++
          const ends = face.forwards.map(({ port }) => endOf(world, call, { address: face.address, port }))
          expect([...new Set(ends)]).toEqual(wanted)
        }
      }
    }),
    { numRuns: 30 },
  )
  expect(called).toBeGreaterThan(50)
  expect(forwarded).toBeGreaterThan(0)
})

it('finds the name that a hub gives to a host of another spoke', () => {
  const gateway = (host: number) => ({
    platform: 'vyos-1.5' as const,
    outside: { interface: 'eth1', address: `203.0.113.${host}` },
    inside: { interface: 'eth0' },
  })
  const network = normalize({
    version: 1,
    sites: {
      hub: { subnets: ['10.20.0.0/24'], gateway: gateway(1) },
      left: { subnets: [{ prefix: '10.21.0.0/24', translateTo: '192.168.21.0/24' }], gateway: gateway(2) },
      right: { subnets: [{ prefix: '10.22.0.0/24', translateTo: '192.168.22.0/24' }], gateway: gateway(3) },
    },
    tunnels: [
      { sites: ['hub', 'left'], translateAt: 'hub' },
      { sites: ['hub', 'right'], translateAt: 'hub' },
      { sites: ['left', 'right'], through: 'hub' },
    ],
  }).value
  const plan = network && planNetwork(network).plan
  const world = plan && plannedWorld(plan).world
  const [from, to] = [world?.sites.get('left'), world?.sites.get('right')]
  if (!world || !from || !to) throw new Error('no plan')
  expect(callNameOf(world, from, { site: to, real: Address.parse('10.22.0.9') })?.toString()).toBe('192.168.22.9')
})
