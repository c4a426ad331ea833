import type { Span } from './read-prefix.ts'

const numberSign = 0x23
const semicolon = 0x3b

/**
 * What a line of a list says, without blanks around it: `#` at its start or behind a blank begins a comment, `;` at its start too.
 * `isCommented`: a comment follows.
 */
export function listLine(bytes: Uint8Array, { start, end }: Span): Span & { readonly isCommented: boolean } {
  let first = start
  while (first < end && isBlank(bytes[first] as number)) first++
  const stop = bytes[first] === semicolon ? first : commentIn(bytes, first, end)
  let last = stop
  while (last > first && isBlank(bytes[last - 1] as number)) last--
  return { start: first, end: last, isCommented: stop < end }
}

function commentIn(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === numberSign && (at === start || isBlank(bytes[at - 1] as number))) return at
  }
  return end
}

/** Blank, tab, and the end of a line on some systems. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
