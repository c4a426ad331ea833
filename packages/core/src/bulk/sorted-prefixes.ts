/** In place of a depth: this prefix is equal to the one before. */
export const sameAsBefore = 255

/**
 * The prefixes of one family of several tables, sorted by address, then the larger block first, then by table and row. Equal ones
 * stand together as a run.
 */
export interface SortedPrefixes {
  /** The row of each: rows of the second table are counted on behind those of the first, and so on. */
  readonly ids: Uint32Array
  /** For the first of a run, how many distinct prefixes enclose it (at most 128); for the others `sameAsBefore`. */
  readonly depths: Uint8Array
}
