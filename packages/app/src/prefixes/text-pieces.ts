/** A text as UTF-8 bytes, piece by piece. */
export interface TextPieces {
  /** What messages call it. */
  readonly name: string
  /** The begin of the text. `chunks` has it too. */
  readonly head: Uint8Array
  /** The head is not the whole text. */
  readonly isCut: boolean
  readonly chunks: AsyncIterable<Uint8Array>
  /** The mark of UTF-8 stood in front of it. */
  readonly isMarked?: boolean
  /** What is in the file and not in the text. */
  readonly notes?: readonly string[]
}
