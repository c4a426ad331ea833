import { command } from './command.ts'

export const fmt = command({
  name: 'fmt [file]',
  about: 'Format a plan file; comments and meaning stay',
  options: (parser) =>
    parser
      .positional('file', {
        type: 'string',
        describe: 'The plan file, or one that it includes; - reads standard input and writes standard output',
        defaultDescription: 'natplan.yaml',
      })
      .option('check', { type: 'boolean', describe: 'Change nothing; say whether anything would change' }),
  run: async (given) => (await import('./run-fmt.ts')).runFmt(given),
})
