import { describe, expect, it } from 'vitest'
import { splitWords } from './split-words.ts'

describe('splitWords', () => {
  it.each([
    ["set a 'b c' d", ['set', 'a', 'b c', 'd']],
    ['set a "b \\" \\\\ c"', ['set', 'a', 'b " \\ c']],
    ["set 'a' 'b'", ['set', 'a', 'b']],
    ["set a ''", ['set', 'a', '']],
    ["set a 'not closed", ['set', 'a', 'not closed']],
    ['  a\tb\r', ['a', 'b']],
  ])('%j', (line, words) => {
    expect(splitWords(line).map(({ text }) => text)).toEqual(words)
  })
})
