import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { readDocument } from './read-document.ts'

const read = (text: string) => readDocument('natplan.yaml', text, 'plan')

describe('readDocument', () => {
  it.each<[string, string, unknown]>([
    ['aliases', 'a: &a [1]\nb: *a\n', { a: [1], b: [1] }],
    ['an anchor set anew', 'a: &a 1\nb: *a\nc: &a 2\nd: *a\n', { a: 1, b: 1, c: 2, d: 2 }],
    [
      'merges, of which what is written wins',
      'a: &a {x: 1, y: 1}\nb: {x: 2, <<: *a}\nc: {<<: *a, y: 3}\n',
      { a: { x: 1, y: 1 }, b: { x: 2, y: 1 }, c: { x: 1, y: 3 } },
    ],
    ['merges of a list, of which the first wins', 'b: {<<: [{x: 1}, {x: 2, y: 2}]}', { b: { x: 1, y: 2 } }],
    ['a quoted key that looks like a merge', '"<<": 1', { '<<': 1 }],
    ['names that every object has', 'constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
    ['the same in JSON', '{"constructor": 1, "hasOwnProperty": 2}', { constructor: 1, hasOwnProperty: 2 }],
    ['tags that mean nothing here', 'a: !!js/function "x"\nb: !!binary YQ==', { a: 'x', b: 'YQ==' }],
    ['brackets and colons in texts of JSON', '{"a": "[[{{:\\"", "b": [":"]}', { a: '[[{{:"', b: [':'] }],
  ])('takes %s', (_, text, data) => {
    const document = read(text)
    expect(document.findings).toEqual([])
    expect(document.data).toEqual(data)
  })

  it.each<[string, string, string, string | undefined]>([
    ['a merge of a text', 'a:\n  <<: x', 'YAML_REFERENCE', '2:7'],
    ['a merge of nothing', 'a:\n  <<:\n', 'YAML_REFERENCE', undefined],
    ['a merge of a list of texts', 'a: {<<: [x]}', 'YAML_REFERENCE', '1:9'],
    ['an alias of nothing', 'a: 1\nb: *c', 'YAML_REFERENCE', '2:4'],
    ['an alias in front of its anchor', 'b: *a\na: &a 1', 'YAML_REFERENCE', '1:4'],
    ['an alias inside its anchor', 'a: &a [*a]', 'YAML_REFERENCE', '1:8'],
    ['a merge into itself', 'a: &a\n  <<: *a', 'YAML_REFERENCE', '2:7'],
    ['a key twice', 'a: 1\na: 2', 'KEY_DUPLICATE', '2:1'],
    ['a key twice in JSON', '{"a": 1,\n"a": 2}', 'KEY_DUPLICATE', '2:1'],
    ['keys that become the same', '1: a\n"1": b', 'KEY_DUPLICATE', '2:1'],
    ['a key that JavaScript uses', '__proto__: 1', 'KEY_UNKNOWN', '1:1'],
    ['the same in JSON', '{"__proto__": {"a": 1}}', 'KEY_UNKNOWN', '1:2'],
    ['the same in JSON, escaped', '{"\\u005f_proto__": {"a": 1}}', 'KEY_UNKNOWN', '1:2'],
    ['a list for a key', '[a, b]: 1', 'KEY_UNKNOWN', '1:1'],
    ['a second document', 'a: 1\n---\nb: 1', 'YAML_SYNTAX', '2:1'],
    ['lists in lists', '['.repeat(30_000), 'YAML_TOO_DEEP', undefined],
    ['mappings in mappings', '{'.repeat(30_000), 'YAML_TOO_DEEP', undefined],
    ['keys in keys', '? '.repeat(30_000), 'YAML_TOO_DEEP', undefined],
    ['lists in a line', '- '.repeat(30_000), 'YAML_TOO_DEEP', undefined],
    ['JSON in JSON', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'YAML_TOO_DEEP', undefined],
    ['aliases of much', `a: &a [${'1,'.repeat(2000)}]\nb: [${'*a,'.repeat(600)}]`, 'YAML_ALIASES', undefined],
    ['a text without end', 'a'.repeat(limits.yamlBytes.most + 1), 'YAML_TOO_LARGE', undefined],
  ])('says what is wrong with %s', (_, text, code, position) => {
    const { findings, data, locate } = read(text)
    expect(findings.map((finding) => finding.code)).toEqual([code])
    if (code !== 'KEY_DUPLICATE') expect(data).toBeUndefined()
    const { line, column } = (findings[0] && locate(findings[0].place)) ?? {}
    if (position) expect(`${line}:${column}`).toBe(position)
  })

  it('takes as many levels as are allowed, in both languages', () => {
    const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    const { most } = limits.documentDepth
    for (const write of [lists, (depth: number) => `{"a":${lists(depth - 1)}}`]) {
      expect(read(write(most)).findings).toEqual([])
      expect(read(write(most + 1)).findings).toHaveLength(1)
    }
  })

  it('shows the first errors of very many, and says how many there are', () => {
    const { findings } = read(']\n'.repeat(3000))
    expect(findings).toHaveLength(1001)
    expect(findings.at(-1)).toMatchObject({ code: 'FINDINGS_LEFT_OUT', message: expect.stringMatching(/^\d+ more/) })
  })

  it('finds places behind aliases and merges', () => {
    const { locate } = read('a: &a { x: [1,\n 2] }\nb: *a\nc: { <<: *a }\n')
    for (const name of ['b', 'c']) {
      expect(locate({ source: 'plan', path: [name, 'x', 1] })).toEqual({ line: 2, column: 2 })
    }
  })
})
