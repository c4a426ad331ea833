import { anyOutputOption, command, inputOptions, readingOptions } from './command.ts'

export const overlaps = command({
  name: 'overlaps [items..]',
  about: 'Print which prefixes collide, in a plan or in files of prefixes',
  options: (parser) =>
    readingOptions(
      anyOutputOption(
        inputOptions(
          parser.positional('items', {
            type: 'string',
            array: true,
            describe: 'A plan file; or prefixes and files of prefixes; - is standard input',
          }),
        ),
      ),
    )
      .option('between', { type: 'boolean', describe: 'Compare inputs with each other (default for several)' })
      .option('within', { type: 'boolean', describe: 'Compare each input with itself (default for one)' })
      .option('summary', { type: 'boolean', describe: 'Print only the counts' })
      .option('flagged', { type: 'boolean', describe: 'Print only which prefixes overlap, not with what: fastest' })
      .option('limit', { type: 'number', describe: 'Write at most this many pairs', default: 10_000_000 })
      .option('out', { alias: 'o', type: 'string', nargs: 1, describe: 'Write the result to this file' })
      .example('$0 overlaps', 'the sites of natplan.yaml')
      .example('$0 overlaps 10.0.0.0/8 10.0.1.0/24', 'prefixes against each other')
      .example('$0 overlaps ours.csv theirs.txt', 'files against each other')
      .example('aws ec2 describe-subnets | $0 overlaps - office.csv', 'the output of a program'),
  run: async (given) => (await import('./run-overlaps.ts')).runOverlaps(given),
})
