import { NatplanError } from '@natplan/core'
import { limits } from '../../limits.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'

/**
 * All of a text.
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
  return tableText(joined(pieces, size))
}

/** What is not UTF-8, nor UTF-16 with its mark, is Windows-1252, as spreadsheets save it; files whose lines end with a carriage return alone are read, too. */
export function tableText(bytes: Uint8Array): string {
  const text = decoded(bytes)
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
  const mark = `${bytes[0]} ${bytes[1]}`
  if (mark === '255 254' || mark === '254 255') {
    return new TextDecoder(mark === '255 254' ? 'utf-16le' : 'utf-16be').decode(bytes)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
