import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { NatplanError } from '@natplan/core'
import { isBelow } from '../files/link-out.ts'
import { standardInput } from '../files/standard-input.ts'

/** Where the files with keys may lie. */
export interface KeyFolders {
  readonly planFile: string | undefined
  /** Folders that the command line names. */
  readonly others: readonly string[]
}

/** What a file with a key gave: its text, or in words why it is not read or holds none. */
export type KeyFile =
  | { readonly path: string; readonly text: string }
  | { readonly refused: string }
  | { readonly missing: string }

/** Larger files hold something else. */
const longest = 64 * 1024

/**
 * Reads a file with a key. Whoever writes a plan is often not who runs natplan, so the file must lie below the folder of the plan or one
 * that the command line names, also when links are followed, and must not be hidden there. Of any other nothing is read.
 * @throws NatplanError FILE_NOT_FOUND, FILE_UNREADABLE
 */
export function readKeyFile(file: string, { planFile, others }: KeyFolders): KeyFile {
  const folder = planFile === undefined || planFile === standardInput ? '.' : dirname(planFile)
  const folders = [folder, ...others].flatMap((one) => [resolve(one), realFolder(one)])
  const path = resolve(folder, file)
  if (!folders.some((one) => isBelow(path, one))) return { refused: `${file}, which is outside the plan's folder` }
  if (!folders.some((one) => isPlainlyBelow(path, one))) return { refused: `${file}, which is hidden` }
  return orUnreadable(path, () => {
    const real = realpathSync(path)
    if (!folders.some((one) => isPlainlyBelow(real, one))) {
      return { refused: `${file}, a link that leads out of the plan's folder or to a hidden file` }
    }
    if (!statSync(real).isFile()) return { refused: `${file}, which is not a regular file` }
    const text = textOf(real)
    if (text === undefined) return { refused: `${file}, which is too large to be a key` }
    return text === '' ? { missing: `the file ${file}, which is empty` } : { path, text }
  })
}

function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** Hidden files below a folder, as `.git/config` and `.npmrc`, hold what other programs must know. */
function isPlainlyBelow(path: string, folder: string): boolean {
  return (
    isBelow(path, folder) &&
    !relative(folder, path)
      .split(sep)
      .some((part) => /^\.[^.]/.test(part))
  )
}

const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants

/** Without the line break at its end; `undefined` for what is no key at all. */
function textOf(path: string): string | undefined {
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    return stats.isFile() && stats.size <= longest ? readFileSync(descriptor, 'utf8').replace(/\r?\n$/, '') : undefined
  } finally {
    closeSync(descriptor)
  }
}

function orUnreadable<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined || error instanceof NatplanError) throw error
    if (code === 'ENOENT') throw new NatplanError('FILE_NOT_FOUND', `${path} does not exist`, { cause: error })
    throw new NatplanError('FILE_UNREADABLE', `${path} cannot be read: ${code}`, { cause: error })
  }
}
