import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { limits, type NamedText, tableText } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { nameOf, standardInput } from '../files/standard-input.ts'
import { refusePacked } from './packed-files.ts'

const largestFile = limits.fileBytes.most

/**
 * Reads a text file, or standard input.
 * @throws NatplanError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_TOO_LARGE, FILE_EMPTY, FILE_NOT_UTF8
 */
export function readText(path: string): string {
  return textOf(readBytes(path), nameOf(path))
}

/**
 * The text that bytes hold; `name` is what messages call them.
 * @throws NatplanError FILE_EMPTY, FILE_NOT_UTF8
 */
export function textOf(bytes: Buffer, name: string): string {
  return notEmpty(decode(bytes, name), name)
}

function notEmpty(text: string, name: string): string {
  if (text.trim() !== '') return text
  throw new NatplanError('FILE_EMPTY', `${name} is empty`, {
    hint: 'natplan init writes a plan file, a lock comes back from version control; save the output of a device again',
  })
}

/**
 * A text file with what messages call it.
 * @throws NatplanError those of `readText`
 */
export function readNamed(path: string): NamedText {
  return { name: nameOf(path), text: readText(path) }
}

/**
 * A table as spreadsheets save it, with what messages call it.
 * @throws NatplanError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_TOO_LARGE, FILE_EMPTY, FILE_FORMAT, FILE_NOT_UTF8
 */
export function readNamedTable(path: string): NamedText {
  const bytes = readBytes(path)
  refusePacked(bytes, path)
  return { name: path, text: notEmpty(tableText(bytes, { name: path }), path) }
}

function readBytes(path: string): Buffer {
  try {
    const descriptor = path === standardInput ? 0 : openSync(path, 'r')
    try {
      const stats = fstatSync(descriptor)
      if (stats.isDirectory())
        throw new NatplanError('FILE_UNREADABLE', `${path} is a directory`, { hint: 'name a file in it' })
      if (stats.size > largestFile) throw tooLarge(path)
      return readWhole(descriptor, path)
    } finally {
      if (descriptor !== 0) closeSync(descriptor)
    }
  } catch (error) {
    throw systemError(path, error)
  }
}

/** Piece by piece, since devices and pipes do not say how much there is. */
function readWhole(descriptor: number, path: string): Buffer {
  const pieces: Buffer[] = []
  let total = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(1024 * 1024)
    const count = readSync(descriptor, piece)
    if (count === 0) return Buffer.concat(pieces, total)
    pieces.push(piece.subarray(0, count))
    total += count
    if (total > largestFile) throw tooLarge(path)
  }
}

function tooLarge(path: string): NatplanError {
  return new NatplanError('FILE_TOO_LARGE', `${nameOf(path)} is larger than 64 MiB`, {
    hint: 'is this the right file?',
  })
}

function systemError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof NatplanError || code === undefined) return error
  if (code === 'ENOENT') {
    return new NatplanError('FILE_NOT_FOUND', `${path} does not exist`, {
      hint: 'is the path right? For a plan file: natplan init writes one, -f names another, --site NAME=PREFIX does without',
      cause: error,
    })
  }
  return new NatplanError('FILE_UNREADABLE', `${path} cannot be read: ${code}`, { cause: error })
}

function decode(bytes: Buffer, name: string): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  try {
    if (utf16) throw new TypeError('UTF-16')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (text.includes('\0')) throw new TypeError('NUL')
    return text
  } catch (error) {
    const hint = utf16 ? 'it looks like UTF-16; save it as UTF-8' : 'is this the right file?'
    throw new NatplanError('FILE_NOT_UTF8', `${name} is not UTF-8 text`, { hint, cause: error })
  }
}
