import { command } from './command.ts'

export const init = command({
  name: 'init [path]',
  about: 'Write a commented plan file; never overwrites one',
  options: (parser) =>
    parser.positional('path', { type: 'string', describe: 'The file to write', defaultDescription: 'natplan.yaml' }),
  run: async (given) => (await import('./run-init.ts')).runInit(given),
})
