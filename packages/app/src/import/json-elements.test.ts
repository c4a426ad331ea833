import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { utf8Bytes } from '../prefixes/bytes.ts'
import { jsonElements } from './json-elements.ts'

/** Reads a text cut into pieces of so many bytes. */
async function read(text: string, { lists = ['items'], size = 1_000_000 } = {}) {
  async function* chunks() {
    const bytes = utf8Bytes(text)
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  const pieces = { name: 'x.json', head: utf8Bytes(text), isCut: false, chunks: chunks() }
  const found = []
  for await (const one of jsonElements(pieces, lists)) found.push(one)
  return found
}

describe('jsonElements', () => {
  it.each<[string, string, unknown[]]>([
    [
      'the objects of a list and what is around them',
      '{"kind":"List",\n"items": [{"a":[1,{"b":2}]},\n {"c":"}]\\"{"}],\n"x":{"items":[{"y":1}]}}',
      [
        { list: 'items', line: 2, value: { a: [1, { b: 2 }] } },
        { list: 'items', line: 3, value: { c: '}]"{' } },
        { list: undefined, line: 1, value: { kind: 'List', items: [0, 0], x: { items: [{ y: 1 }] } } },
      ],
    ],
    [
      'the objects of a document that is a list, in which only texts are its own',
      '[{"items":[{"a":1}]}, "x", [{"b":1}]]',
      [
        { list: '', line: 1, value: { items: [{ a: 1 }] } },
        { list: undefined, line: 1, value: [0, 'x', [{ b: 1 }]] },
      ],
    ],
    [
      'documents one behind the other',
      '{"items":[{"é":1}]}\n\n{"other":[{"a":1}]}\n',
      [
        { list: 'items', line: 1, value: { é: 1 } },
        { list: undefined, line: 1, value: { items: [0] } },
        { list: undefined, line: 3, value: { other: [{ a: 1 }] } },
      ],
    ],
    [
      'elements of several lines',
      '[{"a":\n1},\n{"b":1}]',
      [
        { list: '', line: 1, value: { a: 1 } },
        { list: '', line: 3, value: { b: 1 } },
        { list: undefined, line: 1, value: [0, 0] },
      ],
    ],
    ['nothing', ' \n', []],
    ['an empty list', '{"items":[]}', [{ list: undefined, line: 1, value: { items: [] } }]],
  ])('reads %s, cut anywhere', async (_, text, wanted) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(await read(text, { size })).toEqual(wanted)
  })

  it.each([
    ['ends in a text', '{"items":[{"a":"b', 'ends in the middle'],
    ['ends in an element', '{"items":[{"a":1}', 'ends in the middle'],
    ['has no commas', '{"items":[{} {}]}', 'not valid JSON'],
    ['has a comma too many', '[{},]', 'not valid JSON'],
    ['closes what is not open', ']', 'not valid JSON'],
    ['has brackets of two kinds', '{"items":[{"a":1]}', 'not valid JSON'],
    ['is a word', 'nothing', 'neither an object nor a list'],
    ['has words behind it', '{} nothing', 'neither an object nor a list'],
  ])('refuses what %s', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'JSON_SYNTAX', message: expect.stringContaining(message) })
  })

  it('says the line of a broken element and nothing of its text', async () => {
    const failure = read('[\n{},\n{"sharedKey": "SECRET" x}]')
    await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(/^x\.json:3: (?!.*SECRET)/) })
  })

  it('refuses an element and a document that are too large', async () => {
    const large = 'x'.repeat(limits.elementBytes.most)
    const wanted = { code: 'INPUT_TOO_LARGE' }
    await expect(read(`[{},\n{"a":"${large}"}]`)).rejects.toMatchObject({
      ...wanted,
      message: expect.stringContaining('x.json:2: a value has more than 32 MiB'),
    })
    await expect(read(`{"a":"${large}"}`, { size: 65536 })).rejects.toMatchObject(wanted)
  })
})
