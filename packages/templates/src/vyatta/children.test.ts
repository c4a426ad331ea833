import { describe, expect, it } from 'vitest'
import { type Children, childNamed, listOf, mapped, withChild, withoutChild } from './children.ts'

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
    expect(childNamed(ofNames(count), `n${count}`)).toBeUndefined()
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
