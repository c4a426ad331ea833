import { command } from './command.ts'

export const psk = command({
  name: 'psk',
  about: 'Print a strong pre-shared key of characters that every platform accepts',
  options: (parser) => parser.example('NATPLAN_PSK=$($0 psk)', 'a key in a variable'),
  run: async () => (await import('./run-psk.ts')).runPsk(),
})
