import type { TextPieces } from '@natplan/app'

const headLength = 64 * 1024

/** A text that is there as a whole, as the readers of files take it. */
export function piecesOf(name: string, text: string): TextPieces {
  const bytes = new TextEncoder().encode(text)
  return { name, head: bytes.subarray(0, headLength), isCut: bytes.length > headLength, chunks: once(bytes) }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
