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
        describe: 'Even if the plan still has the subnet: the next plan decides afresh',
      }),
  run: async (given) => (await import('./run-release.ts')).runRelease(given),
})
