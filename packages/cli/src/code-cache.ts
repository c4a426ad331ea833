import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { findCacheFolder, isPrivate, makeCacheFolder } from './cache-folder.ts'

/** One of another build or Node.js may still be in use beside the newest. */
const keptOfEachUse = 2
const keptOfAll = 60

const mostBytes = 16 * 1024 * 1024
const sealLength = 4

/** What V8 compiled of a text, and the shapes of the command lines that it was compiled for. */
export interface KeptCode {
  readonly code: Buffer
  readonly shapes: readonly string[]
}

interface CodeCache {
  /** Returns what was kept for this text and this Node.js, or undefined. */
  readonly read: () => KeptCode | undefined
  readonly keep: (kept: KeptCode) => void
}

/**
 * Keeps what V8 compiled of a text in the user's own cache folder. V8 runs such code unchecked: it compares the length of the text and no more,
 * and a flipped bit is a crash. So each file begins with a check sum of the text, of Node.js and of the code itself, and counts only where it is right,
 * in a file that this user alone can write. Where that cannot be had, nothing is kept. The sum is against accidents: who can write the file can run
 * anything as this user anyway, and what tells more takes longer to load than all this saves.
 */
export function codeCache(text: Buffer, use: string): CodeCache {
  const id = checkSum(JSON.stringify(process.versions), process.arch, text)
  const name = `${use}.${text.length.toString(16)}-${id.toString('hex')}.cache`
  return {
    read: () =>
      quietly(() => {
        const folder = findCacheFolder()
        return folder === undefined ? undefined : readSealed(join(folder, name), id)
      }),
    keep: (kept) =>
      quietly(() => {
        const folder = makeCacheFolder()
        if (folder === undefined) return
        const content = packed(kept)
        keepSealed(join(folder, name), Buffer.concat([checkSum(id, content), content]))
        removeOld(folder, use)
      }),
  }
}

/** CRC-32 of all parts, one after the other. */
function checkSum(...parts: readonly (string | Buffer)[]): Buffer {
  const sum = Buffer.alloc(sealLength)
  sum.writeUInt32BE(parts.reduce<number>((known, part) => crc32(part, known), 0))
  return sum
}

/** A cache is never worth an error. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function readSealed(file: string, id: Buffer): KeptCode | undefined {
  const sealed = readPrivate(file)
  if (sealed === undefined) return undefined
  const content = sealed.subarray(sealLength)
  return checkSum(id, content).equals(sealed.subarray(0, sealLength)) ? unpacked(content) : undefined
}

/** The shapes are a line of JSON before the code. */
function packed({ code, shapes }: KeptCode): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(shapes)}\n`), code])
}

function unpacked(content: Buffer): KeptCode {
  const end = content.indexOf('\n')
  return { shapes: JSON.parse(content.toString('utf8', 0, end)), code: content.subarray(end + 1) }
}

function readPrivate(file: string): Buffer | undefined {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(handle)
    const isOwn = stats.isFile() && stats.nlink === 1 && isPrivate(stats)
    return isOwn && stats.size <= mostBytes ? readFileSync(handle) : undefined
  } finally {
    closeSync(handle)
  }
}

/** Written under another name first, so that two runs at once never see half a cache. */
function keepSealed(file: string, content: Buffer): void {
  const temporary = `${file}.${process.pid}`
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Removes all but the newest files, of a use and of all; what a run that was killed has left is among them. */
function removeOld(folder: string, use: string): void {
  const files = readdirSync(folder).map((name) => ({ name, changed: lstatSync(join(folder, name)).mtimeMs }))
  const newestFirst = files.sort((a, b) => b.changed - a.changed).map(({ name }) => name)
  const ofUse = newestFirst.filter((name) => name.startsWith(`${use}.`))
  const old = [...ofUse.slice(keptOfEachUse), ...newestFirst.slice(keptOfAll)]
  for (const name of old) rmSync(join(folder, name), { force: true })
}
