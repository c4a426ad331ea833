import { Address, type Trace, tracePacket } from '@natplan/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decided, type Firewall, firewalls, type Seen, worldWith, written } from './vyatta-sets.ts'

interface Flow {
  readonly from: 1 | 2
  readonly near: number
  readonly far: number
  readonly protocol: number
  readonly port: number
}

const sourcePort = 40_000

const flow: fc.Arbitrary<Flow> = fc.record({
  from: fc.constantFrom(1 as const, 2 as const),
  near: fc.integer({ min: 1, max: 13 }),
  far: fc.integer({ min: 1, max: 13 }),
  protocol: fc.constantFrom(6, 17),
  port: fc.constantFrom(53, 443),
})

function traced(sites: ReturnType<typeof worldWith>, { from, near, far, protocol, port }: Flow): Trace {
  const site = sites.get(from === 1 ? 'one' : 'two')
  if (!site) throw new Error('there is no such site')
  const source = Address.parse(`10.${from}.0.${near}`)
  const destination = Address.parse(`10.${from === 1 ? 2 : 1}.0.${far}`)
  return tracePacket({ sites }, site, { source, destination, protocol, sourcePort, destinationPort: port })
}

/** A policy by state may drop the negotiation as well, and what leaves in clear is taken for guarded. */
function endOf({ disposition }: Trace): string {
  return disposition === 'delivered' || disposition === 'unknown' ? disposition : 'filtered'
}

/** Of the packets that a connection needs: the first, what follows it, and the answers. */
function wanted(firewall: Firewall, { from, near, far, protocol, port }: Flow): string[] {
  const ends = [`10.${from}.0.${near}`, `10.${from === 1 ? 2 : 1}.0.${far}`] as const
  const outward = { in: 'eth1', out: 'eth0', isDecrypted: false }
  const inward = { in: 'eth0', out: 'eth1', isDecrypted: true }
  const [there, back] = from === 1 ? [outward, inward] : [inward, outward]
  const first = { source: ends[0], destination: ends[1], protocol, port, ...there }
  const answer = { source: ends[1], destination: ends[0], protocol, port: sourcePort, ...back }
  const packets: Seen[] = [
    { ...first, state: 'new' },
    { ...first, state: 'established' },
    { ...answer, state: 'established' },
  ]
  const all = packets.flatMap((packet) => decided(firewall, packet))
  const isMixed = all.some((answers) => answers.size === 2)
  if (all.some((answers) => answers.size === 1 && answers.has('drop'))) {
    return isMixed ? ['filtered', 'unknown'] : ['filtered']
  }
  return [isMixed ? 'unknown' : 'delivered']
}

it('lets pass what the sets let pass, rule by rule', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(firewalls({ isOpen: true }), fc.array(flow, { minLength: 1, maxLength: 3 }), (firewall, flows) => {
      const text = written(firewall)
      const sites = worldWith(firewall.platform, text)
      for (const one of flows) {
        const disposition = endOf(traced(sites, one))
        const key = `${firewall.platform} ${disposition}`
        met.set(key, (met.get(key) ?? 0) + 1)
        expect(wanted(firewall, one), `${text}${JSON.stringify(one)}`).toContain(disposition)
      }
    }),
    { numRuns: 500 },
  )
  for (const platform of ['vyos-1.3', 'vyos-1.4']) {
    for (const end of ['delivered', 'filtered', 'unknown']) expect(met.get(`${platform} ${end}`)).toBeGreaterThan(5)
  }
})
