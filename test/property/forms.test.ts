import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { fits } from '../../packages/core/src/network/fits.ts'
import { type Form, formOf } from '../../packages/core/src/network/form.ts'
import { lockForm, networkForm } from '../../packages/core/src/network/forms.ts'
import { lockSchema, networkSchema } from '../../packages/core/src/network/schemas.ts'
import { Random } from '../fuzz/random.ts'
import { rightPlan } from '../support/mistakes.ts'

/** Texts of which each form has one at least. */
const texts = [
  'eth0',
  '10.0.1.0/24',
  'a.example.net',
  'vfp0',
  '25%',
  'aes256',
  'KEY',
  'keys/{peer}',
  '16Mi',
  'Exists',
  'all',
]
const images = ['busybox:1.36', 'a/b@sha256:12']
const words = [...texts, ...images, '', ' ', 'a'.repeat(300), '__proto__', 'constructor']

class Odd {
  readonly version = 1
}

const strange = [
  null,
  undefined,
  true,
  '',
  0,
  -1,
  1.5,
  Number.NaN,
  2 ** 60,
  [],
  {},
  [[]],
  [undefined],
  new Array(2),
  new Odd(),
  new Date(0),
]

/** A value that has a form, or nearly. */
function madeOf(form: Form, random: Random): unknown {
  if (random.below(150) === 0) return random.one(strange)
  switch (form.is) {
    case 'anything':
      return random.one(strange)
    case 'flag':
      return random.chance(50)
    case 'text': {
      const fitting = words.filter((word) => form.shapes?.every((shape) => new RegExp(shape).test(word)) ?? true)
      return random.one(random.chance(98) ? fitting : words)
    }
    case 'whole': {
      const { from = -3, to = from + 9 } = form
      return random.one([from, to, from + random.below(to - from), ...(random.chance(5) ? [from - 1, to + 1] : [])])
    }
    case 'word':
      return random.one(form.of)
    case 'list': {
      const { from = 0, to = from + 2 } = form
      const length = from + random.below(to - from + 1) + (random.chance(2) ? 1 : 0)
      return Array.from({ length }, () => madeOf(form.of, random))
    }
    case 'keys': {
      const keys = Object.entries(form.of).filter(([key]) => random.chance(form.must.includes(key) ? 99 : 30))
      const extra = random.below(60) === 0 ? [[random.one(words), random.one(strange)]] : []
      return ofEntries([...keys.map(([key, one]) => [key, madeOf(one, random)] as const), ...extra])
    }
    case 'mapping':
      return ofEntries(
        Array.from({ length: random.below(3) }, () => [madeOf(form.keys, random), madeOf(form.of, random)]),
      )
    case 'either':
      return madeOf(random.one(form.of), random)
  }
}

/** As JSON is read: a key may be called like what every object has. */
function ofEntries(entries: readonly (readonly unknown[])[]): object {
  return Object.fromEntries(entries)
}

/** As a document is read: JSON says all that it is. */
function isAsRead(value: unknown): boolean {
  const text = JSON.stringify(value) ?? ''
  return text !== '' && !text.includes('__proto__') && isDeepStrictEqual(JSON.parse(text), value)
}

describe('forms', () => {
  it.each([
    ['plans', networkForm, networkSchema(), 6000],
    ['locks', lockForm, lockSchema(), 3000],
  ] as const)('of %s fit what the schema takes as it is, and nothing else', (_, form, schema, rounds) => {
    const random = new Random(1)
    let taken = 0
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      const value = madeOf(form, random)
      const read = schema.safeParse(value)
      const isFit = fits(form, value)
      if (isFit) expect(isDeepStrictEqual(read.data, value), JSON.stringify(value)).toBe(true)
      else if (read.success) expect(isAsRead(value), JSON.stringify(value)).toBe(false)
      if (read.success) taken++
      else refused++
    }
    expect(Math.min(taken, refused)).toBeGreaterThan(rounds / 20)
  })

  it('fit a plan with everything', () => {
    expect(fits(networkForm, rightPlan())).toBe(true)
  })

  it('are not made of a schema that says what no form can', () => {
    for (const schema of [
      z.number(),
      z.string().check(z.maxLength(3)),
      z.int().check(z.gt(3)),
      z.date(),
      z.string().check(z.regex(/a/i)),
    ])
      expect(() => formOf(schema)).toThrow('no form can say')
    expect(() => formOf(z.array(z.string()).check(z.maxLength(3)))).toThrow('no form can say')
    expect(() => formOf(z.union([z.string(), z.int()]).check(z.refine(() => true)))).toThrow('no form can say')
  })
})
