import { commands } from '../commands/index.ts'
import { type Status, status } from '../terminal/status.ts'
import { print } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import { foldHelp } from './fold-help.ts'
import { parserFor } from './parser.ts'
import { refuseHelpOfNone } from './usage-error.ts'

/** Help is not wider on a wide screen: long lines are hard to read. */
const widestHelp = 120

/** Runs a command line with the parser. Without a command what there is is listed, though nothing was done. */
export async function runWords(words: readonly string[]): Promise<Status> {
  refuseHelpOfNone(words, commands)
  let result: Status = words.length === 0 ? status.usage : status.good
  const parser = parserFor(words, async (command, given) => {
    result = await command.run(given)
  })
  await parser.parseAsync(words.length === 0 ? ['--help'] : words, {}, (_, __, help) => {
    if (help) print(`${foldHelp(help, Math.min(standardOutput.width, widestHelp))}\n`)
  })
  return result
}
