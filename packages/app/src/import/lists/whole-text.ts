import { NatplanError } from '@natplan/core'
import { limits } from '../../limits.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'

/**
 * All of a text.
 * @throws NatplanError INPUT_TOO_LARGE, FILE_NOT_UTF8
 */
export async function wholeText({ name, chunks, isMarked }: TextPieces): Promise<string> {
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
  return tableText(joined(pieces, size), { name, isMarked })
}

interface TextForm {
  /** What messages call it. */
  readonly name: string
  /** It had the mark of UTF-8 in front. */
  readonly isMarked?: boolean | undefined
}

/**
 * What is not UTF-8, nor UTF-16 with its mark, is Windows-1252, as spreadsheets save it; files whose lines end with a carriage return alone are read, too.
 * @throws NatplanError FILE_NOT_UTF8 where only some of it is UTF-8: read in the other way, every other letter beyond ASCII would change
 */
export function tableText(bytes: Uint8Array, form: TextForm): string {
  const text = decoded(bytes, form)
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

function decoded(bytes: Uint8Array, form: TextForm): string {
  const mark = `${bytes[0]} ${bytes[1]}`
  if (mark === '255 254' || mark === '254 255') {
    return new TextDecoder(mark === '255 254' ? 'utf-16le' : 'utf-16be').decode(bytes)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    refuseMixed(bytes, form)
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function refuseMixed(bytes: Uint8Array, { name, isMarked = false }: TextForm): void {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  if (!isMarked && !beyondAscii.test(text)) return
  const line = text.slice(0, text.indexOf(unreadable)).split(/\r\n|\r|\n/).length
  throw new NatplanError('FILE_NOT_UTF8', `${name}:${line}: a letter is not UTF-8, as those of the rest are`, {
    hint: 'write it again there, and save all of the file as UTF-8',
  })
}

/** What stands for bytes that are no letter. */
const unreadable = '\ufffd'
/** A letter that is UTF-8 in several bytes; the mark at the beginning is one. */
const beyondAscii = /[\u0080-\ufffc\ufffe\uffff]/
