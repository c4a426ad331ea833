import { command } from './command.ts'

export const release = command({
  name: 'release <site> <prefix>',
  about: 'Free the translated prefix of a subnet that left the plan',
  options: (parser) =>
    parser
      .positional('site', { type: 'string', demandOption: true, describe: 'The site' })
      .positional('prefix', { type: 'string', demandOption: true, describe: 'The real or the translated prefix' })
      .option('file', { alias: 'f', type: 'string', describe: 'The plan file', defaultDescription: 'natplan.yaml' })
      .option('lock', { type: 'string', describe: 'The lock file', defaultDescription: 'beside the plan file' })
      .option('renumber', {
        type: 'boolean',
        describe: 'Free it even if the plan still has the subnet; the next plan then chooses again',
      }),
  run: async (given) => (await import('./run-release.ts')).runRelease(given),
})
