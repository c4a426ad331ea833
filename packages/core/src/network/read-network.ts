import type { Finding, Path } from '../finding.ts'
import { normalizePartly, type PartialReading } from './normalize.ts'
import { readPartly } from './read-written.ts'
import { type WrittenNetwork, writtenNetwork } from './written.ts'

/** What a parsed plan file says, and everything that is wrong with it. */
export interface NetworkReading extends PartialReading {
  /** Where a place is in the document: under the key as it is written there, also when that is mistyped. */
  readonly asWritten: (path: Path) => Path
}

/**
 * Reads a parsed plan file: its shape, its values, then the rules. Each works on what the one before could read, so that a mistyped key hides
 * nothing else. `known` is what is wrong with the document already, such as keys that are written twice.
 */
export function readNetwork(data: unknown, known: readonly Finding[] = []): NetworkReading {
  const { value, findings, unread, asWritten } = readPartly<WrittenNetwork>(writtenNetwork, data, 'plan')
  for (const { place } of known) unread.add(place.path)
  return { ...normalizePartly(value, { findings: [...known, ...findings], unread }), asWritten }
}
