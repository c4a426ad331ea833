import { anyOutputOption, command, readingOptions } from './command.ts'

export const free = command({
  name: 'free [items..]',
  about: 'Print what is free in pools',
  options: (parser) =>
    readingOptions(
      anyOutputOption(
        parser.positional('items', {
          type: 'string',
          array: true,
          describe: 'Files of prefixes in use, or prefixes; - is standard input',
        }),
      ),
    )
      .option('in', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'The pools to look in',
        defaultDescription: 'those of the plan',
      })
      .option('file', {
        alias: 'f',
        type: 'string',
        describe: 'A plan file; everything in it counts as in use',
        defaultDescription: 'natplan.yaml, when no pool is named',
      })
      .option('lock', { type: 'string', describe: 'The lock file', defaultDescription: 'beside the plan file' })
      .option('length', { type: 'number', describe: 'List free blocks of this prefix length' })
      .option('count', { type: 'number', describe: 'How many to list', defaultDescription: '20' })
      .example('$0 free --in 10.0.0.0/8 used.csv --length 24', 'the next free networks')
      .example('$0 free', 'what is left in the pools of natplan.yaml'),
  run: async (given) => (await import('./run-free.ts')).runFree(given),
})
