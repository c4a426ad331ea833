import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Box,
  boxOf,
  covers,
  everyPort,
  everyProtocol,
  intersect,
  subtract,
  subtractAll,
} from '../../packages/core/src/verify/box.ts'
import { BoxIndex } from '../../packages/core/src/verify/box-index.ts'

/** A universe in which everything meets: 8 addresses, 4 ports. */
function range(last: number) {
  return fc
    .tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: last }))
    .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }))
}

const box: fc.Arbitrary<Box> = fc.record({
  source: range(7),
  destination: range(7),
  protocol: fc.constant(everyProtocol),
  sourcePort: fc.constant(everyPort),
  destinationPort: range(3),
})

/** Every packet of a box, one by one. */
function packetsOf({ source, destination, destinationPort }: Box): string[] {
  const packets: string[] = []
  for (let from = Number(source.first); from <= source.last; from++) {
    for (let to = Number(destination.first); to <= destination.last; to++) {
      for (let port = Number(destinationPort.first); port <= destinationPort.last; port++)
        packets.push(`${from} ${to} ${port}`)
    }
  }
  return packets
}

function allOf(boxes: readonly Box[]): string[] {
  return boxes.flatMap(packetsOf).sort()
}

describe('boxes, against every packet of a small universe', () => {
  it('share what both hold', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const theirs = new Set(packetsOf(b))
        const shared = intersect(a, b)
        expect(shared ? packetsOf(shared).sort() : []).toEqual(
          packetsOf(a)
            .filter((packet) => theirs.has(packet))
            .sort(),
        )
        expect(covers(a, b)).toBe(packetsOf(b).every((packet) => packetsOf(a).includes(packet)))
      }),
      { numRuns: 300 },
    )
  })

  it('leave what the other does not hold, in pieces that do not meet', () => {
    fc.assert(
      fc.property(box, fc.array(box, { maxLength: 5 }), (a, others) => {
        const taken = new Set(others.flatMap(packetsOf))
        const left = packetsOf(a)
          .filter((packet) => !taken.has(packet))
          .sort()
        expect(allOf(subtractAll(a, others))).toEqual(left)
      }),
      { numRuns: 300 },
    )
  })

  it('are found by what they meet', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 12 }), box, (boxes, asked) => {
        const index = new BoxIndex(boxes.map((one, value) => ({ box: one, value })))
        const found = index.meeting(asked).map(({ value }) => value)
        const expected = boxes.flatMap((one, value) => (intersect(one, asked) ? [value] : []))
        expect(found.sort((a, b) => a - b)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('of different families share nothing', () => {
    const ipv4 = boxOf({ first: 0, last: 7 }, { first: 0, last: 7 })
    const ipv6 = boxOf({ first: 0n, last: 7n }, { first: 0n, last: 7n })
    expect(intersect(ipv4, ipv6)).toBeUndefined()
    expect(subtract(ipv4, ipv6)).toEqual([ipv4])
    expect(new BoxIndex([{ box: ipv4, value: 'ipv4' }]).meeting(ipv6)).toEqual([])
  })
})
