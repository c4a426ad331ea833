import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Prefix } from '../../packages/core/src/address/prefix.ts'
import { LongestPrefix } from '../../packages/core/src/match/longest-prefix.ts'
import { canMeet } from '../../packages/core/src/match/meets.ts'
import { type FlowBox, type Packet, packetIn } from '../../packages/core/src/match/packet.ts'
import {
  type InterfaceMatch,
  type PacketField,
  type PacketMatch,
  packetFields,
} from '../../packages/core/src/match/packet-match.ts'
import { isWithinBlock, prefixOf } from '../../packages/core/src/match/prefix-of.ts'
import type { Range } from '../../packages/core/src/match/range.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { type Passage, takes } from '../../packages/core/src/match/takes.ts'
import { Tracked } from '../../packages/core/src/match/tracked.ts'

/** All 16 addresses of 10.0.0.0/28, in which everything happens. */
const base = 0x0a_00_00_00
const universe: Range = { first: base, last: base + 15 }
const addresses = Array.from({ length: 16 }, (_, at) => base + at)

const ranges: fc.Arbitrary<Range> = fc
  .tuple(fc.nat(15), fc.nat(15))
  .map(([one, other]) => ({ first: base + Math.min(one, other), last: base + Math.max(one, other) }))
const rangeLists = fc.array(ranges, { maxLength: 4 })
const sets = rangeLists.map((list) => RangeSet.of(list))

function members(set: RangeSet): number[] {
  return addresses.filter((address) => set.ranges.some(({ first, last }) => address >= first && address <= last))
}

describe('a set of numbers', () => {
  test('holds what its ranges hold, in as few ranges as can be', () => {
    fc.assert(
      fc.property(rangeLists, (list) => {
        const set = RangeSet.of(list)
        const held = addresses.filter((one) => list.some(({ first, last }) => one >= first && one <= last))
        expect(members(set)).toEqual(held)
        expect(addresses.filter((one) => set.has(one))).toEqual(held)
        const starts = held.filter((one) => !held.includes(one - 1))
        expect(set.ranges.map(({ first }) => first)).toEqual(starts)
        expect(set.isEmpty).toBe(held.length === 0)
      }),
    )
  })

  test('is joined, cut and compared member by member', () => {
    fc.assert(
      fc.property(sets, sets, ranges, (a, b, range) => {
        const [ours, theirs] = [members(a), members(b)]
        expect(members(a.union(b))).toEqual(addresses.filter((one) => ours.includes(one) || theirs.includes(one)))
        expect(members(a.intersect(b))).toEqual(ours.filter((one) => theirs.includes(one)))
        expect(members(a.subtract(b))).toEqual(ours.filter((one) => !theirs.includes(one)))
        expect(members(a.complementIn(universe))).toEqual(addresses.filter((one) => !ours.includes(one)))
        expect(a.includes(b)).toBe(theirs.every((one) => ours.includes(one)))
        expect(a.overlaps(b)).toBe(theirs.some((one) => ours.includes(one)))
        expect(a.equals(b)).toBe(ours.join() === theirs.join())
        const inRange = addresses.filter((one) => one >= range.first && one <= range.last)
        expect(a.covers(range)).toBe(inRange.every((one) => ours.includes(one)))
        expect(a.meets(range)).toBe(inRange.some((one) => ours.includes(one)))
      }),
    )
  })

  test('knows how far an answer goes', () => {
    fc.assert(
      fc.property(sets, fc.constantFrom(...addresses), (set, value) => {
        const { isInside, first, last } = set.stretchAround(value)
        const alike = addresses.filter(
          (one) => (first === undefined || one >= first) && (last === undefined || one <= last),
        )
        expect(alike.every((one) => set.has(one) === isInside)).toBe(true)
        for (const next of [Number(alike[0]) - 1, Number(alike.at(-1)) + 1]) {
          if (addresses.includes(next)) expect(set.has(next)).toBe(!isInside)
        }
      }),
    )
  })

  test('is a prefix when its members are those of one', () => {
    const prefixes = Array.from({ length: 5 }, (_, at) => 28 + at).flatMap((length) =>
      addresses.map((bits) => Prefix.fromBits(bits, length)),
    )
    fc.assert(
      fc.property(sets, fc.integer({ min: 28, max: 32 }), (set, length) => {
        const held = members(set).join()
        const same = prefixes.find(
          (prefix) => addresses.filter((one) => one >= prefix.bits && one <= prefix.lastBits).join() === held,
        )
        expect(prefixOf(set)?.toString()).toBe(set.isEmpty ? undefined : same?.toString())
        const blocks = new Set(members(set).map((bits) => Prefix.fromBits(bits, length).toString()))
        expect(isWithinBlock(set, base, length)).toBe(blocks.size === 1)
      }),
    )
  })

  test('keeps the two families apart', () => {
    const both = RangeSet.ofPrefixes([Prefix.parse('10.0.0.0/28'), Prefix.parse('2001:db8::/64')])
    expect(both.has(Prefix.parse('2001:db8::/64').bits)).toBe(true)
    expect(both.overlaps(RangeSet.of([{ first: 0n, last: 5n }]))).toBe(false)
    expect(both.ranges).toHaveLength(2)
  })
})

describe('the longest prefix', () => {
  const prefixes = fc
    .tuple(fc.constantFrom(...addresses), fc.integer({ min: 28, max: 32 }))
    .map(([bits, length]) => ({ prefix: Prefix.fromBits(bits, length) }))

  test('is the one that a look at all of them finds, and holds for the whole room', () => {
    fc.assert(
      fc.property(fc.array(prefixes, { maxLength: 6 }), fc.constantFrom(...addresses), (entries, value) => {
        const table = new LongestPrefix(entries)
        const slow = (address: number) =>
          entries
            .filter(({ prefix }) => address >= prefix.bits && address <= prefix.lastBits)
            .sort((a, b) => b.prefix.length - a.prefix.length)[0]
        const field = Tracked.of(value, universe)
        expect(table.of(field)).toBe(slow(value))
        expect(table.at(value)).toBe(slow(value))
        const { first, last } = field.room ?? universe
        for (const one of addresses.filter((address) => address >= first && address <= last)) {
          expect(slow(one)).toBe(slow(value))
        }
      }),
    )
  })
})

const questions = fc.array(
  fc.oneof(
    ranges.map((range) => (field: Tracked) => field.isIn(range)),
    sets.map((set) => (field: Tracked) => field.isMember(set)),
  ),
  { maxLength: 4 },
)

const changes = fc.array(
  fc.oneof(
    fc.constantFrom(-3, 5).map((distance) => (field: Tracked) => field.moved(distance)),
    fc.tuple(fc.constantFrom(...addresses), fc.integer({ min: 29, max: 31 })).map(([bits, length]) => {
      const { bits: first } = Prefix.fromBits(bits, length)
      return (field: Tracked) => field.folded(first, length)
    }),
  ),
  { maxLength: 3 },
)

describe('a field that remembers', () => {
  test('has room for values only that change alike and answer every question alike', () => {
    fc.assert(
      fc.property(fc.constantFrom(...addresses), changes, questions, questions, (value, changed, before, after) => {
        const follow = (field: Tracked) => {
          const early = before.map((ask) => ask(field))
          const last = changed.reduce((one, change) => change(one), field)
          return [...early, ...after.map((ask) => ask(last))].join()
        }
        const field = Tracked.of(value, universe)
        const answers = follow(field)
        const { first, last } = field.room ?? universe
        expect(value >= first && value <= last).toBe(true)
        for (const one of addresses.filter((address) => address >= first && address <= last)) {
          expect(follow(Tracked.of(one, { first: one, last: one }))).toBe(answers)
        }
      }),
    )
  })

  test('tells when a question splits what nobody knows', () => {
    fc.assert(
      fc.property(ranges, sets, (range, set) => {
        let wasSplit = false
        const field = Tracked.anyOf(range, range.first, () => {
          wasSplit = true
        })
        field.isMember(set)
        const inRange = addresses.filter((one) => one >= range.first && one <= range.last)
        expect(wasSplit).toBe(new Set(inRange.map((one) => set.has(one))).size > 1)
        expect(field.room).toBeUndefined()
      }),
    )
  })
})

const protocols = [1, 6, 17, 50, 132]
const ports = [79, 80, 443]

const valueSets = (values: readonly number[], all: Range) =>
  fc.option(
    fc
      .tuple(fc.subarray([...values], { minLength: 1 }), fc.boolean())
      .map(([some, negated]) => (negated ? RangeSet.ofValues(some).complementIn(all) : RangeSet.ofValues(some))),
    { nil: undefined },
  )

const names = ['eth0', 'eth1', 'ppp0']
const interfaceMatches: fc.Arbitrary<InterfaceMatch | undefined> = fc.option(
  fc.record({
    names: fc.subarray(['eth0', 'eth*', 'ppp+', 'eth1'], { minLength: 1, maxLength: 2 }),
    negated: fc.boolean(),
  }),
  { nil: undefined },
)

const matches: fc.Arbitrary<PacketMatch> = fc
  .record({
    source: fc.option(sets, { nil: undefined }),
    destination: fc.option(sets, { nil: undefined }),
    protocol: valueSets(protocols, { first: 0, last: 255 }),
    sourcePort: valueSets(ports, { first: 0, last: 65_535 }),
    destinationPort: valueSets(ports, { first: 0, last: 65_535 }),
    in: interfaceMatches,
    out: interfaceMatches,
    states: fc.option(fc.subarray(['new', 'established'] as const, { minLength: 1 }), { nil: undefined }),
    arrived: fc.constantFrom(undefined, undefined, 'encrypted' as const, 'clear' as const),
    leaving: fc.constantFrom(undefined, undefined, 'encrypted' as const, 'clear' as const),
  })
  .map((match) => Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined)))

interface Asked {
  readonly numbers: Readonly<Record<PacketField, number>>
  readonly in: string
  readonly out: string
  readonly state: 'new' | 'established'
  readonly isDecrypted: boolean
  readonly isEncrypting: boolean
}

const asked: fc.Arbitrary<Asked> = fc.record({
  numbers: fc.record({
    source: fc.constantFrom(...addresses),
    destination: fc.constantFrom(...addresses),
    protocol: fc.constantFrom(...protocols),
    sourcePort: fc.constantFrom(...ports),
    destinationPort: fc.constantFrom(...ports),
  }),
  in: fc.constantFrom(...names),
  out: fc.constantFrom(...names),
  state: fc.constantFrom('new' as const, 'established' as const),
  isDecrypted: fc.boolean(),
  isEncrypting: fc.boolean(),
})

const whole: FlowBox = {
  source: universe,
  destination: universe,
  protocol: { first: 0, last: 255 },
  sourcePort: { first: 0, last: 65_535 },
  destinationPort: { first: 0, last: 65_535 },
}

function packetOf({ numbers, state, isDecrypted }: Asked, box: FlowBox): Packet {
  return { ...packetIn(box, numbers), state, isDecrypted }
}

function passageOf({ in: incoming, out, isEncrypting }: Asked): Passage {
  return { in: { name: incoming, isNot: [] }, out: { name: out, isNot: [] }, isEncrypting }
}

/** The same question, asked in the plainest way. */
function slowlyTakes(match: PacketMatch, one: Asked): boolean {
  const isMember = (field: PacketField) =>
    match[field]?.ranges.some(({ first, last }) => one.numbers[field] >= first && one.numbers[field] <= last) ?? true
  const hasPorts = [6, 17, 33, 132, 136].includes(one.numbers.protocol)
  const asksPorts = match.sourcePort !== undefined || match.destinationPort !== undefined
  const isOn = (wanted: InterfaceMatch | undefined, name: string) => {
    if (!wanted) return true
    const isOneOf = wanted.names.some((written) => {
      const begins = written.endsWith('*') || written.endsWith('+')
      return begins ? name.startsWith(written.slice(0, -1)) : name === written
    })
    return isOneOf !== wanted.negated
  }
  return (
    packetFields.every(isMember) &&
    (hasPorts || !asksPorts) &&
    isOn(match.in, one.in) &&
    isOn(match.out, one.out) &&
    (match.states?.includes(one.state) ?? true) &&
    (match.arrived === undefined || (match.arrived === 'encrypted') === one.isDecrypted) &&
    (match.leaving === undefined || (match.leaving === 'encrypted') === one.isEncrypting)
  )
}

describe('what a rule asks', () => {
  test('is answered as the plain question is, and alike in the whole room', () => {
    fc.assert(
      fc.property(matches, asked, (match, one) => {
        const packet = packetOf(one, whole)
        expect(takes(match, packet, passageOf(one))).toBe(slowlyTakes(match, one) ? 'yes' : 'no')
        for (const field of packetFields) {
          const { first, last } = packet[field].room ?? whole[field]
          const tried = field === 'protocol' ? protocols : field.endsWith('Port') ? ports : addresses
          for (const value of tried.filter((other) => other >= first && other <= last)) {
            const other = { ...one, numbers: { ...one.numbers, [field]: value } }
            expect(slowlyTakes(match, other)).toBe(slowlyTakes(match, one))
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('is open where the interface is not known or something else is asked', () => {
    const packet = packetIn(whole, { source: base, destination: base, protocol: 6, sourcePort: 1, destinationPort: 2 })
    const inside: Passage = { in: { name: undefined, isNot: ['eth1'] }, out: undefined, isEncrypting: false }
    const on = (name: string, negated = false): PacketMatch => ({ in: { names: [name], negated } })
    expect(takes(on('eth0'), packet, inside)).toBe('maybe')
    expect(takes(on('eth1'), packet, inside)).toBe('no')
    expect(takes(on('eth1', true), packet, inside)).toBe('yes')
    expect(takes({ unknown: 'a limit' }, packet, inside)).toBe('maybe')
    expect(takes({ unknown: 'a limit', source: RangeSet.empty }, packet, inside)).toBe('no')
  })

  test('can meet what some packet meets as well', () => {
    fc.assert(
      fc.property(matches, matches, asked, (one, other, packet) => {
        if (slowlyTakes(one, packet) && slowlyTakes(other, packet)) expect(canMeet(one, other)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('cannot meet what is apart in one thing', () => {
    const set = (value: number) => RangeSet.ofValues([value])
    for (const field of packetFields) {
      expect(canMeet({ [field]: set(1) }, { [field]: set(2) })).toBe(false)
      expect(canMeet({ [field]: set(1) }, { [field]: set(1) })).toBe(true)
    }
    const on = (name: string, negated = false) => ({ in: { names: [name], negated } })
    expect(canMeet(on('eth0'), on('eth0', true))).toBe(false)
    expect(canMeet(on('eth*'), on('eth0', true))).toBe(true)
    expect(canMeet({ arrived: 'clear' }, { arrived: 'encrypted' })).toBe(false)
    expect(canMeet({ states: ['new'] }, { states: ['established'] })).toBe(false)
  })
})
