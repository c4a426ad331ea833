import { type SiteName, sightsOf, writeLock } from '@natplan/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesOf, expectedOf, meet, occupiedAt, sitesOf, union } from './oracle.ts'
import { agree, errorsOf, facesOf, history, planOf, type Step, throughFile } from './planned.ts'
import { network, parts, shuffled } from './universe.ts'

/** Asserts something of every step of random histories. */
function always(assertion: (step: Step) => void): void {
  fc.assert(
    fc.property(network, parts, (whole, states) => history(whole, states).forEach(assertion)),
    { numRuns: 200 },
  )
}

describe('a plan', () => {
  it('gives out only what is free everywhere, and nothing twice', () => {
    always(({ written, planning: { plan } }) => {
      const taken = union([
        ...(written.avoid ?? []),
        ...[...sitesOf(written).values()].flatMap(({ subnets, reserved, endpoint }) => [
          ...subnets.map(({ prefix }) => prefix),
          ...reserved,
          ...(endpoint ? [endpoint] : []),
        ]),
      ])
      for (const { translated } of plan ? facesOf(plan) : []) {
        expect(meet(addressesOf(translated), taken)).toBe(false)
        for (const address of addressesOf(translated)) taken.add(address)
      }
    })
  })

  it('maps address by address, so that host bits stay', () => {
    always(({ planning: { plan } }) => {
      for (const { real, translated } of plan ? facesOf(plan) : []) {
        const [from, to] = [addressesOf(real), addressesOf(translated)]
        expect(to.length).toBe(from.length)
        expect(to.map((address) => address % to.length)).toEqual(from.map((address) => address % from.length))
      }
    })
  })

  it('shows no site two things under one address', () => {
    always(({ written, planning: { plan } }) => {
      const sites = sitesOf(written)
      for (const name of plan ? sites.keys() : []) {
        const used = occupiedAt(name, sites)
        for (const { visible } of plan ? sightsOf(plan, name as SiteName) : []) {
          expect(meet(addressesOf(String(visible)), used)).toBe(false)
          for (const address of addressesOf(String(visible))) used.add(address)
        }
      }
    })
  })

  it('translates what the oracle does, for the same peers, to the same prefixes, and fails where it does', () => {
    always(({ written, lock, planning }) => agree(planning, expectedOf(written, lock)))
  })

  it('changes nothing when it is planned again with its own lock, as it is and through a file', () => {
    always(({ written, planning: { plan } }) => {
      if (!plan) return
      for (const lock of [plan.lock, throughFile(plan.lock)]) {
        const again = planOf(written, lock)
        expect(again.plan?.changes).toEqual([])
        expect(again.plan && facesOf(again.plan)).toEqual(facesOf(plan))
        expect(again.plan && writeLock(again.plan.lock)).toBe(writeLock(plan.lock))
        expect(errorsOf(again).size).toBe(0)
      }
    })
  })

  it('does not depend on the order of the file', () => {
    const inTwoOrders = network.chain((whole) => fc.tuple(fc.constant(whole), shuffled(whole)))
    fc.assert(
      fc.property(inTwoOrders, parts, ([whole, other], states) => {
        const lock = history(whole, states).at(-1)?.before?.lock
        const [one, two] = [planOf(whole, lock), planOf(other, lock)]
        expect(two.findings.map(({ message }) => message).sort()).toEqual(
          one.findings.map(({ message }) => message).sort(),
        )
        expect(two.plan && writeLock(two.plan.lock)).toBe(one.plan && writeLock(one.plan.lock))
      }),
    )
  })
})
