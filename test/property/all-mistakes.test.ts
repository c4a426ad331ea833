import { emptyLock, type Finding, formatPath, planProblems, readNetwork } from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mistake, mistakes, rightPlan } from '../support/mistakes.ts'

function problemsOf(draft: unknown): string[] {
  const { partial, findings } = readNetwork(draft)
  return [...findings, ...planProblems(partial, emptyLock)].map(textOf).sort()
}

function textOf({ code, place }: Pick<Finding, 'code' | 'place'>): string {
  return `${code} ${formatPath(place.path)}`
}

function spoilt(made: readonly Mistake[]): unknown {
  const draft = rightPlan()
  for (const { make } of made) make(draft)
  return draft
}

function namesOf(made: readonly Mistake[]): string[] {
  return made.map(({ code, path }) => `${code} ${formatPath(path)}`).sort()
}

function areApart(made: readonly Mistake[]): boolean {
  const about = made.flatMap((one) => one.about)
  return new Set(about).size === about.length
}

const all = mistakes()

describe('what is wrong with a plan file', () => {
  it('is nothing when it is right', () => {
    const { value } = readNetwork(rightPlan())
    expect(problemsOf(rightPlan())).toEqual([])
    expect(value).toBeDefined()
  })

  it.each(all.map((one) => [`${one.code} ${formatPath(one.path)}`, one] as const))('is told alone: %s', (name, one) => {
    expect(problemsOf(spoilt([one]))).toEqual([name])
  })

  it('is told of every layer at once, and nothing that only follows from it', () => {
    const several = fc
      .uniqueArray(fc.integer({ min: 0, max: all.length - 1 }), { minLength: 2, maxLength: 5 })
      .map((chosen) => chosen.flatMap((index) => all[index] ?? []))
      .filter(areApart)
    fc.assert(
      fc.property(several, (made) => {
        expect(problemsOf(spoilt(made))).toEqual(namesOf(made))
      }),
      { numRuns: 1000 },
    )
  })
})
