import { describe, expect, it } from 'vitest'
import {
  type Children,
  childNamed,
  indexed,
  isBehind,
  lastOf,
  listOf,
  mapped,
  withChild,
  withoutChild,
} from './children.ts'

interface One {
  readonly name: string
  readonly value: number
}

const one = (at: number, value = at): One => ({ name: `n${at}`, value })

function ofNames(count: number): Children<One> {
  return Array.from({ length: count }, (_, at) => one(at)).reduce<Children<One>>(withChild, undefined)
}

describe.each([1, 2, 8, 9, 40])('%d children', (count) => {
  const last = `n${count - 1}`

  it('are found by name, in the order in which they came', () => {
    expect(listOf(ofNames(count))).toEqual(Array.from({ length: count }, (_, at) => one(at)))
    expect(childNamed(ofNames(count), last)).toEqual(one(count - 1))
    expect(lastOf(ofNames(count))).toEqual(one(count - 1))
    expect(childNamed(ofNames(count), `n${count}`)).toBeUndefined()
  })

  it('are not behind the last one when they are few', () => {
    expect(isBehind(ofNames(count), `n${count}`)).toBe(count > 8)
  })

  it('keep the place of one that is put there again', () => {
    expect(listOf(withChild(ofNames(count), one(0, -1)))).toEqual([one(0, -1), ...listOf(ofNames(count)).slice(1)])
  })

  it('are without one that is taken away, which comes last when it comes again', () => {
    const without = withoutChild(ofNames(count), 'n0')
    expect(listOf(without)).toEqual(listOf(ofNames(count)).slice(1))
    expect(listOf(withChild(without, one(0))).at(-1)).toEqual(one(0))
  })

  it('are others when something is made of each', () => {
    const made = mapped(ofNames(count), ({ name, value }) => ({ name, value: value + 100 }))
    expect(childNamed(made, last)?.value).toBe(count + 99)
    expect(childNamed(ofNames(count), last)?.value).toBe(count - 1)
  })
})

it('nothing has no child', () => {
  expect([childNamed(undefined, 'n0'), withoutChild(undefined, 'n0'), listOf(undefined)]).toEqual([
    undefined,
    undefined,
    [],
  ])
})

describe('a long list', () => {
  const named = (name: string, value = 0): One => ({ name, value })
  const ordered = Array.from({ length: 300 }, (_, at) => named(`10.0.${at}.0/24`, at))
  const inOrder = () => ordered.reduce<Children<One>>(withChild, undefined)

  it('is kept as one while names come in natural order, and finds each', () => {
    expect(Array.isArray(inOrder())).toBe(true)
    for (const one of ordered) expect(childNamed(inOrder(), one.name)).toBe(one)
    for (const name of ['10.0.0.0/23', '10.0.1.1/24', '10.0.300.0/24', '10.0.0', ''])
      expect(childNamed(inOrder(), name)).toBeUndefined()
  })

  it.each(['10.0.7.0/24', '10.0.299.0/24', '10.0.0.0/16', 'a'])('is as good when %s comes next', (name) => {
    const last = named(name, -1)
    const children = withChild(inOrder(), last)
    expect(childNamed(children, name)).toBe(last)
    const others = ordered.filter((one) => one.name !== name)
    expect(listOf(children).filter((one) => one !== last)).toEqual(others)
    for (const one of others) expect(childNamed(children, one.name)).toBe(one)
  })

  it('becomes a table when it grows anywhere but at its end', () => {
    for (const name of ['10.0.5.0/24', '10.0.5.1/24', '']) {
      expect(isBehind(inOrder(), name)).toBe(false)
      expect(indexed(inOrder(), name)).toBeInstanceOf(Map)
      expect(listOf(indexed(inOrder(), name))).toEqual(ordered)
    }
    expect(isBehind(inOrder(), '10.0.299.0/24')).toBe(false)
    expect(Array.isArray(indexed(inOrder(), '10.0.299.0/24'))).toBe(true)
    expect(isBehind(inOrder(), '10.0.300.0/24')).toBe(true)
  })

  it('that begins with few in another order finds each', () => {
    const all = [7, 3, 5, 1, 2, 4, 6, 8, 9, 10, 11].map((at) => one(at))
    const children = all.reduce<Children<One>>(withChild, undefined)
    expect(listOf(children)).toEqual(all)
    expect(all.map(({ name }) => childNamed(children, name))).toEqual(all)
  })

  it('of names in any other order is a table', () => {
    const turned = ordered.toReversed()
    const children = turned.reduce<Children<One>>(withChild, undefined)
    expect(children).toBeInstanceOf(Map)
    expect(listOf(children)).toEqual(turned)
  })
})
