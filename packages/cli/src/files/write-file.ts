import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { NatplanError } from '@natplan/core'

/**
 * Replaces a file that this run has claimed as a whole: whoever reads it sees the old or the new text, also after a crash. A link is
 * followed.
 * @throws NatplanError FILE_UNWRITABLE
 */
export function replaceFile(path: string, text: string): void {
  const target = realPath(path)
  const temporary = beside(target, 'new')
  try {
    // What is there was left by a run that was killed.
    rmSync(temporary, { force: true })
    const descriptor = openSync(temporary, 'wx', modeFor(target))
    try {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw unwritable(path, error)
  }
}

/**
 * Creates a file that is not there yet.
 * @throws NatplanError FILE_EXISTS, FILE_UNWRITABLE
 */
export function createFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new NatplanError('FILE_EXISTS', `${path} is already there`, { hint: 'name another file, or edit this one' })
    }
    throw unwritable(path, error)
  }
}

/** Where a link leads; any other file is where its name says. */
export function realPath(path: string): string {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path
  } catch {
    return path
  }
}

/** A hidden file in the same folder, so that it can take the file's place in one step. */
export function beside(path: string, ending: string): string {
  return join(dirname(path), `.${basename(path)}.${ending}`)
}

/** A file that takes another's place is readable by the same people. */
export function modeFor(target: string): number {
  const stats = statSync(target, { throwIfNoEntry: false })
  return stats ? stats.mode & 0o777 : 0o644
}

export function unwritable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code === undefined
    ? error
    : new NatplanError('FILE_UNWRITABLE', `${path} cannot be written: ${code}`, { cause: error })
}
