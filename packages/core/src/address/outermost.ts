import { Prefix } from './prefix.ts'

/** Sorted, without those that lie in another. */
export function outermost(prefixes: Iterable<Prefix>): Prefix[] {
  const kept: Prefix[] = []
  for (const prefix of [...prefixes].sort(Prefix.compare)) if (!kept.at(-1)?.contains(prefix)) kept.push(prefix)
  return kept
}
