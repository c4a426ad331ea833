import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Box,
  boxOf,
  covers,
  Effort,
  intersect,
  meet,
  subtract,
  subtractAll,
  subtractFromAll,
} from '../../packages/core/src/match/box.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { BoxIndex } from '../../packages/core/src/verify/box-index.ts'

/** A universe in which everything meets: 8 addresses, 4 ports; a field is any set of them. */
function members(last: number) {
  return fc.uniqueArray(fc.integer({ min: 0, max: last }), { minLength: 1 }).map((values) => RangeSet.ofValues(values))
}

const whole = boxOf(RangeSet.empty, RangeSet.empty)

const box: fc.Arbitrary<Box> = fc
  .record({ source: members(7), destination: members(7), destinationPort: members(3) })
  .map((fields) => ({ ...whole, ...fields }))

function valuesOf({ ranges }: RangeSet): number[] {
  return ranges.flatMap(({ first, last }) => {
    const values: number[] = []
    for (let value = Number(first); value <= Number(last); value++) values.push(value)
    return values
  })
}

/** Every packet of a box, one by one. */
function packetsOf({ source, destination, destinationPort }: Box): string[] {
  const ports = valuesOf(destinationPort)
  return valuesOf(source).flatMap((from) =>
    valuesOf(destination).flatMap((to) => ports.map((port) => `${from} ${to} ${port}`)),
  )
}

function allOf(boxes: readonly Box[]): string[] {
  return boxes.flatMap(packetsOf).sort()
}

describe('boxes, against every packet of a small universe', () => {
  it('share what both hold', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const theirs = new Set(packetsOf(b))
        const both = packetsOf(a).filter((packet) => theirs.has(packet))
        const shared = intersect(a, b)
        expect(shared ? packetsOf(shared).sort() : []).toEqual(both.sort())
        expect(meet(a, b)).toBe(both.length > 0)
        expect(covers(a, b)).toBe(packetsOf(b).every((packet) => packetsOf(a).includes(packet)))
      }),
      { numRuns: 300 },
    )
  })

  it('leave what the others do not hold, in pieces that do not meet', () => {
    fc.assert(
      fc.property(box, fc.array(box, { maxLength: 5 }), (a, others) => {
        const taken = new Set(others.flatMap(packetsOf))
        const left = packetsOf(a)
          .filter((packet) => !taken.has(packet))
          .sort()
        const found = subtractAll(a, others)
        expect(found && allOf(found)).toEqual(left)
        expect(allOf(subtractFromAll([a], others, new Effort()) ?? [])).toEqual(left)
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
    const ipv4 = boxOf(RangeSet.of([{ first: 0, last: 7 }]), RangeSet.of([{ first: 0, last: 7 }]))
    const ipv6 = boxOf(RangeSet.of([{ first: 0n, last: 7n }]), RangeSet.of([{ first: 0n, last: 7n }]))
    expect(intersect(ipv4, ipv6)).toBeUndefined()
    expect(subtract(ipv4, ipv6)).toEqual([ipv4])
    expect(new BoxIndex([{ box: ipv4, value: 'ipv4' }]).meeting(ipv6)).toEqual([])
  })
})

describe('what is left of a box', () => {
  const everything = boxOf(RangeSet.of([{ first: 0, last: 255 }]), RangeSet.of([{ first: 0, last: 255 }]))
  const diagonal = Array.from({ length: 64 }, (_, at) => ({
    ...everything,
    source: RangeSet.ofValues([at]),
    destination: RangeSet.ofValues([at]),
  }))

  it('is known as long as there is effort for every piece', () => {
    expect(subtractAll(everything, diagonal)).toHaveLength(65)
    expect(subtractAll(everything, diagonal, new Effort(3_000))).toHaveLength(65)
  })

  it('is not known when the effort is spent', () => {
    expect(subtractAll(everything, diagonal, new Effort(1_000))).toBeUndefined()
    expect(subtractFromAll([everything, everything], diagonal, new Effort(3_000))).toBeUndefined()
  })

  it('costs nothing once nothing is left', () => {
    expect(subtractAll(everything, [everything, ...diagonal], new Effort(1))).toEqual([])
  })
})
