import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Document, isScalar, parse, parseDocument, visit } from 'yaml'
import { toYaml } from '../../packages/templates/src/kubernetes/yaml.ts'

/** Words that some reader of YAML takes for something else than a text. */
const words = [
  ...['0o7', '007', '0b1', '0x1F', '1_000', '1e_3', '1e3', '.5', '1.', '+1', '-0', '12:30:45', '190:20', '2026-01-01'],
  ...[
    'e0',
    'E12',
    'e-0',
    'e-1_0',
    'yes',
    'No',
    'y',
    'N',
    'on',
    'OFF',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '',
    '.inf',
    '-.INF',
    '.nan',
    '<<',
    '=',
  ],
  ...[
    '- x',
    'a: b',
    'a #b',
    '#b',
    '&a',
    '*a',
    '!t',
    '%x',
    '@x',
    '`x',
    '|',
    '>',
    '? x',
    '{a}',
    '[a]',
    ' a',
    'a ',
    "it's",
    '"',
    '\\',
  ],
]

function barePlaces(text: string): string[] {
  const bare: string[] = []
  visit(parseDocument(text, { version: '1.1' }), {
    Scalar: (key, { value, type }) => {
      if (key !== 'key' && typeof value === 'string' && type === 'PLAIN') bare.push(value)
    },
  })
  return bare
}

/** The same by the package that knows YAML. */
function written(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (key, scalar) => {
      if (key !== 'key' && typeof scalar.value === 'string')
        scalar.type = scalar.value.includes('\n') ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE'
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && !/^[a-z]{2,}$/.test(String(key.value))) key.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({ lineWidth: 0 })
}

describe('YAML for Kubernetes', () => {
  it.each(words)('quotes %j as a value and as a key', (word) => {
    const text = toYaml({ value: word, list: [word], [word === '' ? 'empty' : word]: 'x' })
    expect(barePlaces(text)).toEqual([])
    const last = text.trimEnd().split('\n').at(-1) ?? ''
    if (word !== '') expect(last).toMatch(/^["?]/)
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(text, { version })).toEqual({ value: word, list: [word], [word === '' ? 'empty' : word]: 'x' })
    }
  })

  it.each(['kind', 'app.kubernetes.io/name', 'route-agent.sh', 'a/yes', 'nothing'])('leaves the key %s bare', (key) => {
    expect(toYaml({ [key]: 'x' })).toBe(`${key}: "x"\n`)
  })

  it('writes texts of several lines as blocks, numbers and booleans bare', () => {
    expect(toYaml({ a: '[\n  "x"\n]\n', b: 20, c: false, d: null, e: [] })).toBe(
      'a: |\n  [\n    "x"\n  ]\nb: 20\nc: false\nd: null\ne: []\n',
    )
  })

  it('gives any text back, to readers of both versions', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...words),
      fc.stringMatching(/^[0-9a-z_.:+~-]{0,8}$/),
    )
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[0-9a-z_.-]{1,6}$/), text, { noNullPrototype: true }),
        (list, map) => {
          const written = toYaml({ list, map })
          expect(barePlaces(written)).toEqual([])
          for (const version of ['1.1', '1.2'] as const)
            expect(parse(written, { version })).toEqual({ list, map: { ...map } })
        },
      ),
    )
  })

  it('is, to the byte, what the package yaml writes of words, numbers and texts that are lists and mappings of each other', () => {
    const word = fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/)
    const block = fc.array(fc.oneof(word, fc.constantFrom('', '  ', '  x', '# y', '- z')), { maxLength: 4 })
    const text = fc.oneof(
      word,
      fc.constantFrom(...words),
      fc
        .tuple(word, block, word, fc.constantFrom('', '\n'))
        .map(([a, more, z, end]) => `${[a, ...more, z].join('\n')}${end}`),
    )
    const key = fc.oneof(fc.constantFrom('kind', 'spec', 'zz'), fc.stringMatching(/^[0-9.:][ -~]{0,8}$/))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        text,
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (object) => {
        expect(toYaml(object)).toBe(written(object))
      }),
    )
  })

  it.each([[undefined], [Number.NaN], [new Date(0)], [{ a: [() => 1] }]])(
    'refuses %s: it is no plain data',
    (value) => {
      expect(() => toYaml({ value })).toThrow('is not plain data')
    },
  )
})
