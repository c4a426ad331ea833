import { commands } from '../../packages/cli/src/commands/index.ts'

/** The first words of all commands, aliases included. */
const names = new Set(commands.flatMap(({ name }) => [name].flat().map((one) => one.split(' ', 1)[0] ?? '')))

/** A word that belongs to a command rather than to the sentence around it: an option, an address, a file, `SITE=FILE`, a code. */
const argument = /^(--?[a-z][a-z-]*|-f|\S*[0-9:=./]\S*|[A-Z][A-Z_]+)$/

/** The commands of natplan's that a text shows, each as its words; `sites` are names that stand as words of their own. */
export function commandsIn(text: string, sites: ReadonlySet<string>): string[][] {
  return [...text.matchAll(/\bnatplan ((?:[^\s;,)"'`]+|'[^']*')(?: (?:[^\s;,)"'`]+|'[^']*'))*)/g)].flatMap(
    ([, rest = '']) => {
      const [name = '', ...words] = (rest.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''))
      // A laboratory is brought up by its own tests.
      if (!names.has(name) || name === 'lab') return []
      const end = words.findIndex((word, at) => !argument.test(word) && !sites.has(word) && !isValue(words[at - 1]))
      const all = end < 0 ? words : words.slice(0, end)
      return [[name, ...all.map((word) => word.replace(/[.:]$/, ''))]]
    },
  )
}

/** Options that stand alone. */
const flags = new Set(['--save', '--renumber', '--remove', '--check', '--script', '--show-secrets', '--extract'])

function isValue(before: string | undefined): boolean {
  return before !== undefined && /^--?[a-z]/.test(before) && !flags.has(before)
}

/** Reports whether a command stands for several: `ADDRESS`, `SITE`. */
export function hasPlaceholder(words: readonly string[]): boolean {
  return words.some((word) => /(^|[:=])[A-Z]+(:|=|$)/.test(word) && !/_/.test(word))
}
