import { formatError } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { foldHelp } from './command-line/fold-help.ts'
import { parserFor } from './command-line/parser.ts'
import { plainWords } from './command-line/plain-words.ts'
import { refuseHelpOfNone } from './command-line/usage-error.ts'
import { commands } from './commands/index.ts'
import { type Status, status } from './terminal/status.ts'
import { print, printToError, say } from './terminal/streams.ts'
import { standardError, standardOutput } from './terminal/terminal.ts'

/** Help is not wider on a wide screen: long lines are hard to read. */
const widestHelp = 120

/** Runs one command line and returns the exit status; the only place where errors end. */
export async function main(args: readonly string[]): Promise<Status> {
  try {
    if (args[0] === completionFlag) {
      const { offersFor } = await import('./command-line/complete.ts')
      print(
        offersFor(args.slice(1))
          .map((offer) => `${offer}\n`)
          .join(''),
      )
      return status.good
    }
    return await run(plainWords(args))
  } catch (error) {
    return report(error)
  }
}

/** What the scripts of `natplan completion` call. */
const completionFlag = '--get-yargs-completions'

/** Without a command what there is is listed, though nothing was done. */
async function run(words: readonly string[]): Promise<Status> {
  refuseHelpOfNone(words, commands)
  let result: Status = words.length === 0 ? status.usage : status.good
  const parser = parserFor(words, (outcome) => {
    result = outcome
  })
  await parser.parseAsync(words.length === 0 ? ['--help'] : words, {}, (_, __, help) => {
    if (help) print(`${foldHelp(help, Math.min(standardOutput.width, widestHelp))}\n`)
  })
  return result
}

/** What the command line, or the machine that it runs on, is at fault for, in contrast to what a document says. */
function isAboutUsage(code: string): boolean {
  const ofCommand = ['USAGE', 'CODE_UNKNOWN', 'HOST_UNKNOWN', 'HOST_UNCLEAR', 'COLUMN_UNCLEAR']
  return code.startsWith('FILE_') || code.startsWith('LAB_') || ofCommand.includes(code)
}

function report(error: unknown): Status {
  if (error instanceof NatplanError) {
    printToError(formatError(error, standardError))
    return isAboutUsage(error.code) ? status.usage : status.findings
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  say('natplan: this is a bug in natplan; please report it with what you ran:', ...detail.split('\n'))
  return status.bug
}
