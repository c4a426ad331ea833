import { existsSync } from 'node:fs'
import { NatplanError } from '@natplan/core'
import { anyFormats } from '../output/formats.ts'
import { command, existingOption, findingOption, keyFolderOption, planFileOptions } from './command.ts'

export const generate = command({
  name: 'generate [plan]',
  about: 'Write everything into a folder, one subfolder per site, and the lock',
  options: (parser) =>
    findingOption(planFileOptions(parser))
      .option('output', {
        alias: 'o',
        type: 'string',
        demandOption: true,
        describe: 'The folder; other files in it stay as they are',
      })
      .option('key-folder', keyFolderOption)
      .option('templates', { type: 'string', describe: 'A folder with your own templates: PLATFORM/TEMPLATE.hbs' })
      .option('existing', existingOption)
      .option('check', {
        type: 'boolean',
        describe: 'Write nothing; exit with status 1 when something would be written',
      })
      .example('$0 generate -o out', 'everything for every site of natplan.yaml')
      .example('$0 generate -o out --check', 'for pipelines: status 1 when the folder or the lock is not up to date'),
  run: async (given) => {
    refuseFormat(given.output)
    return (await import('./run-generate.ts')).runGenerate(given)
  },
})

/** Everywhere else `--output` is how a result is printed, so a format here is most likely meant as one. */
function refuseFormat(name: string): void {
  if (!anyFormats.some((format) => format === name) || existsSync(name)) return
  throw new NatplanError(
    'USAGE',
    `--output is the folder that natplan generate writes into, and there is none called ${name}`,
    {
      hint: `natplan plan --output ${name} prints the plan in that form; for a folder of that name write -o ./${name}`,
    },
  )
}
