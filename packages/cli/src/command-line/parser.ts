import yargs from 'yargs'
import type { Command } from '../commands/command.ts'
import { commands } from '../commands/index.ts'
import { version } from '../version.ts'
import { usageError } from './usage-error.ts'

/** The parser of natplan's command line; its help comes out in lines as long as they are. */
export function parserFor(args: readonly string[], take: (command: Command, given: object) => Promise<void>) {
  const parser = yargs()
    .scriptName('natplan')
    .usage('natplan plans NAT between private networks that use the same addresses.\n\nUsage: $0 COMMAND [OPTIONS]')
    .version(version)
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .detectLocale(false)
    .wrap(null)
    .exitProcess(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a command')
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error
      throw usageError(message || error.message, args, commands)
    })
    .epilogue(
      'natplan help COMMAND explains a command. Exit status: 0 good, 1 errors found, 2 wrong usage, 3 not known, 70 a bug in natplan.',
    )
  for (const command of commands) command.addTo(parser, (given) => take(command, given))
  keepNoHelp(parser)
  return parser
}

/** What yargs knows of its help, which its types leave out. */
interface WithUsage {
  readonly getInternalMethods: () => { readonly getUsageInstance: () => { cacheHelpMessage: () => void } }
}

/** yargs writes the help of a command that has begun, to have it when that fails; `main` tells of faults, and without help. */
function keepNoHelp(parser: object): void {
  ;(parser as WithUsage).getInternalMethods().getUsageInstance().cacheHelpMessage = () => {}
}
