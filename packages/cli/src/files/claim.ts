import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, unlinkSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { NatplanError } from '@natplan/core'
import { randomName } from './random-name.ts'

/** A file that is there while somebody works on what it stands beside. */
export interface ClaimFile {
  readonly path: string
  /** What people call it. */
  readonly shown: string
}

/** How long another natplan is waited for, and how often it is asked. */
const patience = 5000
const pause = 50

/** The longest runs take minutes; a claim of another machine that is this old was left behind. */
const oldest = 60 * 60_000

/** Whoever makes a claim writes into it at once. */
const emptyFor = 1000

interface Holder {
  /** The machine since its start, and what counts processes there. */
  readonly place: string
  readonly process: number
  readonly token: string
}

/**
 * Does what no two runs may do at once. Another run is waited for; a claim whose process is gone is taken over. Where no file can be
 * made, nothing can be written either, so the work is done without a claim.
 * @throws NatplanError FILE_IN_USE
 */
export function whileClaimed<T>(file: ClaimFile, work: () => T): T {
  const token = claim(file)
  try {
    return work()
  } finally {
    if (token !== undefined && read(file.path)?.holder?.token === token) unlinkIfPossible(file.path)
  }
}

function claim(file: ClaimFile): string | undefined {
  const until = Date.now() + patience
  for (;;) {
    const made = tryToMake(file.path)
    if (made !== 'there') return made
    const there = read(file.path)
    if (Date.now() > until) throw inUse(file, there?.holder)
    if (there && isLeft(there)) takeAway(file.path)
    else sleep(pause)
  }
}

const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = constants

/** The token of a claim that was made; undefined where none can be. */
function tryToMake(path: string): string | 'there' | undefined {
  const token = randomName(12)
  const holder: Holder = { place: thisPlace(), process: process.pid, token }
  let descriptor: number
  try {
    descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'there' : undefined
  }
  try {
    writeSync(descriptor, `${JSON.stringify(holder)}\n`)
    return token
  } catch {
    unlinkIfPossible(path)
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

interface Claim {
  /** Undefined while it is written, or when it is no claim. */
  readonly holder: Holder | undefined
  readonly age: number
}

function read(path: string): Claim | undefined {
  try {
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const { mtimeMs, size } = fstatSync(descriptor)
      const holder = size > 1024 ? undefined : parse(readFileSync(descriptor, 'utf8'))
      return { holder, age: Date.now() - mtimeMs }
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { place, process, token } = JSON.parse(text) as Partial<Holder>
    const isHolder = typeof place === 'string' && Number.isSafeInteger(process) && typeof token === 'string'
    return isHolder ? { place, process: process as number, token } : undefined
  } catch {
    return undefined
  }
}

/** This process holds no claim when it asks, so one with its number is of a process before it. */
function isLeft({ holder, age }: Claim): boolean {
  if (!holder) return age > emptyFor
  if (holder.place !== thisPlace()) return age > oldest
  return holder.process === process.pid || !isRunning(holder.process)
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Only one of those who see that a claim was left may take it away: another may have made a new one meanwhile. */
function takeAway(path: string): void {
  const guard = `${path}-left`
  const made = tryToMake(guard)
  if (made === undefined || made === 'there') {
    const there = read(guard)
    if (there && isLeft(there)) unlinkIfPossible(guard)
    sleep(pause)
    return
  }
  try {
    const there = read(path)
    if (there && isLeft(there)) unlinkIfPossible(path)
  } finally {
    unlinkIfPossible(guard)
  }
}

/** What cannot be taken away stays, and whoever waits for it is told. */
function unlinkIfPossible(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Another run was first, or something else stands there.
  }
}

let place: string | undefined

function thisPlace(): string {
  place ??= [hostname(), textOf('/proc/sys/kernel/random/boot_id'), linkOf('/proc/self/ns/pid')].join(' ')
  return place
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

function inUse({ shown }: ClaimFile, holder: Holder | undefined): NatplanError {
  const isHere = holder?.place === thisPlace()
  const who = holder && isHere ? `process ${holder.process}` : 'a process of another machine or container'
  const message = `another natplan is at work there: ${who} holds ${shown}`
  return new NatplanError('FILE_IN_USE', message, {
    hint: `try again when it has ended; if it runs no more, remove ${shown}; nothing was changed`,
  })
}
