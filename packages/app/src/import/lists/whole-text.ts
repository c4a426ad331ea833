import { NatplanError } from '@natplan/core'
import { limits } from '../../limits.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'

/**
 * All of a text. What is not UTF-8 is Windows-1252, as spreadsheets save it; files whose lines end with a carriage return alone are read, too.
 * @throws NatplanError INPUT_TOO_LARGE
 */
export async function wholeText({ name, chunks }: TextPieces): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of chunks) {
    size += piece.length
    if (size > limits.fileBytes.most) {
      throw new NatplanError('INPUT_TOO_LARGE', `${name} has more than ${limits.fileBytes.most} bytes`, {
        hint: 'import it in parts',
      })
    }
    pieces.push(piece.slice())
  }
  const text = decoded(joined(pieces, size))
  return text.includes('\r') && !text.includes('\n') ? text.replaceAll('\r', '\n') : text
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
