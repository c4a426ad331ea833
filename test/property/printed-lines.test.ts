import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigNode } from '../../packages/templates/src/vyatta/config-tree.ts'
import { readConfig } from '../../packages/templates/src/vyatta/read-config.ts'

/** All that a text was read as. Blanks in front of each line keep it from being taken as one that a device printed, and say nothing. */
function readAs(text: string): unknown {
  const { root, stray, isCut } = readConfig(text)
  return { tree: treeOf(root), same: treeOf(root.copy()), lines: root.lines(), stray, isCut }
}

function treeOf(node: ConfigNode): unknown {
  return [node.name, node.line, node.firstLine(), node.children().map(([, child]) => treeOf(child))]
}

function wordByWord(text: string): unknown {
  return readAs(text.replace(/^|\n/g, '$&  '))
}

const word = fc.constantFrom(
  'route',
  'rule',
  '1',
  '01',
  '10',
  '2',
  'a',
  'a-',
  'x:',
  "''",
  "'a'",
  "'a b'",
  "'a",
  '-----BEGIN',
)
const tree = fc.constantFrom(
  'vpn',
  'vpn ipsec',
  'nat',
  'nat source',
  'protocols static',
  'interfaces ethernet',
  'foo',
  "'vpn'",
)
const command = fc.constantFrom('set', 'set', 'set', 'set', 'delete', 'edit')
const line = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(command, tree, fc.array(word, { maxLength: 4 }))
      .map(([verb, first, words]) => [verb, first, ...words].join(' ')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('top', '/*', '*/', 'vpn {', '}', '# x', '[edit nat]', 'password:', 'abc', ''),
  },
)

describe('lines as devices print them', () => {
  it('are read as the same lines are word by word', () => {
    const texts = fc.tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n'))
    fc.assert(
      fc.property(texts, ([lines, end, last]) => {
        const text = `${lines.join(end)}${last}`
        expect(readAs(text)).toEqual(wordByWord(text))
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, string]>([
    ['a line is the start of the next, and the next of it', 'set vpn a\nset vpn a b\nset vpn a\n'],
    ['a word is the start of another', 'set nat source rule 1\nset nat source rule 10\nset nat source rule 1 log\n'],
    ['a node is taken away that the next line is below', 'set vpn a b\ndelete vpn a\nset vpn a c\nset vpn a b\n'],
    ['another way of writing comes between', "set vpn a b\n set vpn c d\nset vpn a b\nset 'vpn' a c\nset vpn c e\n"],
    ['a session has gone somewhere', 'set nat source rule 1\nedit vpn\nset ipsec a\ntop\nset vpn ipsec b\n'],
    ['a comment is open', 'set vpn a\n/*\nset vpn b\n*/\nset vpn c\n'],
    ['a block is open', 'set vpn a\nnat {\nset vpn b\n}\nset vpn c\n'],
    ['its first word is that of no tree', 'set vpn a\nset foo a\nset vpna b\nset vpn c\n'],
    ['it is as deep as any', `set vpn${' a'.repeat(63)}\nset vpn${' a'.repeat(64)}\nset vpn${' b'.repeat(30)}\n`],
    ['a value is empty, or has blanks and signs', "set vpn a ''\nset vpn a 'b  c; # { /*'\nset vpn a ' '\n"],
  ])('are when %s', (_, text) => {
    for (const whole of [text, text.trimEnd(), text.replaceAll('\n', '\r\n')])
      expect(readAs(whole)).toEqual(wordByWord(whole))
  })

  it.each([
    'password:',
    'secret \\',
    'key -----BEGIN RSA PRIVATE KEY-----',
    "key '-----BEGIN RSA PRIVATE KEY-----",
    "key '-----BEGIN RSA PRIVATE KEY-----'",
    'password >',
    'secret "',
  ])('hide the next one when they end with %s', (end) => {
    const { stray } = readConfig(`set vpn a\nset system login ${end}\nc2VjcmV0\n`)
    expect(JSON.stringify(stray)).not.toContain('c2VjcmV0')
  })

  it('are hidden within a secret that began before', () => {
    const { root, stray } = readConfig('set vpn ipsec x pre-shared-secret "a\nset vpn c2VjcmV0\nb"\nset vpn c\n')
    expect(JSON.stringify([root.lines(), stray])).not.toContain('c2VjcmV0')
    expect(root.lines().at(-1)).toEqual({ line: 4, text: 'set vpn c' })
  })
})
