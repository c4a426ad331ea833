import { lstatSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { NatplanError } from '@natplan/core'
import { standardInput } from './standard-input.ts'

/** Reports whether a path lies in a folder, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The names of streams, as `/dev/stdin` and `/dev/fd/63`, are links by nature. */
const streams = /^\/(?:dev|proc)\//

/**
 * Refuses a link that leads out of the folder that it lies in: links come with pull requests and from other users, and who put one there need
 * not be who may read or write what it leads to. One that leads nowhere is left to whoever opens it.
 * @throws NatplanError FILE_IS_LINK
 */
export function refuseLinkOut(path: string): void {
  if (path === standardInput) return
  const whole = resolve(path)
  if (streams.test(whole) || !lstatSync(whole, { throwIfNoEntry: false })?.isSymbolicLink()) return
  const real = orNothing(() => realpathSync(whole))
  const folder = orNothing(() => realpathSync(dirname(whole)))
  if (real === undefined || folder === undefined || isBelow(real, folder)) return
  throw new NatplanError('FILE_IS_LINK', `${path} is a link that leads out of its folder`, {
    hint: 'name the file that it leads to, or remove it; nothing was changed',
  })
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
