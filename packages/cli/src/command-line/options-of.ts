import yargs from 'yargs'
import type { Command } from '../commands/command.ts'
import { toldBy } from '../commands/told-by.ts'

/** An option or an argument of a command, as its help has it. */
export interface KnownOption {
  readonly name: string
  readonly aliases: readonly string[]
  readonly takesValue: boolean
  /** It may be given several times. */
  readonly isList: boolean
  readonly choices: readonly string[]
}

/** The options of a command, its positional arguments among them. */
export function optionsOf(command: Command): KnownOption[] {
  const { key, alias, boolean, array, choices } = toldBy(command.options(yargs().version(false).help(false)))
  const names = Object.keys(key).filter((name) => !Object.values(alias).some((others) => others.includes(name)))
  return names.map((name) => ({
    name,
    aliases: alias[name] ?? [],
    takesValue: !boolean.includes(name),
    isList: array.includes(name),
    choices: choices[name] ?? [],
  }))
}
