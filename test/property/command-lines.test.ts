import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { optionsOf } from '../../packages/cli/src/command-line/options-of.ts'
import { parserFor } from '../../packages/cli/src/command-line/parser.ts'
import { readPlainly } from '../../packages/cli/src/command-line/read-plainly.ts'
import { type Command, nameOf, positionalsOf } from '../../packages/cli/src/commands/command.ts'
import { commands } from '../../packages/cli/src/commands/index.ts'

type Given = Readonly<Record<string, unknown>>

/** What the parser makes of a command line. */
async function parsed(words: readonly string[]): Promise<{ command: string; given: Given } | undefined> {
  let found: { command: string; given: Given } | undefined
  await parserFor(words, async (command, given) => {
    found = { command: namesOf(command).join(' '), given: given as Given }
  }).parseAsync([...words], {}, () => undefined)
  return found
}

function namesOf({ name }: Command): string[] {
  return [name].flat().map(nameOf)
}

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** Words that a parser could take for more than words. */
const strange = [
  ...[
    'true',
    'false',
    '1',
    '-1',
    '0x10',
    '1e3',
    '007',
    '',
    ' ',
    '-',
    '--',
    '---',
    '-x',
    '-xo',
    '--no-save',
    '--no-file',
  ],
  ...[
    '--help',
    '-h',
    'help',
    '--version',
    '-V',
    '"a"',
    "'a'",
    'a b',
    'a=b',
    '=',
    'a.b',
    '..',
    '--a.b',
    '[]',
    'null',
    'undefined',
  ],
  ...[
    '__proto__',
    '--__proto__',
    'constructor',
    '\0',
    '-f',
    '-f=a',
    '-fa',
    '--file=',
    '--file',
    '--output=json',
    '--output',
    'json',
  ],
]
const usual = [
  'natplan.yaml',
  './a/b-c_d.yaml',
  'cloud=10.0.1.0/27,10.0.2.0/24',
  'cloud:10.0.1.5',
  '10.0.0.0/8',
  'fd00::/8',
]

/** Lines of a command with its options in all forms, most with values that they take. */
function linesOf(command: Command): fc.Arbitrary<string[]> {
  const word = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...usual) }, fc.constantFrom(...strange))
  const positionals = positionalsOf(command)
  const known = optionsOf(command)
  const choices = known.filter(({ name }) => positionals.includes(name)).flatMap((one) => one.choices)
  const argument = fc.oneof(fc.constantFrom(...choices, ...usual), word)
  const options = known.filter(({ name }) => !positionals.includes(name))
  const piece = fc.oneof(
    argument.map((one) => [one]),
    ...options.map(({ name, aliases, takesValue, choices }) => {
      const value = choices.length > 0 ? fc.oneof(fc.constantFrom(...choices), word) : word
      const flags = [`--${name}`, ...aliases.map((alias) => `-${alias}`)]
      const pair = fc.tuple(fc.constantFrom(...flags), value)
      const bare = pair.map(([flag]) => [flag])
      const form = fc.oneof(
        pair,
        pair.map(([flag, one]) => [`${flag}=${one}`]),
      )
      return takesValue
        ? fc.oneof({ weight: 6, arbitrary: form }, bare)
        : fc.oneof({ weight: 6, arbitrary: bare }, form)
    }),
  )
  return fc
    .tuple(
      fc.constantFrom(...namesOf(command)),
      fc.array(argument, { maxLength: positionals.length }),
      fc.array(piece, { maxLength: 4 }),
    )
    .map(([name, before, pieces]) => [name, ...before, ...pieces.flat()])
}

describe('a command line of plain words', () => {
  it.each(commands.map((command) => [namesOf(command)[0] ?? '', command] as const))(
    '%s is read as the parser reads it, or left to it',
    async (_, command) => {
      const names = optionsOf(command).map(({ name }) => camel(name))
      let count = 0
      await fc.assert(
        fc.asyncProperty(linesOf(command), async (words) => {
          const plain = readPlainly(words, commands)
          if (!plain) return
          count++
          const { command: name, given = {} } = (await parsed(words)) ?? {}
          expect(name).toBe(namesOf(plain.command).join(' '))
          expect(Object.keys(plain.given).sort()).toEqual(names.sort())
          for (const one of names) expect([one, plain.given[one]]).toEqual([one, given[one]])
        }),
        { numRuns: 800 },
      )
      expect(count).toBeGreaterThan(30)
    },
  )

  it.each([
    'plan',
    'plan natplan.yaml',
    'plan -f natplan.yaml --output json',
    'plan --save',
    'plan --site a=10.0.1.0/24 --site b=10.0.1.0/24',
    'verify natplan.yaml cloud=cloud.txt --strict',
    'trace cloud:10.0.1.5 192.168.1.77',
    'generate -o out --check',
    'gateway --site=cloud',
  ])('natplan %s needs no parser', (line) => {
    expect(readPlainly(line.split(' '), commands)).toBeDefined()
  })

  it.each([
    ...['', 'paln', '--help', 'plan --help', 'plan -h', 'help plan', '--version'],
    ...['plan a b', 'plan --zzz', 'plan --output jsn', 'plan --file', 'plan --save --check', 'plan --save --save'],
    ...['plan -f a -f b', 'plan -f a --file b', 'plan --save true', 'plan --save=true', 'plan --no-save', 'plan -fa'],
    ...['trace a', 'generate', 'import', 'import a --adopt', 'free --length 24', 'plan -- a', 'plan --plan a'],
  ])('natplan %s is left to the parser', (line) => {
    expect(readPlainly(line.split(' '), commands)).toBeUndefined()
  })
})
