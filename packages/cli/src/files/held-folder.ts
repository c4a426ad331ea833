import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { NatplanError } from '@natplan/core'

/** A folder that is open has a name there which stays the same whatever is put in its place. */
const descriptors = '/proc/self/fd'
const canHold = process.platform === 'linux' && existsSync(descriptors)

// Windows has none of these.
const { O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = constants

/** A regular file, as far as it was read. */
export interface HeldFile {
  readonly mode: number
  /** Device and inode. */
  readonly identity: string
  /** Undefined when it is larger than was asked for. */
  readonly bytes: Buffer | undefined
}

/**
 * A folder whose entries are read and written without following any link. On Linux it is held open, so that nobody can put a link in
 * its place meanwhile; elsewhere it is looked at before each use.
 */
export class HeldFolder {
  readonly #path: string
  readonly #descriptor: number | undefined

  private constructor(path: string, descriptor: number | undefined) {
    this.#path = path
    this.#descriptor = descriptor
  }

  /**
   * The folder of a path that the user named; this one may be a link, unless another user made it.
   * @throws NatplanError FILE_IS_LINK
   */
  static open(path: string): HeldFolder {
    if (isLinkOfAnother(path)) throw isLink(path)
    return new HeldFolder(path, canHold ? openSync(path, O_RDONLY | O_DIRECTORY) : undefined)
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
  }

  /** What people call an entry. */
  shown(name: string): string {
    return join(this.#path, name)
  }

  /** What the system calls an entry. */
  at(name: string): string {
    return this.#descriptor === undefined ? join(this.#path, name) : `${descriptors}/${this.#descriptor}/${name}`
  }

  names(): string[] {
    return readdirSync(this.at('.'))
  }

  /**
   * The folder of that name in this one; `undefined` when there is none.
   * @throws NatplanError FILE_IS_LINK
   */
  folder(name: string): HeldFolder | undefined {
    if (this.#kind(name) !== 'folder') return undefined
    const path = this.shown(name)
    if (this.#descriptor === undefined) return new HeldFolder(path, undefined)
    return new HeldFolder(path, openSync(this.at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
  }

  /** The folder of that name, which is made when there is none. */
  madeFolder(name: string, mode = 0o755): HeldFolder {
    const there = this.folder(name)
    if (there) return there
    mkdirSync(this.at(name), { mode })
    const made = this.folder(name)
    if (!made) throw new Error(`${this.shown(name)} is gone`)
    return made
  }

  /**
   * The regular file of that name, at most so long; `undefined` when nothing is there, `other` for what is no file.
   * @throws NatplanError FILE_IS_LINK
   */
  file(name: string, longest: number): HeldFile | 'other' | undefined {
    const kind = this.#kind(name)
    if (kind !== 'file') return kind === undefined ? undefined : 'other'
    const descriptor = openSync(this.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const stats = fstatSync(descriptor, { bigint: true })
      if (!stats.isFile()) return 'other'
      const bytes = stats.size > BigInt(longest) ? undefined : readFileSync(descriptor)
      return { mode: Number(stats.mode), identity: `${stats.dev}:${stats.ino}`, bytes }
    } finally {
      closeSync(descriptor)
    }
  }

  /** Makes a file that is not there yet, and has it on the disk. */
  create(name: string, text: string, mode: number): void {
    const descriptor = openSync(this.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    try {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }

  /** Gives an entry its place in another folder; what was there is gone. */
  move(name: string, to: HeldFolder, newName: string): void {
    renameSync(this.at(name), to.at(newName))
  }

  /** Gives a file a second name, where the file system has such; else it is moved. */
  keepAside(name: string, to: HeldFolder, newName: string): void {
    try {
      linkSync(this.at(name), to.at(newName))
    } catch {
      this.move(name, to, newName)
    }
  }

  remove(name: string): void {
    unlinkSync(this.at(name))
  }

  /** Removes a folder in this one when it is empty; reports whether it did. */
  removeEmpty(name: string): boolean {
    try {
      rmdirSync(this.at(name))
      return true
    } catch {
      return false
    }
  }

  /** Has the names of the entries on the disk. */
  sync(): void {
    if (this.#descriptor !== undefined) fsyncSync(this.#descriptor)
  }

  #kind(name: string): 'folder' | 'file' | 'other' | undefined {
    const stats = lstatSync(this.at(name), { throwIfNoEntry: false })
    if (stats?.isSymbolicLink()) throw isLink(this.shown(name))
    if (!stats) return undefined
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other'
  }
}

function isLinkOfAnother(path: string): boolean {
  const stats = lstatSync(resolve(path), { throwIfNoEntry: false })
  return stats?.isSymbolicLink() === true && stats.uid !== 0 && stats.uid !== process.geteuid?.()
}

function isLink(path: string): NatplanError {
  return new NatplanError('FILE_IS_LINK', `${path} is a link, and natplan follows none there`, {
    hint: 'remove it, or put there what it leads to; nothing was changed',
  })
}
