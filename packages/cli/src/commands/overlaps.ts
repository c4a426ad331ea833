import { type Command, inputOptions, outputOption } from './command.ts'
import type { OverlapsOptions } from './run-overlaps.ts'

export const overlaps: Command<OverlapsOptions> = {
  name: 'overlaps [items..]',
  about: 'Print who collides with whom: in a plan file, or among prefixes',
  options: (parser) =>
    outputOption(
      inputOptions(
        parser.positional('items', { type: 'string', array: true, describe: 'A plan file, or prefixes to compare' }),
      ),
    )
      .example('$0 overlaps', 'the sites of natplan.yaml')
      .example('$0 overlaps 10.0.0.0/8 10.0.1.0/24', 'prefixes against each other'),
  run: async (given) => (await import('./run-overlaps.ts')).runOverlaps(given),
}
