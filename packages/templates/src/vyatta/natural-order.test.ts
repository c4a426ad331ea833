import { expect, it } from 'vitest'
import { compareNatural } from './natural-order.ts'

/** The same by parts, as it would be written without thinking of speed. */
function compareParts(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? []
  const [left, right] = [parts(a), parts(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index] ?? '', right[index] ?? '']
    if (one === other) continue
    const areNumbers = /^\d/.test(one) && /^\d/.test(other)
    if (areNumbers && BigInt(one) !== BigInt(other)) return BigInt(one) < BigInt(other) ? -1 : 1
    return one < other ? -1 : 1
  }
  return 0
}

it.each([
  ['eth9', 'eth10'],
  ['10.0.0.2/31', '10.0.0.10/31'],
  ['10.0.0.0/8', '10.0.0.0/16'],
  ['office', 'office2'],
  ['office2', 'office-b'],
  ['007', '8'],
  ['7', '12345678901234567890123'],
  ['01', '1'],
  ['', '0'],
  ['-', '0'],
  ['a1', 'b'],
])('%s comes before %s', (one, other) => {
  expect(compareNatural(one, other)).toBeLessThan(0)
  expect(Math.sign(compareNatural(one, other))).toBe(compareParts(one, other))
  expect(Math.sign(compareNatural(other, one))).toBe(compareParts(other, one))
  expect(compareNatural(one, one)).toBe(0)
})

it('orders all short texts as comparing part by part does', () => {
  let texts = ['']
  for (let length = 0; length < 4; length++)
    texts = [...new Set(texts.flatMap((text) => [text, ...[...'019a-'].map((character) => text + character)]))]
  const wrong = texts.flatMap((a) => texts.filter((b) => Math.sign(compareNatural(a, b)) !== compareParts(a, b)))
  expect([texts.length, wrong]).toEqual([781, []])
})
