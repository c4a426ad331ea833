import { command, existingOption, findingOption, planFileOptions } from './command.ts'

export const generate = command({
  name: 'generate [plan]',
  about: 'Write everything into a folder, one folder a site, and the lock',
  options: (parser) =>
    findingOption(planFileOptions(parser))
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
})
