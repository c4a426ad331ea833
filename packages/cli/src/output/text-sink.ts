import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { NatplanError } from '@natplan/core'
import { standardInput } from '../input/standard-input.ts'

/** So many characters are collected before they are written. */
const pieceLength = 64 * 1024

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Where a result of any length goes. Whoever writes asks `isFull` now and then and waits for `flush`; then the memory stays small, a
 * slow reader slows the writer down, and signals are noticed.
 */
export interface TextSink {
  write(text: string): void
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

class StreamSink implements TextSink {
  #text = ''

  write(text: string): void {
    this.#text += text
  }

  get isFull(): boolean {
    return this.#text.length >= pieceLength
  }

  async flush(): Promise<void> {
    const text = this.#text
    this.#text = ''
    const hasRoom = text === '' || process.stdout.write(text)
    if (!hasRoom) await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()))
    // A reader that went away is told of only between two turns of the event loop.
    await setImmediate()
  }

  finish(): Promise<void> {
    return this.flush()
  }

  abandon(): void {
    this.#text = ''
  }
}

class FileSink implements TextSink {
  readonly #path: string
  readonly #target: string
  /** Undefined for a device or a pipe, which is written to as it is. */
  readonly #temporary: string | undefined
  readonly #descriptor: number
  #text = ''
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.abandon()
    process.kill(process.pid, signal)
  }

  constructor(path: string) {
    this.#path = path
    this.#target = realPath(path)
    this.#temporary = isReplaceable(this.#target)
      ? join(dirname(this.#target), `.${basename(this.#target)}.${process.pid}.tmp`)
      : undefined
    this.#descriptor = this.#orUnwritable(() => openSync(this.#temporary ?? this.#target, this.#temporary ? 'wx' : 'w'))
    for (const signal of signals) process.once(signal, this.#onSignal)
  }

  write(text: string): void {
    this.#text += text
  }

  get isFull(): boolean {
    return this.#text.length >= pieceLength
  }

  async flush(): Promise<void> {
    this.#drain()
    await setImmediate()
  }

  async finish(): Promise<void> {
    this.#drain()
    this.#orUnwritable(() => {
      if (this.#temporary) fsyncSync(this.#descriptor)
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
    const bytes = Buffer.from(this.#text)
    this.#text = ''
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
      const code = (error as NodeJS.ErrnoException).code
      if (code === undefined) throw error
      throw new NatplanError('FILE_UNWRITABLE', `${this.#path} cannot be written: ${code}`, { cause: error })
    }
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function isReplaceable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true
}
