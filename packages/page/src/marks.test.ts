import { describe, expect, it } from 'vitest'
import type { Told } from './answers/told.ts'
import { fixed, fixOf, marksIn } from './marks.ts'

const text = 'version: 1\nsites:\n  a: { subnets: [10.0.1.5/27, fd00::1/64] }\n  b: { subnet: [10.0.1.0/24] }\n'

function told(line: number, column: number | undefined, message: string, hint?: string): Told {
  const place = column === undefined ? { line } : { line, column }
  return {
    code: 'X',
    severity: 'error',
    document: 'natplan.yaml',
    path: '',
    ...place,
    message,
    ...(hint === undefined ? {} : { hint }),
  }
}

const bits = told(3, 18, '10.0.1.5/27 has host bits set', 'write 10.0.1.0/27')

describe('marks', () => {
  it.each([
    ['a value in a list', bits, '10.0.1.5/27'],
    ['a value with colons', told(3, 31, 'x'), 'fd00::1/64'],
    ['a key', told(4, 8, 'x'), 'subnet'],
    ['a line of which no more is known', told(2, undefined, 'x'), 'sites:'],
  ])('are at %s', (_, finding, marked) => {
    expect(marksIn(text, [finding]).map(({ from, to }) => text.slice(from, to))).toEqual([marked])
  })

  it.each([
    ['no line', { ...bits, line: undefined } as unknown as Told],
    ['a line that the text has not', told(40, 1, 'x')],
    ['an empty line', told(5, 1, 'x')],
  ])('are nowhere for %s', (_, finding) => {
    expect(marksIn(text, [finding])).toEqual([])
  })

  it('do not overlap', () => {
    expect(marksIn(text, [told(3, undefined, 'x'), bits])).toHaveLength(1)
  })
})

describe('fixes', () => {
  it.each([
    ['a value', bits, '10.0.1.0/27, fd00'],
    ['a key', told(4, 8, '"subnet" is not known', 'did you mean subnets?'), 'b: { subnets: ['],
  ])('replace %s', (_, finding, expected) => {
    const fix = fixOf(text, finding)
    expect(fix && fixed(text, fix)).toContain(expected)
  })

  it.each([
    ['a hint that says more', { ...bits, hint: 'write 10.0.1.0/27 or another one' }],
    ['what the message does not speak of', { ...bits, message: 'something is wrong' }],
    ['a place that is not known', told(3, undefined, '10.0.1.5/27', 'write 10.0.1.0/27')],
    ['no hint', told(3, 18, '10.0.1.5/27 has host bits set')],
  ])('are not made of %s', (_, finding) => {
    expect(fixOf(text, finding)).toBeUndefined()
  })
})
