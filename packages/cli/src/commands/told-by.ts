import type { Argv } from 'yargs'

/** What a parser knows of the options that it was given; it tells, though its types do not. */
export interface Told {
  readonly key: Readonly<Record<string, unknown>>
  readonly string: readonly string[]
  readonly boolean: readonly string[]
  readonly array: readonly string[]
  readonly alias: Readonly<Record<string, readonly string[]>>
  readonly choices: Readonly<Record<string, readonly string[]>>
}

export function toldBy<Given>(parser: Argv<Given>): Told {
  return (parser as Argv<Given> & { getOptions(): Told }).getOptions()
}
