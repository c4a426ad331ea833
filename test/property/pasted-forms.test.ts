import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigNode } from '../../packages/templates/src/vyatta/config-tree.ts'
import { knownWords } from '../../packages/templates/src/vyatta/member-trees.ts'
import { readConfig } from '../../packages/templates/src/vyatta/read-config.ts'
import { measured } from '../support/cost.ts'

/** The tree as `set` lines, sorted: what a device would hold. */
function heldBy(node: ConfigNode, path = ''): string[] {
  const below = node.children()
  if (below.length === 0) return path === '' ? [] : [path]
  return below.flatMap(([name, child]) => heldBy(child, `${path} ${name}`.trim())).sort()
}

interface Tree extends ReadonlyMap<string, Tree> {}

const words = fc.constantFrom(
  'rule',
  '10',
  'eth0',
  '10.0.0.0/8',
  'name',
  'a',
  'b-c',
  '__proto__',
  'set',
  'address',
  '2001:db8::1',
)
const values = fc.constantFrom('two words', '# no comment', '/* none */', '{', '}', ';', 'a"b', '-', '+', 'x')
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant<Tree>(new Map()),
    fc
      .array(fc.tuple(fc.oneof(words, values), tie('tree')), { minLength: 1, maxLength: 3 })
      .map((all): Tree => new Map(all)),
  ),
}))
const roots = [...knownWords].filter((word) => word !== 'nat')
const configurations = fc
  .array(fc.tuple(fc.constantFrom(...roots), tree), { minLength: 1, maxLength: 4 })
  .map((entries) => new Map(entries) as Tree)

function paths(node: Tree): string[][] {
  if (node.size === 0) return [[]]
  return [...node].flatMap(([name, below]) => paths(below).map((path) => [name, ...path]))
}

const inQuotes = (word: string) => `'${word}'`
const escaped = (word: string) => `"${word.replaceAll('"', '\\"')}"`
const setLine = (path: readonly string[]) => `set ${path.map(inQuotes).join(' ')}`

function braces(node: Tree, indent = ''): string {
  return [...node]
    .map(([name, below]) =>
      below.size === 0
        ? `${indent}${escaped(name)}${indent === '' ? ' {\n}' : ''}\n`
        : `${indent}${escaped(name)} {\n${braces(below, `${indent}    `)}${indent}}\n`,
    )
    .join('')
}

function json(node: Tree): string {
  const members = [...node].map(([name, below]) => `${JSON.stringify(name)}:${json(below)}`)
  return `{${members.join(',\n')}}`
}

/** Every path below `edit`, in steps whose length the words decide. */
function session(path: readonly string[]): string {
  const at = 1 + (path.join('').length % path.length)
  const [above, below] = [path.slice(0, at), path.slice(at)]
  return below.length === 0 ? setLine(path) : `edit ${above.map(inQuotes).join(' ')}\n${setLine(below)}\ntop`
}

describe('a configuration', () => {
  it('is the same tree in every form', () => {
    fc.assert(
      fc.property(configurations, (written) => {
        const all = paths(written)
        const set = heldBy(readConfig(all.map(setLine).join('\n')).root)
        const forms = [
          braces(written),
          json(written),
          all.map((path) => `vyos@gw# ${setLine(path)}\n[edit]`).join('\n'),
          all.map(session).join('\n'),
          all.map((path) => `    - ${JSON.stringify(setLine(path))}`).join('\n'),
          all.map((path) => `${JSON.stringify(setLine(path))},`).join('\r\n'),
          `[${all.map((path) => JSON.stringify(setLine(path))).join(', ')}]`,
          all.map((path) => `${setLine(path)} # 'a comment"`).join('\n'),
        ]
        expect(set).toHaveLength(new Set(all.map((path) => path.join('\0'))).size)
        for (const form of forms) {
          const { root, stray } = readConfig(form)
          expect([form, stray, heldBy(root)]).toEqual([form, [], set])
        }
      }),
    )
  })

  it('is read in linear time, whatever its form', () => {
    const rule = (number: number) => ['nat', 'source', 'rule', String(number), 'description', 'one of very many rules']
    const all = Array.from({ length: 12_000 }, (_, index) => rule(index))
    const tree: Tree = new Map([
      [
        'nat',
        new Map([
          [
            'source',
            new Map([
              [
                'rule',
                new Map(
                  all.map(([, , , number = '', leaf = '', value = '']) => [
                    number,
                    new Map([[leaf, new Map([[value, new Map()]])]]),
                  ]),
                ),
              ],
            ]),
          ],
        ]),
      ],
    ])
    const forms = [all.map(setLine).join('\n'), braces(tree), json(tree), all.map(session).join('\n')]
    for (const form of forms) {
      expect(measured(() => expect(readConfig(form).stray).toEqual([])).cost).toBeLessThan(300)
    }
  })
})
