import { describe, expect, it } from 'vitest'
import { bears, markOf, readMarks, sameMarks, writeMarks } from './file-marks.ts'

describe('a mark', () => {
  it.each([
    ['a line more', 'a KEY b\nc\nd'],
    ['a line less', 'a KEY b'],
    ['an edit before the key', 'x KEY b\nc'],
    ['an edit behind the key', 'a KEY x\nc'],
    ['an edit on another line', 'a KEY b\nx'],
    ['a line that is too short for what stood around the key', 'a\nc'],
    ['the key on another line', 'c\na KEY b'],
  ])('does not know %s', (_, edited) => {
    const mark = markOf('a KEY b\nc', ['KEY'])
    expect(bears(Buffer.from('a KEY b\nc'), mark)).toBe(true)
    expect(bears(Buffer.from(edited), mark)).toBe(false)
  })

  it('spans all keys of a line', () => {
    const mark = markOf('a KEY and OTHER b', ['OTHER', 'KEY'])
    expect(mark.gaps).toEqual([[0, 2, 2]])
    expect(bears(Buffer.from('a anything at all b'), mark)).toBe(true)
  })

  it('knows a key in any letters', () => {
    expect(markOf('ä KÖY b', ['KÖY', 'OTHER']).gaps).toEqual([[0, 3, 2]])
  })
})

describe('the list', () => {
  it('is read as it was written', () => {
    const marks = new Map([
      ['a/b', [markOf('x KEY', ['KEY'])]],
      ['c', [markOf('y', []), markOf('z', [])]],
      ['d', []],
    ])
    expect(readMarks(writeMarks(marks))).toEqual(marks)
    expect(sameMarks(readMarks(writeMarks(marks)), marks)).toBe(true)
  })

  it('says nothing of its own files, of hidden files, or of files elsewhere', () => {
    const paths = [
      '.natplan-files.json',
      '.natplan-new/0',
      '/a',
      '../a',
      'a/..',
      'a\\b',
      'a\0b',
      'a/',
      'C:a',
      'a/./b',
      'é'.repeat(128),
      '.git/config',
    ]
    expect(readMarks(JSON.stringify(Object.fromEntries(paths.map((path) => [path, 'x']))))).toEqual(new Map())
    expect([...readMarks('{"a/b..c":"x"}').keys()]).toEqual(['a/b..c'])
  })
})
