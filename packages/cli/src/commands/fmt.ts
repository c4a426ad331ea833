import { command } from './command.ts'

export const fmt = command({
  name: 'fmt [file]',
  about: 'Write a plan file in its one form; comments and meaning stay',
  options: (parser) =>
    parser
      .positional('file', {
        type: 'string',
        describe: 'The plan file, or one that it includes; - is standard input, and goes to standard output',
        defaultDescription: 'natplan.yaml',
      })
      .option('check', { type: 'boolean', describe: 'Change nothing, and say whether something would be changed' }),
  run: async (given) => (await import('./run-fmt.ts')).runFmt(given),
})
