import { describe, expect, it } from 'vitest'
import { type Children, childNamed, listOf, mapped, withChild, withoutChild } from './children.ts'

function ofNames(count: number): Children<number> {
  return Array.from({ length: count }, (_, at) => at).reduce<Children<number>>(
    (children, at) => withChild(children, `n${at}`, at),
    undefined,
  )
}

describe.each([1, 8, 9, 40])('%d children', (count) => {
  const last = `n${count - 1}`

  it('are found by name, in the order in which they came', () => {
    expect(listOf(ofNames(count)).map(([name]) => name)).toEqual(Array.from({ length: count }, (_, at) => `n${at}`))
    expect(childNamed(ofNames(count), last)).toBe(count - 1)
    expect(childNamed(ofNames(count), `n${count}`)).toBeUndefined()
  })

  it('keep the place of one that is put there again', () => {
    expect(listOf(withChild(ofNames(count), 'n0', -1))).toEqual([['n0', -1], ...listOf(ofNames(count)).slice(1)])
  })

  it('are without one that is taken away, which comes last when it comes again', () => {
    const without = withoutChild(ofNames(count), 'n0')
    expect(listOf(without)).toEqual(listOf(ofNames(count)).slice(1))
    expect(listOf(withChild(without, 'n0', 0)).at(-1)).toEqual(['n0', 0])
  })

  it('are others when something is made of each', () => {
    const made = mapped(ofNames(count), (at) => at + 100)
    expect(childNamed(made, last)).toBe(count + 99)
    expect(childNamed(ofNames(count), last)).toBe(count - 1)
  })
})
