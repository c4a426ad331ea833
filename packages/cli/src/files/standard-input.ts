/**
 * Stands for standard input inside the command. People write `-`, which yargs drops among positional arguments, so it is
 * replaced before; no real argument can hold a NUL.
 */
export const standardInput = '\0'

export function markStandardInput(args: readonly string[]): string[] {
  return args.map((arg) => (arg === '-' ? standardInput : arg))
}

/** What messages call a file. */
export function nameOf(path: string): string {
  return path === standardInput ? 'standard input' : path
}
