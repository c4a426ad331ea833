import { NatplanError } from '@natplan/core'
import yargs from 'yargs'
import { commands } from './commands/index.ts'
import { markStandardInput } from './input/standard-input.ts'
import { formatError } from './output/format-finding.ts'
import { printToError, say } from './output/streams.ts'
import { standardError } from './output/terminal.ts'
import { type Status, status } from './status.ts'
import { version } from './version.ts'

/** Runs one command line and returns the exit status; the only place where errors end. */
export async function main(args: readonly string[]): Promise<Status> {
  process.stdout.on('error', closedEarly)
  try {
    let result: Status = status.good
    const parser = parserFor((outcome) => {
      result = outcome
    })
    await parser.parseAsync(markStandardInput(args))
    return result
  } catch (error) {
    return report(error)
  }
}

function parserFor(done: (outcome: Status) => void) {
  const parser = yargs()
    .scriptName('natplan')
    .usage('natplan plans NAT between private networks that use the same addresses.\n\nUsage: $0 COMMAND [OPTIONS]')
    .version(version)
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .detectLocale(false)
    .wrap(Math.min(standardError.width, 120))
    .exitProcess(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a command')
    .fail((message, error) => {
      throw error ?? usageError(message)
    })
    .completion('completion', 'Print a script for shell completion: natplan completion >> ~/.bashrc')
    .epilogue('Exit status: 0 good, 1 error findings, 2 usage, 3 not known, 70 a bug in natplan.')
  for (const command of commands) command.addTo(parser, done)
  return parser
}

/** yargs recommends a command instead of naming the one that it does not know. */
function usageError(message: string): NatplanError {
  const near = /^Did you mean (.*)\?$/.exec(message)?.[1]
  if (near) return new NatplanError('USAGE', 'there is no such command', { hint: `did you mean natplan ${near}?` })
  return new NatplanError('USAGE', firstLower(message), { hint: 'natplan --help shows what is possible' })
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** What the command line, or the machine that it runs on, is at fault for, in contrast to what a document says. */
function isAboutUsage(code: string): boolean {
  const ofCommand = ['USAGE', 'CODE_UNKNOWN', 'COLUMN_UNCLEAR']
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

/** A reader such as `head` may close the pipe before everything is written; that is no error, but a full disk is. */
function closedEarly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(status.good)
  say(`natplan: error FILE_UNWRITABLE standard output cannot be written: ${error.code}`)
  process.exit(status.usage)
}
