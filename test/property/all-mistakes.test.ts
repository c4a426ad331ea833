import {
  emptyLock,
  type Finding,
  formatPath,
  hasErrors,
  type Path,
  planNetwork,
  planProblems,
  readNetwork,
} from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Draft, type Mistake, mistakes, rightPlan } from '../support/mistakes.ts'

function problemsOf(draft: unknown): string[] {
  const { partial, findings } = readNetwork(draft)
  return [...findings, ...planProblems(partial, emptyLock)].map(textOf).sort()
}

function isError({ severity }: Finding): boolean {
  return severity === 'error'
}

function textOf({ code, place }: Pick<Finding, 'code' | 'place'>): string {
  return `${code} ${formatPath(place.path)}`
}

/** The same plan once more, with defaults that nothing has, so that it is read with them. */
const beside = { nothing: {}, defaults: { defaults: { gateway: { interfaceBase: 50 }, tunnel: { start: 'trap' } } } }

function spoilt(made: readonly Mistake[], more: object = {}): unknown {
  const draft: Draft = { ...rightPlan(), ...more }
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

/** The paths of everything that stands in a document. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const steps = children.map(([key, child]) => [Array.isArray(value) ? Number(key) : key, child] as const)
  return [path, ...steps.flatMap(([key, child]) => pathsIn(child, [...path, key]))]
}

function withValue(document: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof document !== 'object' || document === null) return document
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Draft
  copy[step] = withValue(copy[step], rest, value)
  return copy
}

const places = pathsIn({ ...rightPlan(), ...beside.defaults })
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('10.0.1.0/24', '10.0.0.0/8', '::/0', '203.0.113.1', 'site0', 'site1', 'never', ''),
  fc
    .constantFrom(...places)
    .map((path) => path.reduce<unknown>((at, step) => (at as Draft)[step], { ...rightPlan(), ...beside.defaults })),
)

describe('what is wrong with a plan file', () => {
  it('is nothing when it is right', () => {
    const { value } = readNetwork(rightPlan())
    expect(problemsOf(rightPlan())).toEqual([])
    expect(value).toBeDefined()
  })

  it.each(all.map((one) => [`${one.code} ${formatPath(one.path)}`, one] as const))('is told alone: %s', (name, one) => {
    expect(problemsOf(spoilt([one]))).toEqual([name])
    expect(problemsOf(spoilt([one], beside.defaults))).toEqual([name])
  })

  it('is told, and never ends in a crash, whatever stands where', () => {
    const edits = fc.array(fc.tuple(fc.constantFrom(...places), anything), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(edits, fc.constantFrom(...Object.values(beside)), (made, more) => {
        const whole = { ...rightPlan(), ...more }
        const draft = made.reduce<unknown>((document, [path, value]) => withValue(document, path, value), whole)
        const { value, findings, partial } = readNetwork(draft)
        expect(value === undefined).toBe(hasErrors(findings))
        if (value) expect(planProblems(partial, emptyLock)).toEqual(planNetwork(value).findings.filter(isError))
        else planProblems(partial, emptyLock)
      }),
      { numRuns: 300 },
    )
  })

  it('is told of every layer at once, and nothing that only follows from it', () => {
    const several = fc
      .uniqueArray(fc.integer({ min: 0, max: all.length - 1 }), { minLength: 2, maxLength: 5 })
      .map((chosen) => chosen.flatMap((index) => all[index] ?? []))
      .filter(areApart)
    fc.assert(
      fc.property(several, fc.constantFrom(...Object.values(beside)), (made, more) => {
        expect(problemsOf(spoilt(made, more))).toEqual(namesOf(made))
      }),
      { numRuns: 600 },
    )
  })
})
