import { pictureFormats } from '@natplan/app'
import { command, inputOptions } from './command.ts'

export const picture = command({
  name: 'picture [plan]',
  about: 'Draw the plan, the path between two sites, or what changes',
  options: (parser) =>
    inputOptions(parser.positional('plan', { type: 'string', describe: 'The plan file (same as --file)' }))
      .option('out', {
        alias: 'o',
        type: 'string',
        nargs: 1,
        describe: 'Write the picture to this file; its extension chooses the format: .svg, .mmd, .dot, .drawio',
      })
      .option('site', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Only this site and its peers; without a file: NAME=PREFIX[,PREFIX...], once for each site',
      })
      .option('tunnel', {
        type: 'string',
        array: true,
        nargs: 2,
        describe: 'Draw the path between two sites, with a packet and its answer at each place',
      })
      .option('changes', { type: 'boolean', describe: 'Draw what differs from the lock, before and after' })
      .option('unfold', { type: 'boolean', describe: 'Draw a box for every site, even for many similar ones' })
      .option('output', {
        choices: pictureFormats,
        describe: 'How to write it',
        defaultDescription: 'svg, or by the extension of -o',
      })
      .conflicts('tunnel', ['changes', 'unfold', 'site'])
      .conflicts('changes', ['unfold', 'site'])
      .example('$0 picture -o plan.svg', 'sites, tunnels, and the addresses by which each knows the others')
      .example('$0 picture --tunnel cloud onpremise -o tunnel.svg', 'what is translated where')
      .example('$0 picture --site cloud --output drawio', 'to edit it in draw.io'),
  run: async (given) => (await import('./run-picture.ts')).runPicture(given),
})
