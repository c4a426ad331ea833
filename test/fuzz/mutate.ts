/** Numbers below `limit` that a seed determines (mulberry32). */
export type Draw = (limit: number) => number

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** What readers of YAML, JSON, CSV, routers' texts and terminals give a meaning of their own. */
const oddities = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '<<',
    '<<: x',
    '&a [*a, *a]',
    '*a',
    '&a',
    '!!binary',
    '!!js/function x',
  ],
  ...[
    '- ',
    '? ',
    ': ',
    '|',
    '>',
    '---',
    '...',
    '%YAML 9',
    '#',
    '{',
    '}',
    '[',
    ']',
    '{'.repeat(400),
    '['.repeat(3000),
    '}{',
  ],
  ...['null', '~', 'true', 'no', '.inf', '.nan', '0o7', '1e400', '-1', '4294967296', '9'.repeat(400), '0x', '1_000'],
  ...[
    '0.0.0.0/0',
    '255.255.255.255/32',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '999.1.1.1',
    '10.0.0.1/24',
    '::/0',
    '::ffff:10.0.0.1/96',
    'fe80::%eth0',
  ],
  ...[
    '\u001b[2J',
    '\u009b31m',
    '\u0007',
    '\r',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u0000',
    '\u007f',
    '\t',
    '\u00a0',
  ],
  ...[
    "'",
    '"',
    '`',
    '$(id)',
    '$&x',
    '\\',
    '\\u0000',
    ';',
    '&&',
    '|| ',
    '<b>',
    '![i](http://198.51.100.1/)',
    '{{x}}',
    '%s',
    '\n',
  ],
  ...[
    'any',
    'all',
    '!',
    '!10.0.0.0/8',
    '1-65535',
    '65535-1',
    'eth0+',
    'lo',
    'default',
    'blackhole',
    'via',
    'dev',
    'exclude',
    'disable',
  ],
  ...['\n'.repeat(2000), ' '.repeat(5000), 'x'.repeat(5000), ', '.repeat(2000), '"'.repeat(999)],
]

type Mutation = (text: string, draw: Draw, others: readonly string[]) => string

const mutations: readonly Mutation[] = [
  (text, draw) => at(text, draw, (before, after) => before + pick(oddities, draw) + after),
  (text, draw) => onToken(text, draw, () => pick(oddities, draw)),
  (text, draw) => onToken(text, draw, (token) => token + pick(oddities, draw)),
  (text, draw) => onToken(text, draw, () => tokenOf(text, draw)),
  (text, draw) => onToken(text, draw, () => ''),
  (text, draw, others) => onToken(text, draw, () => tokenOf(pick(others, draw), draw)),
  (text, draw) => onLines(text, draw, () => []),
  (text, draw) => onLines(text, draw, (some) => [...some, ...some]),
  (text, draw) => onLines(text, draw, (some) => [...some].reverse()),
  (text, draw) => onLines(text, draw, (some) => some.map((line) => `  ${line}`)),
  (text, draw) => onLines(text, draw, (some) => [some.join(' ')]),
  (text, draw, others) => onLines(text, draw, (some) => [...some, ...linesOf(pick(others, draw), draw)]),
  (text, draw) => at(text, draw, (before) => before),
  (text, draw) => at(text, draw, (before, after) => before + after.slice(1 + draw(40))),
  (text, draw) => text.replaceAll(tokenOf(text, draw) || 'x', pick(oddities, draw)),
]

/** The text after one to six changes that somebody, or something, might have made. */
export function mutated(text: string, draw: Draw, others: readonly string[]): string {
  let changed = text
  for (let left = 1 + draw(6); left > 0; left--) {
    const next = pick(mutations, draw)(changed, draw, others)
    changed = next.length > longest ? changed : next
  }
  return changed
}

/** Sizes have tests of their own. */
const longest = 200_000

export function pick<T>(all: readonly T[], draw: Draw): T {
  return all[draw(all.length)] as T
}

function at(text: string, draw: Draw, change: (before: string, after: string) => string): string {
  const index = draw(text.length + 1)
  return change(text.slice(0, index), text.slice(index))
}

const token = /[\p{L}\p{N}_.:/-]+/gu

function onToken(text: string, draw: Draw, change: (token: string) => string): string {
  const found = [...text.matchAll(token)]
  const chosen = found[draw(found.length)]
  if (!chosen) return text
  return text.slice(0, chosen.index) + change(chosen[0]) + text.slice(chosen.index + chosen[0].length)
}

function tokenOf(text: string, draw: Draw): string {
  const found = text.match(token) ?? []
  return found[draw(found.length)] ?? ''
}

function onLines(text: string, draw: Draw, change: (lines: readonly string[]) => readonly string[]): string {
  const lines = text.split('\n')
  const from = draw(lines.length)
  const count = 1 + draw(5)
  return [...lines.slice(0, from), ...change(lines.slice(from, from + count)), ...lines.slice(from + count)].join('\n')
}

function linesOf(text: string, draw: Draw): readonly string[] {
  const lines = text.split('\n')
  const from = draw(lines.length)
  return lines.slice(from, from + 1 + draw(8))
}
