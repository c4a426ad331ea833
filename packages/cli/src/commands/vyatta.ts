import { command, existingOption, findingOption, keyFolderOption, planFileOptions } from './command.ts'

export const vyatta = command({
  name: ['vyatta [plan]', 'gateway'],
  about: 'Print gateway configuration, for every platform',
  options: (parser) =>
    findingOption(planFileOptions(parser))
      .option('site', { type: 'string', describe: "Only this site's gateway" })
      .option('remove', { type: 'boolean', describe: 'Print what removes the configuration again' })
      .option('check', { type: 'boolean', describe: 'Print the commands that check on the device whether it works' })
      .option('script', {
        type: 'boolean',
        describe: 'Print a script to run on the device: it checks, confirms, applies, saves',
      })
      .option('show-secrets', {
        type: 'boolean',
        describe: 'Print the pre-shared keys instead of a comment in their place',
      })
      .option('key-folder', keyFolderOption)
      .option('templates', { type: 'string', describe: 'A folder with your own templates: PLATFORM/TEMPLATE.hbs' })
      .option('existing', existingOption)
      .option('save', { type: 'boolean', describe: 'Write the rule numbers to the lock, so that they do not change' })
      .conflicts('remove', 'check')
      .conflicts('check', 'script')
      .example('$0 vyatta --site cloud', "the cloud gateway's configuration"),
  run: async (given) => (await import('./run-vyatta.ts')).runVyatta(given),
})
