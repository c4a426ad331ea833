import { type PictureFormat, pictureFormats } from '@natplan/app'
import { type DiffFormat, diffFormats } from '../output/formats.ts'
import { command, findingOption, keyFolderOption, planFileOption } from './command.ts'

const allFormats: readonly (DiffFormat | PictureFormat)[] = [...diffFormats, ...pictureFormats]

export const diff = command({
  name: 'diff <configs..>',
  about: 'Print the lines that bring running gateways to the plan',
  options: (parser) =>
    findingOption(
      planFileOption(
        parser.positional('configs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Running configurations: SITE=FILE, or FILE with --site; - is standard input',
        }),
      ),
    )
      .option('site', { type: 'string', describe: 'The site of a FILE given without one' })
      .option('check', { type: 'boolean', describe: 'Exit with status 1 when a gateway is not as planned' })
      .option('script', {
        type: 'boolean',
        describe: 'Print a script to run on the device: it checks, confirms, applies, saves',
      })
      .option('show-secrets', {
        type: 'boolean',
        describe: 'Print the pre-shared keys that must be set instead of a comment in their place',
      })
      .option('key-folder', keyFolderOption)
      .option('templates', { type: 'string', describe: 'A folder with your own templates: PLATFORM/TEMPLATE.hbs' })
      .option('save', { type: 'boolean', describe: 'Write the rule numbers to the lock, so that they do not change' })
      .option('output', {
        choices: allFormats,
        default: 'text' as const,
        describe: "text: lines to enter; json, yaml: for programs; svg and others: the plan's packets before and after",
      })
      .example('$0 diff cloud=running.txt', 'what to set and delete on the cloud gateway')
      .example('$0 diff cloud=running.txt --output svg', 'what happens to packets today, and as planned')
      .example('$0 diff cloud=running.txt --check', 'for pipelines: status 1 on drift'),
  run: async (given) => (await import('./run-diff.ts')).runDiff(given),
})
