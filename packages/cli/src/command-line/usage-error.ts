import { NatplanError, nearest } from '@natplan/core'
import { type Command, nameOf, positionalsOf } from '../commands/command.ts'
import { optionsOf } from './options-of.ts'

/** What the parser says is wrong with a command line, in the words of natplan, with what was meant. */
export function usageError(message: string, args: readonly string[], commands: readonly Command[]): NatplanError {
  const near = /^Did you mean (.*)\?$/.exec(message)?.[1]
  const command = commands.find((one) => namesOf(one).includes(args[0] ?? ''))
  if (near || (!command && args[0] !== undefined && !args[0].startsWith('-'))) return unknownCommand(args[0], near)
  const [, words] = /^Unknown (?:argument|command)s?: (.*)$/.exec(message) ?? []
  if (words !== undefined && command) return unknownWords(words.split(', '), args, command)
  const [, argument, given, choices] = /Argument: (.*), Given: "(.*)", Choices: (.*)$/s.exec(message) ?? []
  if (argument !== undefined && choices !== undefined) return notAmong(argument, { given, choices, command })
  return new NatplanError('USAGE', plainWordsOf(message), {
    hint: command ? usageOf(command) : 'natplan --help shows what is possible',
  })
}

function namesOf({ name }: Command): string[] {
  return [name].flat().map(nameOf)
}

function usageOf({ name }: Command): string {
  const [written = ''] = [name].flat()
  return `natplan ${written}; natplan ${nameOf(written)} --help shows what is possible`
}

function plainWordsOf(message: string): string {
  const [, one, other] = /^Arguments (\S+) and (\S+) are mutually exclusive$/.exec(message) ?? []
  if (one !== undefined) return `--${one} and --${other} exclude each other`
  const [, bare] = /^Not enough arguments following: (\S+)$/.exec(message) ?? []
  if (bare !== undefined) return `${bare.length === 1 ? '-' : '--'}${bare} needs a value`
  const [, missing] = /^Missing required arguments?: (.*)$/.exec(message) ?? []
  if (missing !== undefined) return `--${missing.split(', ').join(' and --')} is missing`
  return message.startsWith('Not enough non-option arguments') ? 'something is missing' : firstLower(message)
}

function notAmong(
  name: string,
  { given = '', choices, command }: { given: string | undefined; choices: string; command: Command | undefined },
): NatplanError {
  const isWord = command !== undefined && positionalsOf(command).includes(name)
  const known = [...choices.matchAll(/"([^"]*)"/g)].map(([, choice = '']) => choice)
  const near = nearest(given, known)
  return new NatplanError('USAGE', `${isWord ? '' : '--'}${name} is not ${JSON.stringify(given)}`, {
    hint: near ? `did you mean ${near}?` : `one of ${known.join(', ')}`,
  })
}

/** The command is none that natplan has. */
function unknownCommand(word: string | undefined, near?: string): NatplanError {
  return new NatplanError('USAGE', `there is no command ${JSON.stringify(word ?? '')}`, {
    hint: near ? `did you mean natplan ${near}?` : 'natplan --help lists all',
  })
}

/** The parser would explain natplan as a whole where a command is meant that is none. */
export function refuseHelpOfNone([word, ...rest]: readonly string[], commands: readonly Command[]): void {
  if (word === undefined || word.startsWith('-') || !rest.some((one) => one === '--help' || one === '-h')) return
  const names = commands.flatMap(namesOf)
  if (!names.includes(word)) throw unknownCommand(word, nearest(word, names))
}

function unknownWords(words: readonly string[], args: readonly string[], command: Command): NatplanError {
  const option = words.map((name) => writtenAs(name, args)).find((written) => written !== undefined)
  if (option !== undefined) return unknownOption(option, command)
  const [name = ''] = namesOf(command)
  const quoted = words.map((word) => JSON.stringify(word)).join(', ')
  return new NatplanError('USAGE', `natplan ${name} has no use for ${quoted}`, { hint: usageOf(command) })
}

/** An option as it stands on the command line; `undefined` for a word that is none. */
function writtenAs(name: string, args: readonly string[]): string | undefined {
  const forms = name.length === 1 ? [`-${name}`, `--${name}`] : [`--${name}`, `-${name}`]
  return forms.find((form) =>
    args.some((arg) => arg === form || arg.startsWith(`${form}=`) || isAmong(name, arg, form)),
  )
}

/** `-xo` is `-x -o`. */
function isAmong(name: string, arg: string, form: string): boolean {
  return name.length === 1 && form === `-${name}` && /^-[A-Za-z]+$/.test(arg) && arg.includes(name)
}

function unknownOption(written: string, command: Command): NatplanError {
  const known = optionsOf(command).map(({ name }) => name)
  const word = written.replace(/^-+/, '')
  const near = word.length === 1 ? known.find((name) => name.startsWith(word)) : nearest(word, known)
  const [name = ''] = namesOf(command)
  const folder = word === 'o' ? '; -o is the folder of natplan generate' : ''
  return new NatplanError('USAGE', `natplan ${name} has no option ${written}`, {
    hint: near ? `did you mean --${near}?${folder}` : `natplan ${name} --help lists all${folder}`,
  })
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
