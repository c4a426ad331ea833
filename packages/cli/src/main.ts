import { formatError } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { plainWords } from './command-line/plain-words.ts'
import { readPlainly } from './command-line/read-plainly.ts'
import { commands } from './commands/index.ts'
import { type Status, status } from './terminal/status.ts'
import { print, printToError, say } from './terminal/streams.ts'
import { standardError } from './terminal/terminal.ts'

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

/** Most command lines need no parser. */
async function run(words: readonly string[]): Promise<Status> {
  const plain = readPlainly(words, commands)
  return plain ? plain.command.run(plain.given) : (await import('./command-line/run-words.ts')).runWords(words)
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
