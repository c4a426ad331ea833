// What yargs makes sure of about itself, without the module of Node.js, which takes a moment to load.

export function strictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) throw new Error(message ?? `expected ${expected}, found ${actual}`)
}

export function notStrictEqual(actual: unknown, other: unknown, message?: string): void {
  if (Object.is(actual, other)) throw new Error(message ?? `expected something else than ${other}`)
}
