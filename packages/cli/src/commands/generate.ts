import { type Command, existingOption } from './command.ts'
import type { GenerateOptions } from './run-generate.ts'

export const generate: Command<GenerateOptions> = {
  name: 'generate [plan]',
  about: 'Write everything into a folder, one folder a site, and the lock',
  options: (parser) =>
    parser
      .positional('plan', { type: 'string', describe: 'The plan file (same as --file)' })
      .option('file', {
        alias: 'f',
        type: 'string',
        describe: 'The plan file; - is standard input',
        defaultDescription: 'natplan.yaml',
      })
      .option('lock', { type: 'string', describe: 'The lock file', defaultDescription: 'beside the plan file' })
      .option('output', {
        alias: 'o',
        type: 'string',
        demandOption: true,
        describe: 'The folder; other files in it stay as they are',
      })
      .option('templates', { type: 'string', describe: 'A folder with templates of your own: PLATFORM/TEMPLATE.hbs' })
      .option('existing', existingOption)
      .example('$0 generate -o out', 'everything for every site of natplan.yaml'),
  run: async (given) => (await import('./run-generate.ts')).runGenerate(given),
}
