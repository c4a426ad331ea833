import { codes } from '@natplan/core'
import { nameOf, positionalsOf } from '../commands/command.ts'
import { commands } from '../commands/index.ts'
import { type KnownOption, optionsOf } from './options-of.ts'
import { sitesOfPlan } from './sites-of-plan.ts'

/** What a value is; of every other option and argument it may be a file, which the shell offers by itself. */
const kinds: Readonly<Record<string, 'site' | 'site-file' | 'site-address' | 'subject'>> = {
  site: 'site',
  peer: 'site',
  configs: 'site-file',
  inputs: 'site-file',
  config: 'site-file',
  routes: 'site-file',
  existing: 'site-file',
  source: 'site-address',
  destination: 'site-address',
  subject: 'subject',
}

/**
 * What the last of the words of a command line may become, with the word itself at its end: commands, options, choices, sites of the plan,
 * codes. Nothing where only a file fits, so that the shell offers files.
 */
export function offersFor(line: readonly string[]): string[] {
  const [, ...words] = joined(line)
  const current = words.pop() ?? ''
  const offers = words.length === 0 ? commandNames() : offersOf(words, current)
  return offers.filter((offer) => offer.startsWith(current) && offer !== current)
}

/** Bash takes `=` and `:` for words of their own, and what is written around them for others. */
function joined(words: readonly string[]): string[] {
  const whole: string[] = []
  for (const [index, word] of words.entries()) {
    const isPart = /^[=:]+$/.test(word) || /^[=:]+$/.test(words[index - 1] ?? '')
    if (isPart && whole.length > 1) whole.push(`${whole.pop() ?? ''}${word}`)
    else whole.push(word)
  }
  return whole
}

function commandNames(): string[] {
  return [...commands.flatMap(({ name }) => [name].flat().map(nameOf)), 'help']
}

function offersOf([word, ...given]: readonly string[], current: string): string[] {
  if (word === 'help') return commandNames()
  const command = commands.find(({ name }) => [name].flat().some((one) => nameOf(one) === word))
  if (!command) return []
  const options = optionsOf(command)
  const positionals = positionalsOf(command)
  const last = optionOf(given.at(-1), options)
  if (last?.takesValue) return valuesOf(last, given)
  if (current.startsWith('-')) return optionNames(options, { positionals, given })
  const at = given.filter(
    (one, index) => !one.startsWith('-') && !optionOf(given[index - 1], options)?.takesValue,
  ).length
  const name = positionals[Math.min(at, positionals.length - 1)]
  const positional = options.find((option) => option.name === name)
  return positional ? valuesOf(positional, given) : optionNames(options, { positionals, given })
}

function optionOf(word: string | undefined, options: readonly KnownOption[]): KnownOption | undefined {
  if (!word?.startsWith('-')) return undefined
  const name = word.replace(/^-+/, '')
  return options.find((option) => option.name === name || option.aliases.includes(name))
}

/** Those that were not given yet; such as may be given again are offered again. */
function optionNames(
  options: readonly KnownOption[],
  { positionals, given }: { readonly positionals: readonly string[]; readonly given: readonly string[] },
): string[] {
  const names = options.filter(
    ({ name, isList }) => !positionals.includes(name) && (isList || !given.includes(`--${name}`)),
  )
  return [...names.map(({ name }) => `--${name}`), '--help']
}

function valuesOf({ name, choices }: KnownOption, given: readonly string[]): string[] {
  if (choices.length > 0) return [...choices]
  const kind = kinds[name]
  if (kind === undefined) return []
  if (kind === 'subject') return ['firewall', ...Object.keys(codes)]
  return sitesOfPlan(given).map((site) => `${site}${behind[kind]}`)
}

/** What follows the name of a site. */
const behind = { site: '', 'site-file': '=', 'site-address': ':' } as const
