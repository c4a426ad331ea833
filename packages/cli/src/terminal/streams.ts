import { fstatSync, writeSync } from 'node:fs'
import { forPeople } from '@natplan/app'
import { status } from './status.ts'

/**
 * Writes to standard output or standard error. The streams of Node.js take a tenth of a start to load, so that files and pipes are written to without
 * them. Who runs commands inside of another program may replace it.
 */
export const writer = { write: writeNow }

const descriptors = { stdout: 1, stderr: 2 } as const

type Name = keyof typeof descriptors

function writeNow(name: Name, text: string): void {
  if (mayBeTerminal(name)) streamOf(name).write(text)
  else for (const piece of piecesOf(text)) writeBytes(name, Buffer.from(piece))
}

/** Characters that are made bytes at once: a result may be long, and is in memory already. */
const pieceLength = 1 << 20

/** A text in pieces; no character is in two of them. */
export function* piecesOf(text: string, length = pieceLength): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = at + length
    const isInside = end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xffff
    const next = isInside ? end + 1 : end
    yield text.slice(at, next)
    at = next
  }
}

/** A terminal is one, and so is /dev/null; a closed descriptor is none. */
export function mayBeTerminal(name: Name): boolean {
  try {
    return fstatSync(descriptors[name]).isCharacterDevice()
  } catch {
    return false
  }
}

let isHeard = false

/** The stream of Node.js, for terminals, and for results that wait for their reader. */
export function streamOf(name: Name): NodeJS.WriteStream {
  if (name === 'stdout' && !isHeard) {
    isHeard = true
    process.stdout.on('error', closedEarly)
  }
  return process[name]
}

/** Milliseconds to wait for the reader of a pipe that whoever made it does not want to be waited for. */
const pause = 5

let isClosed = false

function writeBytes(name: Name, bytes: Buffer): void {
  let at = 0
  while (at < bytes.length && !(isClosed && name === 'stdout')) {
    try {
      at += writeSync(descriptors[name], bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
      else if (name === 'stderr') return
      else {
        isClosed = true
        // What is being done is finished first, as a stream would have it.
        process.nextTick(closedEarly, error)
      }
    }
  }
}

/** A reader such as `head` may close the pipe before everything is written; that is no error, but a full disk is. */
function closedEarly({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(status.good)
  say(`natplan: error FILE_UNWRITABLE standard output cannot be written: ${code}`)
  process.exit(status.usage)
}

/** Tells people something on standard error; each text is one line, whatever is in it. */
export function say(...lines: readonly string[]): void {
  writer.write('stderr', linesOf(lines))
}

/** Prints a result for people to standard output; each text is one line, whatever is in it. */
export function printLines(...lines: readonly string[]): void {
  writer.write('stdout', linesOf(lines))
}

/** Prints a result as it is, to standard output: a document or a configuration, whose writer has made it safe for its reader. */
export function print(text: string): void {
  writer.write('stdout', text)
}

/** The same of a result that is made piece by piece. */
export function printPieces(pieces: Iterable<string>): void {
  for (const piece of pieces) print(piece)
}

/** The same to standard error: lines with colours. */
export function printToError(text: string): void {
  writer.write('stderr', text)
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${forPeople(line)}\n`).join('')
}
