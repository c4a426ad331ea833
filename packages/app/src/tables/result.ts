import type { LongTable } from './table.ts'

/** A result in both shapes: for people and for programs. Each is made only when it is printed. */
export interface Result {
  readonly tables: () => Iterable<LongTable>
  readonly document: () => unknown
}
