import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { flow, possibleEnds, tracedEnd } from './filtered-flows.ts'
import { decided, firewalls, worldWith, written } from './vyatta-sets.ts'

it('lets pass what the sets let pass, rule by rule', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(firewalls({ isOpen: true }), fc.array(flow, { minLength: 1, maxLength: 3 }), (firewall, flows) => {
      const text = written(firewall)
      const sites = worldWith(firewall.platform, text)
      for (const one of flows) {
        const disposition = tracedEnd(sites, one)
        const key = `${firewall.platform} ${disposition}`
        met.set(key, (met.get(key) ?? 0) + 1)
        expect(
          possibleEnds(one, (packet) => decided(firewall, packet)),
          `${text}${JSON.stringify(one)}`,
        ).toContain(disposition)
      }
    }),
    { numRuns: 500 },
  )
  for (const platform of ['vyos-1.3', 'vyos-1.4']) {
    for (const end of ['delivered', 'filtered', 'unknown']) expect(met.get(`${platform} ${end}`)).toBeGreaterThan(5)
  }
})
