import { command, existingOption, keyFolderOption, planFileOptions } from './command.ts'

export const generate = command({
  name: 'generate [plan]',
  about: 'Write everything into a folder, one folder a site, and the lock',
  options: (parser) =>
    planFileOptions(parser)
      .option('output', {
        alias: 'o',
        type: 'string',
        demandOption: true,
        describe: 'The folder; other files in it stay as they are',
      })
      .option('key-folder', keyFolderOption)
      .option('templates', { type: 'string', describe: 'A folder with templates of your own: PLATFORM/TEMPLATE.hbs' })
      .option('existing', existingOption)
      .option('check', {
        type: 'boolean',
        describe: 'Write nothing; end with status 1 when something would be written',
      })
      .example('$0 generate -o out', 'everything for every site of natplan.yaml')
      .example('$0 generate -o out --check', 'for pipelines: status 1 when the folder or the lock is not up to date'),
  run: async (given) => (await import('./run-generate.ts')).runGenerate(given),
})
