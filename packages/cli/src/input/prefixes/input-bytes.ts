import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { limits, type TextPieces } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { turnInTime } from '../../files/next-turn.ts'
import { nameOf, standardInput } from '../../files/standard-input.ts'
import { refusePacked } from '../packed-files.ts'

/** The text of an input, whatever it was packed in. */
export interface InputBytes extends TextPieces {
  /** How far reading is, in bytes as stored; `total` is undefined where the system does not know. */
  readonly progress: { readonly read: number; readonly total: number | undefined }
  /** From now on a piece holds only until the next one is asked for: new memory for each takes longer than reading. */
  reusePieces(): void
  /** Lets go of a file or pipe that is not read to its end; else a pipe keeps the command waiting. */
  close(): void
}

/** So much of a text decides about its format. */
const headSize = 64 * 1024
const chunkSize = 256 * 1024

const byteOrderMark = '\ufeff'

/** What an input is stored as. */
interface StoredBytes {
  readonly pieces: AsyncIterable<Buffer>
  readonly total: number | undefined
  reusePieces(): void
  close(): void
}

/**
 * Opens a file or standard input for reading piece by piece. Gzip is unpacked, UTF-16 with its mark is turned into UTF-8.
 * @throws NatplanError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_FORMAT
 */
export async function openInput(path: string, sheet?: string): Promise<InputBytes> {
  const stored = openStored(path)
  try {
    return await decode(stored, { name: nameOf(path), sheet })
  } catch (error) {
    stored.close()
    throw error
  }
}

async function decode(
  { pieces, total, reusePieces, close }: StoredBytes,
  { name, sheet }: { readonly name: string; readonly sheet: string | undefined },
): Promise<InputBytes> {
  const progress = { read: 0, total }
  const raw = counted(pieces, progress)
  const packed = await peek(guarded(raw, name), 4)
  if (isZip(packed.head)) return sheetOf(packed.chunks, { name, sheet, progress, reusePieces: nothing, close })
  refusePacked(packed.head, name)
  const bytes = isGzip(packed.head) ? unpacked(packed.chunks, name) : packed.chunks
  const marked = await peek(bytes, headSize)
  refusePacked(marked.head, name)
  const encoding = encodingOf(marked.head, name)
  const text = encoding === 'utf-8' ? withoutMark(marked) : await peek(decoded(marked.chunks, encoding), headSize)
  // The one that unpacks reads ahead.
  return { name, ...text, progress, reusePieces: isGzip(packed.head) ? nothing : reusePieces, close }
}

/** Pipes and devices are read by streams, which may have to wait; files without them, since they take longer to load than most files to read. */
function openStored(path: string): StoredBytes {
  if (path === standardInput) return ofStream(process.stdin)
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) {
      throw new NatplanError('FILE_UNREADABLE', `${path} is a directory`, { hint: 'name the files in it' })
    }
    return stats.isFile() ? ofFile(path) : ofStream(createReadStream(path, { highWaterMark: chunkSize }))
  } catch (error) {
    throw systemError(path, error)
  }
}

const nothing = () => undefined

function ofStream(stream: Readable): StoredBytes {
  return { pieces: stream, total: undefined, reusePieces: nothing, close: () => stream.destroy() }
}

function ofFile(path: string): StoredBytes {
  const descriptor = openSync(path, 'r')
  let isOpen = true
  let isReused = false
  const close = () => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  const reusePieces = () => {
    isReused = true
  }
  async function* pieces(): AsyncGenerator<Buffer> {
    let piece = Buffer.allocUnsafe(chunkSize)
    while (isOpen) {
      const length = readSync(descriptor, piece)
      if (length === 0) break
      yield piece.subarray(0, length)
      if (!isReused) piece = Buffer.allocUnsafe(chunkSize)
      await turnInTime()
    }
    close()
  }
  return { pieces: pieces(), total: fstatSync(descriptor).size, reusePieces, close }
}

function systemError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof NatplanError || code === undefined) return error
  if (code === 'ENOENT') return new NatplanError('FILE_NOT_FOUND', `${path} does not exist`, { cause: error })
  return new NatplanError('FILE_UNREADABLE', `${path} cannot be read: ${code}`, { cause: error })
}

async function* counted(stream: AsyncIterable<Buffer>, progress: { read: number }): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    progress.read += chunk.length
    yield chunk
  }
}

async function* guarded(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch (error) {
    throw systemError(name, error)
  }
}

interface Peeked {
  readonly head: Buffer
  readonly isCut: boolean
  readonly chunks: AsyncIterable<Buffer>
  readonly isMarked?: boolean
}

/** Reads ahead until so many bytes are known, or all. */
async function peek(stream: AsyncIterable<Buffer>, size: number): Promise<Peeked> {
  const iterator = stream[Symbol.asyncIterator]()
  const pieces: Buffer[] = []
  let length = 0
  let isCut = true
  while (length < size) {
    const { done, value } = await iterator.next()
    if (done) {
      isCut = false
      break
    }
    pieces.push(value)
    length += value.length
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* pieces
    while (isCut) {
      const { done, value } = await iterator.next()
      if (done) return
      yield value
    }
  }
  return {
    head: Buffer.concat(pieces).subarray(0, size),
    isCut: isCut || length > size,
    chunks: chunks(),
    isMarked: true,
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

function isZip(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))
}

interface Opened extends Pick<InputBytes, 'name' | 'progress' | 'reusePieces' | 'close'> {
  readonly sheet: string | undefined
}

/** A workbook is read as a whole, since what it holds is listed at its end; what reads it is loaded for workbooks alone. */
async function sheetOf(chunks: AsyncIterable<Buffer>, { sheet, ...opened }: Opened): Promise<InputBytes> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of chunks) {
    length += piece.length
    if (length > limits.fileBytes.most) {
      const most = limits.fileBytes.most / 1024 / 1024
      throw new NatplanError('INPUT_TOO_LARGE', `${opened.name} has more than ${most} MiB`, {
        hint: 'export the sheet as CSV',
      })
    }
    pieces.push(piece)
  }
  const { readSheet } = await import('./read-sheet.ts')
  const { name, text, notes } = await readSheet(opened.name, Buffer.concat(pieces), sheet)
  const bytes = Buffer.from(text)
  async function* all(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  return { ...opened, name, notes, head: bytes.subarray(0, headSize), isCut: bytes.length > headSize, chunks: all() }
}

/** Pieces of several files that were compressed one by one and joined are read as one. */
async function* unpacked(packed: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize })
  const source = Readable.from(packed, { objectMode: false })
  source.on('error', (error) => gunzip.destroy(error))
  try {
    let length = 0
    for await (const piece of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > limits.unpackedBytes.most) throw unpacksTooFar(name)
      yield piece
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!code.startsWith('Z_')) throw error
    const hint = code === 'Z_BUF_ERROR' ? 'it ends in the middle; copy it again' : 'it is damaged; copy it again'
    throw new NatplanError('FILE_FORMAT', `${name} is not valid gzip`, { hint, cause: error })
  }
}

function unpacksTooFar(name: string): NatplanError {
  const most = limits.unpackedBytes.most / 1024 / 1024
  return new NatplanError('INPUT_TOO_LARGE', `${name} unpacks to more than ${most} MiB`, {
    hint: 'is this the right file? gzip -dc FILE | natplan ... - reads as much as there is',
  })
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

function encodingOf(head: Buffer, name: string): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (looksLikeUtf16(head)) {
    const hint = `iconv -f UTF-16LE -t UTF-8 FILE | natplan ... -`
    throw new NatplanError('FILE_FORMAT', `${name} looks like UTF-16 without a byte order mark`, { hint })
  }
  return 'utf-8'
}

/** ASCII as UTF-16: every other byte is zero. */
function looksLikeUtf16(head: Buffer): boolean {
  const looked = head.subarray(0, 512)
  if (looked.length < 8) return false
  let zeros = 0
  for (const byte of looked) if (byte === 0) zeros++
  if (zeros * 5 < looked.length * 2) return false
  return looked.every((byte, index) => byte !== 0 || index % 2 === looked.indexOf(0) % 2)
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

function withoutMark(peeked: Peeked): Peeked {
  const mark = Buffer.from(byteOrderMark)
  if (!peeked.head.subarray(0, mark.length).equals(mark)) return peeked
  async function* chunks(): AsyncGenerator<Buffer> {
    let left = mark.length
    for await (const chunk of peeked.chunks) {
      const skipped = Math.min(left, chunk.length)
      left -= skipped
      yield chunk.subarray(skipped)
    }
  }
  return { ...peeked, head: peeked.head.subarray(mark.length), chunks: chunks(), isMarked: true }
}
