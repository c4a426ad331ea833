import { command } from './command.ts'

export const init = command({
  name: 'init [path]',
  about: 'Write a commented plan file; never overwrites one',
  options: (parser) =>
    parser.positional('path', { type: 'string', describe: 'Where to write it', defaultDescription: 'natplan.yaml' }),
  run: async (given) => (await import('./run-init.ts')).runInit(given),
})
