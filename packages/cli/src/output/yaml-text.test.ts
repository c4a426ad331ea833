import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { yamlText } from './yaml-text.ts'

const things = [
  'a',
  1,
  null,
  true,
  '',
  ' blank ',
  'yes',
  '- a',
  'two\nlines\n',
  'line\n\nand another',
  '  indented\n lines',
  [],
  {},
  [1, [2, []]],
  { a: [], b: { c: 'x' } },
  { text: 'a\nb', list: ['c\nd', { e: [1] }] },
]

it.each([
  { schemaVersion: 1, things, none: [], nothing: {}, one: { things }, text: 'a\nb\n', 'a key: b': [1] },
  {},
  { things: [things, [things]] },
  { left: undefined, things: [{ a: undefined, b: 1 }] },
  [things],
])('is what the whole is at once: %#', (document) => {
  const whole = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
  expect(yamlText(document)).toBe(whole)
  expect(parse(yamlText(document))).toEqual(document)
})

it.each(['\u202e', '\t', '::error::', '\n::error::'])(
  'shows %j wherever it stands, and stays the same document',
  (hidden) => {
    for (const document of [{ a: [`x\n${hidden}`] }, { a: [{ [hidden]: 1 }], b: 2 }, { [hidden]: ['a'] }]) {
      const text = yamlText(document)
      expect(text).not.toMatch(/[\u202e\t]|^\s*::/m)
      expect(parse(text)).toEqual(document)
    }
  },
)
