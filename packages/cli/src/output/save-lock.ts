import { existsSync, readFileSync } from 'node:fs'
import { type Lock, writeLock } from '@natplan/core'
import { whileClaimed } from './claim.ts'
import { refuseSameFile } from './same-file.ts'
import { beside, realPath, replaceFile } from './write-file.ts'

/**
 * Does what reads a lock and then writes it, while no other run does the same: one of two allocations would be lost. `inputs` are the
 * other files that are read.
 * @throws NatplanError USAGE, FILE_IN_USE
 */
export function whileSaving<T>(path: string | undefined, inputs: readonly (string | undefined)[], work: () => T): T {
  if (path === undefined) return work()
  refuseSameFile([{ option: '--lock', path }], inputs)
  const file = beside(realPath(path), 'busy')
  return whileClaimed({ path: file, shown: file }, work)
}

/** Writes a lock when it differs from what is there; reports whether it did. */
export function saveLock(path: string, lock: Lock): boolean {
  if (isSaved(path, lock)) return false
  replaceFile(path, writeLock(lock))
  return true
}

/** Reports whether a file holds just this lock. */
export function isSaved(path: string, lock: Lock): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === writeLock(lock)
}

/** Reports whether rule numbers were chosen that the lock does not hold yet, so that another run may choose others. */
export function hasNewNumbers(before: Lock, after: Lock): boolean {
  return [...after.numbers].some(([key, { number }]) => before.numbers.get(key)?.number !== number)
}

/** Numbers of pairs that left the plan: their rules stay on the gateway until somebody deletes them; `natplan diff` says how. */
export function retiredNumbers(before: Lock, after: Lock): string[] {
  return [...before.numbers]
    .filter(([key]) => !after.numbers.has(key))
    .map(
      ([, { site, peer, local, remote, number }]) =>
        `natplan: ${local} of ${site} to ${remote} of ${peer} left the plan: "natplan diff ${site}=RUNNING" prints what takes rule and tunnel ${number} off the gateway`,
    )
}
