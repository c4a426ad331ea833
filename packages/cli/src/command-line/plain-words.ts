import { markStandardInput } from '../files/standard-input.ts'

/** The words of a command line as the parser takes them; `help` and `version` are what people say for the options. */
export function plainWords(args: readonly string[]): string[] {
  const [first, ...rest] = args
  if (first === 'help') return [...rest, '--help']
  if (first === 'version' && rest.length === 0) return ['--version']
  if (rest.length === 1 && rest[0] === 'help') return [...args.slice(0, 1), '--help']
  return markStandardInput(args)
}
