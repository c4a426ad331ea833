import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { print, streamOf } from '../terminal/streams.ts'
import { refuseLinkOut } from './link-out.ts'
import { nextTurn } from './next-turn.ts'
import { randomName } from './random-name.ts'
import { standardInput } from './standard-input.ts'
import { beside, modeFor, realPath, unwritable } from './write-file.ts'

/** So many bytes are collected before they are written. */
const pieceLength = 64 * 1024

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Where a result of any length goes. Whoever writes asks `isFull` now and then and waits for `flush`; then the memory stays small, a
 * slow reader slows the writer down, and signals are noticed.
 */
export interface TextSink {
  write(text: string): void
  /** Lets `encode` write about as much as is collected, from a position to the end of the bytes, where there is room for at least so many. It returns where it ended. */
  fill(least: number, encode: (bytes: Uint8Array, at: number) => number): void
  readonly isFull: boolean
  flush(): Promise<void>
  /** Writes the rest; only then a file gets its name. */
  finish(): Promise<void>
  /** Throws away what was written to a file. */
  abandon(): void
}

/** Standard output, or a file that is replaced as a whole at the end. */
export function openSink(path: string | undefined): TextSink {
  if (path === undefined || path === standardInput) return new StreamSink()
  return new FileSink(path)
}

/** Bytes that wait to be written. */
class Pending {
  #bytes = Buffer.allocUnsafe(2 * pieceLength)
  #length = 0

  write(text: string): void {
    this.#makeRoom(Buffer.byteLength(text))
    this.#length += this.#bytes.write(text, this.#length)
  }

  fill(least: number, encode: (bytes: Uint8Array, at: number) => number): void {
    const size = Math.max(pieceLength, least)
    this.#makeRoom(size)
    this.#length = encode(this.#bytes.subarray(0, this.#length + size), this.#length)
  }

  get isFull(): boolean {
    return this.#length >= pieceLength
  }

  /** All that waits; it is forgotten here. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.allocUnsafe(2 * pieceLength)
    this.#length = 0
    return taken
  }

  #makeRoom(most: number): void {
    if (this.#length + most <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#length + most))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

class StreamSink implements TextSink {
  readonly #pending = new Pending()
  #isStreaming = false

  write(text: string): void {
    this.#pending.write(text)
  }

  fill(least: number, encode: (bytes: Uint8Array, at: number) => number): void {
    this.#pending.fill(least, encode)
  }

  get isFull(): boolean {
    return this.#pending.isFull
  }

  async flush(): Promise<void> {
    this.#isStreaming = true
    const bytes = this.#pending.take()
    const stream = streamOf('stdout')
    const hasRoom = bytes.length === 0 || stream.write(bytes)
    if (!hasRoom) await new Promise<void>((resolve) => stream.once('drain', () => resolve()))
    await nextTurn()
  }

  async finish(): Promise<void> {
    if (this.#isStreaming) await this.flush()
    else print(this.#pending.take().toString('utf8'))
  }

  abandon(): void {
    this.#pending.take()
  }
}

class FileSink implements TextSink {
  readonly #path: string
  readonly #target: string
  /** Undefined for a device or a pipe, which is written to as it is. */
  readonly #temporary: string | undefined
  readonly #descriptor: number
  readonly #pending = new Pending()
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.abandon()
    process.kill(process.pid, signal)
  }

  constructor(path: string) {
    refuseLinkOut(path)
    this.#path = path
    this.#target = realPath(path)
    this.#temporary = isReplaceable(this.#target) ? beside(this.#target, `${randomName(6)}.tmp`) : undefined
    this.#descriptor = this.#orUnwritable(() =>
      this.#temporary ? openSync(this.#temporary, 'wx', modeFor(this.#target)) : openSync(this.#target, 'w'),
    )
    for (const signal of signals) process.once(signal, this.#onSignal)
  }

  write(text: string): void {
    this.#pending.write(text)
  }

  fill(least: number, encode: (bytes: Uint8Array, at: number) => number): void {
    this.#pending.fill(least, encode)
  }

  get isFull(): boolean {
    return this.#pending.isFull
  }

  async flush(): Promise<void> {
    this.#drain()
    await nextTurn()
  }

  async finish(): Promise<void> {
    this.#drain()
    this.#orUnwritable(() => {
      closeSync(this.#descriptor)
      if (this.#temporary) renameSync(this.#temporary, this.#target)
    })
    this.#forgetSignals()
  }

  abandon(): void {
    this.#forgetSignals()
    if (this.#temporary) rmSync(this.#temporary, { force: true })
  }

  #drain(): void {
    const bytes = this.#pending.take()
    this.#orUnwritable(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    })
  }

  #forgetSignals(): void {
    for (const signal of signals) process.removeListener(signal, this.#onSignal)
  }

  #orUnwritable<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.abandon()
      throw unwritable(this.#path, error)
    }
  }
}

function isReplaceable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true
}
