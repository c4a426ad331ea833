import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { NatplanError } from '@natplan/core'

/**
 * Replaces a file as a whole: whoever reads it sees the old or the new text, also after a crash. A link is followed.
 * @throws NatplanError FILE_UNWRITABLE
 */
export function replaceFile(path: string, text: string): void {
  const target = realPath(path)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    const descriptor = openSync(temporary, 'wx', 0o644)
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

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function unwritable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code === undefined
    ? error
    : new NatplanError('FILE_UNWRITABLE', `${path} cannot be written: ${code}`, { cause: error })
}
