import { Prefix } from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceRule, RuleList } from '../../packages/core/src/device/device.ts'
import { boxOf, Effort } from '../../packages/core/src/match/box.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { rulesAreReached } from '../../packages/core/src/verify/checks/shadowing.ts'
import { decide } from '../../packages/core/src/verify/decide.ts'
import { natRulesOf } from '../../packages/core/src/verify/nat-rules.ts'
import { prefixesOf } from '../../packages/core/src/verify/shown.ts'
import { withoutSet } from '../../packages/core/src/verify/translations.ts'
import { sampleDevice } from '../../packages/core/src/world/sample-world.ts'
import { gateways, listOf, mapTo, subjectOf } from '../verify/gateways.ts'

/** Everything happens inside 10.0.0.0/28 and two services, so that all rules meet. */
const base = Number(Prefix.parse('10.0.0.0/28').bits)
const hosts = Array.from({ length: 16 }, (_, at) => base + at)
const protocols = [6, 17]
const whole = RangeSet.of([{ first: base, last: base + 15 }])

const block = fc
  .tuple(fc.integer({ min: 28, max: 32 }), fc.integer({ min: 0, max: 15 }))
  .map(([length, at]) => Prefix.fromBits(base + at - (at % 2 ** (32 - length)), length))

/** A set of addresses, or all but one, or none that is asked. */
const addresses = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.array(block, { minLength: 1, maxLength: 2 }).map((blocks) => RangeSet.ofPrefixes(blocks)),
  },
  {
    weight: 1,
    arbitrary: block.map((one) => RangeSet.ofPrefixes([one]).complementIn({ first: base, last: base + 15 })),
  },
)

const action: fc.Arbitrary<DeviceRule['action']> = fc.constantFrom(
  { kind: 'exempt' as const },
  { kind: 'masquerade' as const },
  mapTo('172.16.0.0/28'),
)

const rule: fc.Arbitrary<DeviceRule> = fc
  .record({
    source: addresses,
    destination: addresses,
    protocol: fc.constantFrom(undefined, 6, 17),
    interface: fc.constantFrom(undefined, 'eth1', 'eth2'),
    isDoubtful: fc.boolean(),
    action,
  })
  .map((one): DeviceRule => {
    const { source, destination, protocol } = one
    return {
      number: undefined,
      line: undefined,
      description: undefined,
      action: one.action,
      match: {
        source: source && !source.isEmpty ? source : whole,
        destination: destination && !destination.isEmpty ? destination : whole,
        protocol: RangeSet.ofValues(protocol === undefined ? protocols : [protocol]),
        ...(one.interface === undefined ? {} : { out: { names: [one.interface], negated: false } }),
      },
      ...(one.isDoubtful ? { doubt: { line: 1, what: 'a doubt' } } : {}),
    }
  })

interface Packet {
  readonly source: number
  readonly destination: number
  readonly protocol: number
  readonly out: string
}

const packets: readonly Packet[] = hosts.flatMap((source) =>
  hosts.flatMap((destination) =>
    protocols.flatMap((protocol) => ['eth1', 'eth2', 'eth3'].map((out) => ({ source, destination, protocol, out }))),
  ),
)

function isTaken({ match }: DeviceRule, { source, destination, protocol, out }: Packet): boolean {
  return (
    (match.source?.has(source) ?? true) &&
    (match.destination?.has(destination) ?? true) &&
    (match.protocol?.has(protocol) ?? true) &&
    (match.out?.names.includes(out) ?? true)
  )
}

/** The rule that certainly decides about a packet, one by one; what may decide before it is passed over. */
function deciding(lists: readonly RuleList[], packet: Packet): DeviceRule | undefined {
  for (const { rules } of lists) {
    const taking = rules.find((one) => one.doubt === undefined && isTaken(one, packet))
    if (taking && taking.action.kind !== 'exempt') return taking
  }
  return undefined
}

/** Whether a rule gets any packet at all: what comes before it, and is certain, leaves it some. */
function isReached(lists: readonly RuleList[], asked: DeviceRule): boolean {
  return packets.some((packet) => {
    if (!isTaken(asked, packet)) return false
    for (const { rules } of lists) {
      const isOwn = rules.includes(asked)
      const taking = rules.find((one) => one === asked || (one.doubt === undefined && isTaken(one, packet)))
      if (taking === asked) return true
      if (isOwn || (taking && taking.action.kind !== 'exempt')) return false
    }
    return false
  })
}

const lists = fc
  .tuple(fc.array(rule, { maxLength: 4 }), fc.array(rule, { minLength: 1, maxLength: 5 }))
  .map(([first, second]) => [
    listOf('source-nat', first, { name: 'first', priority: 80 }),
    listOf('source-nat', second, { name: 'second' }),
  ])

describe('NAT rules of several lists, against every packet of a /28', () => {
  it('decide as each packet would be decided', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const rules = natRulesOf(sampleDevice({ lists: all })).filter(
          ({ rule: { match } }) => match.out?.names.includes('eth1') ?? true,
        )
        const decision = decide([boxOf(whole, whole)], rules, new Effort())
        for (const packet of packets.filter(({ out }) => out === 'eth1')) {
          const found = decision?.taken.filter(
            ({ box, isCertain }) =>
              isCertain &&
              box.source.has(packet.source) &&
              box.destination.has(packet.destination) &&
              box.protocol.has(packet.protocol),
          )
          const expected = deciding(all, packet)
          expect(found?.map(({ rule: { rule: one } }) => one)).toEqual(expected ? [expected] : [])
        }
      }),
      { numRuns: 150 },
    )
  })

  it('are called dead exactly when no packet reaches them', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const world = gateways({ lists: all.map((list) => numbered(list)) })
        const site = world.sites.get('a')
        const inside = site ? [{ ...site, device: { ...site.device, tunnels: [] } }] : []
        const own = inside[0]?.device.lists ?? []
        const found = rulesAreReached({ ...subjectOf(world), sites: inside }).map(({ message }) => message)
        for (const { name, rules } of own) {
          for (const one of rules) {
            if (one.doubt) continue
            const isDead = found.some((text) => text.startsWith(`${name} rule ${one.number} `))
            // What only repeats an earlier rule is no finding, and what is spared on one interface counts as reached.
            if (isDead) expect(isReached(own, one)).toBe(false)
            else if (!isReached(own, one)) expect(hasTwin(own, one) || isSparedOnOne(own, one)).toBe(true)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('leave the prefixes that the sets leave', () => {
    fc.assert(
      fc.property(block, fc.array(block, { maxLength: 4 }), (prefix, minus) => {
        const set = RangeSet.ofPrefixes(minus)
        const left = withoutSet(prefix, set)
        for (const host of hosts) {
          const isIn = host >= Number(prefix.bits) && host <= Number(prefix.lastBits)
          const isLeft = left.filter(({ bits, lastBits }) => host >= bits && host <= lastBits).length
          expect(isLeft).toBe(isIn && !set.has(host) ? 1 : 0)
        }
        expect(RangeSet.ofPrefixes(prefixesOf(set)).equals(set)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

/** Numbers that no other rule of the list has. */
function numbered(list: RuleList): RuleList {
  return { ...list, rules: list.rules.map((one, at) => ({ ...one, number: at + 1 })) }
}

/** A rule for all interfaces, some of whose packets are exempt on one. */
function isSparedOnOne(all: readonly RuleList[], { match }: DeviceRule): boolean {
  const exemptions = all.flatMap(({ rules }) => rules.filter(({ action: { kind } }) => kind === 'exempt'))
  return match.out === undefined && exemptions.some((one) => one.match.out !== undefined)
}

/** An earlier rule of the same effect. */
function hasTwin(all: readonly RuleList[], one: DeviceRule): boolean {
  const rules = all.flatMap(({ rules: own }) => own)
  const earlier = rules.slice(0, rules.indexOf(one)).filter(({ action: { kind } }) => kind === one.action.kind)
  return one.action.kind !== 'masquerade' && earlier.length > 0
}
