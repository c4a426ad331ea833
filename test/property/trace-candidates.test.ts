import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Asking, Candidates } from '../../packages/core/src/trace/candidates.ts'
import { type Condition, meetsAll } from '../../packages/core/src/trace/condition.ts'
import { type FlowBox, packetIn } from '../../packages/core/src/trace/packet.ts'

/** All addresses are below 32, so that ranges cut each other in every way. */
const box: FlowBox = {
  source: { first: 0, last: 31 },
  destination: { first: 0, last: 31 },
  sourcePort: { first: 0, last: 0 },
  destinationPort: { first: 0, last: 0 },
}

const condition: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom('source' as const, 'destination' as const), fc.nat(31), fc.nat(6), fc.nat(9))
  .map(([field, first, more, odd]) => ({ field, ranges: [{ first, last: first + more }], negated: odd === 0 }))

const lists: fc.Arbitrary<Asking<number>[]> = fc
  .array(fc.uniqueArray(condition, { maxLength: 2, selector: ({ field }) => field }), { minLength: 10, maxLength: 60 })
  .map((all) => all.map((conditions, item) => ({ item, conditions })))

function packetAt(source: number, destination: number) {
  return packetIn(box, { source, destination, sourcePort: 0, destinationPort: 0 }, 'tcp')
}

test('leave every item that takes the packet, in order, and the same ones to all packets of the room', () => {
  fc.assert(
    fc.property(lists, fc.nat(31), fc.nat(31), (asking, source, destination) => {
      const candidates = new Candidates(asking)
      const taking = (list: readonly Asking<number>[], one: number, other: number) =>
        list.filter(({ conditions }) => meetsAll(packetAt(one, other), conditions)).map(({ item }) => item)
      const packet = packetAt(source, destination)
      const left = candidates.of(packet)
      expect(taking(left, source, destination)).toEqual(taking(asking, source, destination))
      for (let value = Number(packet.source.room?.first); value <= Number(packet.source.room?.last); value++) {
        expect(candidates.of(packetAt(value, destination))).toEqual(left)
      }
      for (
        let value = Number(packet.destination.room?.first);
        value <= Number(packet.destination.room?.last);
        value++
      ) {
        expect(candidates.of(packetAt(source, value))).toEqual(left)
      }
    }),
  )
})
