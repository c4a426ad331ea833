import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Asking, Candidates } from '../../packages/core/src/match/candidates.ts'
import { type FlowBox, type Packet, packetIn } from '../../packages/core/src/match/packet.ts'
import type { PacketMatch } from '../../packages/core/src/match/packet-match.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { takes } from '../../packages/core/src/match/takes.ts'

/** All addresses are below 32, so that ranges cut each other in every way. */
const few = { first: 0, last: 31 }
const none = { first: 0, last: 0 }
const box: FlowBox = { source: few, destination: few, protocol: none, sourcePort: none, destinationPort: none }
const passage = { in: undefined, out: undefined, isEncrypting: false }

const sets: fc.Arbitrary<RangeSet> = fc.tuple(fc.nat(31), fc.nat(6), fc.nat(9)).map(([first, more, odd]) => {
  const set = RangeSet.of([{ first, last: first + more }])
  return odd === 0 ? set.complementIn({ first: 0, last: 2 ** 32 - 1 }) : set
})

const matches: fc.Arbitrary<PacketMatch> = fc.oneof(
  fc.constant({}),
  sets.map((source) => ({ source })),
  sets.map((destination) => ({ destination })),
  fc.tuple(sets, sets).map(([source, destination]) => ({ source, destination })),
)

const lists: fc.Arbitrary<Asking<number>[]> = fc
  .array(matches, { minLength: 10, maxLength: 60 })
  .map((all) => all.map((match, item) => ({ item, match })))

function packetAt(source: number, destination: number): Packet {
  return packetIn(box, { source, destination, protocol: 0, sourcePort: 0, destinationPort: 0 })
}

test('leave every item that takes the packet, in order, and the same ones to all packets of the room', () => {
  fc.assert(
    fc.property(lists, fc.nat(31), fc.nat(31), (asking, source, destination) => {
      const candidates = new Candidates(asking)
      const taking = (list: readonly Asking<number>[], one: number, other: number) =>
        list.filter(({ match }) => takes(match, packetAt(one, other), passage) === 'yes').map(({ item }) => item)
      const packet = packetAt(source, destination)
      const left = candidates.of(packet)
      expect(taking(left, source, destination)).toEqual(taking(asking, source, destination))
      for (const field of ['source', 'destination'] as const) {
        const { first, last } = packet[field].room ?? few
        for (let value = Number(first); value <= Number(last); value++) {
          const other = field === 'source' ? packetAt(value, destination) : packetAt(source, value)
          expect(candidates.of(other)).toEqual(left)
        }
      }
    }),
  )
})

test('asks few of many', () => {
  const all = Array.from({ length: 1000 }, (_, item) => ({
    item,
    match: { destination: RangeSet.ofValues([item]) },
  }))
  expect(new Candidates(all).of(packetAt(0, 7)).map(({ item }) => item)).toEqual([7])
})
