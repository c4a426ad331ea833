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
const protocols = { first: 0, last: 20 }
const box: FlowBox = { source: few, destination: few, protocol: protocols, sourcePort: none, destinationPort: few }
const passage = { in: undefined, out: undefined, isEncrypting: false }

const sets: fc.Arbitrary<RangeSet> = fc.tuple(fc.nat(31), fc.nat(6), fc.nat(9)).map(([first, more, odd]) => {
  const set = RangeSet.of([{ first, last: first + more }])
  return odd === 0 ? set.complementIn({ first: 0, last: 2 ** 32 - 1 }) : set
})

const tcpOnly = RangeSet.ofValues([6])

const matches: fc.Arbitrary<PacketMatch> = fc.oneof(
  fc.constant({}),
  sets.map((source) => ({ source })),
  sets.map((destination) => ({ destination })),
  fc.tuple(sets, sets).map(([source, destination]) => ({ source, destination })),
  sets.map((destinationPort) => ({ destinationPort })),
  fc.tuple(sets, sets).map(([source, destinationPort]) => ({ source, destinationPort, protocol: tcpOnly })),
)

const lists: fc.Arbitrary<Asking<number>[]> = fc
  .array(matches, { minLength: 10, maxLength: 60 })
  .map((all) => all.map((match, item) => ({ item, match })))

interface At {
  readonly source: number
  readonly destination: number
  readonly protocol: number
  readonly destinationPort: number
}

function packetAt(at: At): Packet {
  return packetIn(box, { ...at, sourcePort: 0 })
}

const places: fc.Arbitrary<At> = fc.record({
  source: fc.nat(31),
  destination: fc.nat(31),
  protocol: fc.constantFrom(1, 6, 17),
  destinationPort: fc.nat(31),
})

test('leave every item that takes the packet, in order, and the same ones to all packets of the room', () => {
  fc.assert(
    fc.property(lists, places, (asking, at) => {
      const candidates = new Candidates(asking)
      const taking = (list: readonly Asking<number>[]) =>
        list.filter(({ match }) => takes(match, packetAt(at), passage) === 'yes').map(({ item }) => item)
      const packet = packetAt(at)
      const left = candidates.of(packet)
      expect(taking(left)).toEqual(taking(asking))
      for (const field of ['source', 'destination', 'protocol', 'destinationPort'] as const) {
        const { first, last } = packet[field].room ?? few
        for (let value = Number(first); value <= Number(last); value++) {
          expect(candidates.of(packetAt({ ...at, [field]: value }))).toEqual(left)
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
  expect(
    new Candidates(all)
      .of(packetAt({ source: 0, destination: 7, protocol: 6, destinationPort: 0 }))
      .map(({ item }) => item),
  ).toEqual([7])
})
