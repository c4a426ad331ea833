import { lstatSync, mkdirSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

const forOthers = 0o077
const writableForOthers = 0o022
const sticky = 0o1000

/** Reports whether something belongs to this user and to nobody else. */
export function isPrivate(stats: Stats): boolean {
  return stats.uid === process.geteuid?.() && (stats.mode & forOthers) === 0
}

/**
 * Returns natplan's folder below the user's cache folder (XDG Base Directory), or undefined where there is none that this user alone can
 * change: no home, a link on the way, a folder of another user or one that others may write to, a system without owners of files.
 */
export function findCacheFolder(): string | undefined {
  const folder = placeOfCache()
  return folder !== undefined && isSafe(folder) && isPrivate(lstatSync(folder)) ? folder : undefined
}

/** The same, made where it is missing. */
export function makeCacheFolder(): string | undefined {
  const folder = placeOfCache()
  if (folder === undefined) return undefined
  for (const made of [dirname(folder), folder]) if (isSafe(dirname(made))) makeFolder(made)
  return findCacheFolder()
}

function placeOfCache(): string | undefined {
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = process.env
  if (isAbsolute(named)) return join(named, 'natplan')
  return isAbsolute(home) ? join(home, '.cache', 'natplan') : undefined
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, 0o700)
  } catch {
    // It is there, or cannot be made: whoever looks next sees which.
  }
}

/** Reports whether a folder and every folder above it are no links and can be renamed or filled by this user and root only. */
function isSafe(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats?.isDirectory() || (stats.uid !== 0 && stats.uid !== process.geteuid?.())) return false
  if (stats.mode & writableForOthers && !(stats.mode & sticky)) return false
  return dirname(folder) === folder || isSafe(dirname(folder))
}
