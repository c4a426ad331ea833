import type { Random } from './random.ts'

type Mutation = (text: string, random: Random, others: readonly string[]) => string

/** What no text should hold, and what some of them begin or end with. */
const odd = [
  '\0',
  '\u001b[2J',
  '\u0007',
  '\u009b31m',
  '\r',
  '\t',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\ud800',
  '\u00a0',
  '…',
  '"',
  "'",
  '`',
  '\\',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '|',
  '&',
  '*',
  '*a',
  '&a ',
  '!!binary ',
  '!a ',
  '<<: ',
  '? ',
  ': ',
  '- ',
  '#',
  '%',
  '@',
  ',',
  ';',
  '=',
  '/',
  '/*',
  '*/',
  '$(reboot)',
  '-1',
  '0',
  '010',
  '4294967296',
  '1e309',
  '99999999999999999999',
  '0x7f',
  '::',
  '::/0',
  '0.0.0.0/0',
  '255.255.255.255/32',
  '10.0.0.0/33',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'true',
  '~',
  '.nan',
  'any',
  'all',
  'none',
  '---\n',
  '...\n',
  '\n\n',
  ' ',
] as const

function lines(text: string, change: (all: string[]) => void): string {
  const all = text.split('\n')
  change(all)
  return all.join('\n')
}

function words(text: string): string[] {
  return text.match(/[^\s"'{}[\],:=]+/g) ?? ['']
}

/** Changes of a text as accidents and enemies make them. */
const mutations: readonly Mutation[] = [
  (text, random) => lines(text, (all) => all.splice(random.below(all.length), 1 + random.below(3))),
  (text, random) => lines(text, (all) => all.splice(random.below(all.length), 0, random.one(all))),
  (text, random) =>
    lines(text, (all) => all.splice(random.below(all.length), 0, ...all.splice(random.below(all.length), 4))),
  (text, random, others) =>
    lines(text, (all) => all.splice(random.below(all.length), 0, random.one(random.one(others).split('\n')))),
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => text.slice(random.below(text.length)),
  (text, random) => inserted(text, random, random.one(odd)),
  (text, random) => inserted(text, random, random.one(odd).repeat(1 + random.below(300))),
  (text, random) => replacedWord(text, random, random.one(words(text))),
  (text, random, others) => replacedWord(text, random, random.one(words(random.one(others)))),
  (text, random) => replacedWord(text, random, random.one(odd)),
  (text, random) => replacedWord(text, random, String(random.below(2 ** 32))),
  (text, random) =>
    replacedWord(text, random, `10.${random.below(4)}.${random.below(4)}.${random.below(256)}/${random.below(33)}`),
  (text, random) => text.replaceAll(random.one(words(text)), () => random.one(words(text))),
  (text, random) => replacedAt(text, random, 1 + random.below(40), ''),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text, random) => replacedWord(text, random, 'x'.repeat(random.below(5000))),
]

function inserted(text: string, random: Random, piece: string): string {
  return replacedAt(text, random, 0, piece)
}

function replacedAt(text: string, random: Random, length: number, piece: string): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + piece + text.slice(at + length)
}

function replacedWord(text: string, random: Random, by: string): string {
  const all = [...text.matchAll(/[^\s"'{}[\],:=]+/g)]
  if (all.length === 0) return by
  const { index, 0: word } = random.one(all)
  return text.slice(0, index) + by + text.slice(index + word.length)
}

const longest = 60_000

/** A text with some changes. */
export function mutated(text: string, random: Random, others: readonly string[]): string {
  let result = text
  for (let count = random.below(random.chance(70) ? 5 : 30); count >= 0; count--) {
    result = random.one(mutations)(result, random, others).slice(0, longest)
  }
  return result
}
