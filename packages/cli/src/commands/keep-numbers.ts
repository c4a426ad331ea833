import { type Lock, NatplanError } from '@natplan/core'
import { hasNewNumbers, saveLock } from '../output/save-lock.ts'
import { say } from '../terminal/streams.ts'

/** Numbers that are not in the lock may be others the next time, while the gateway has these. */
export function keepNumbers(
  before: Lock,
  after: Lock,
  { lockPath, save }: { lockPath: string | undefined; save: boolean },
): void {
  if (save && lockPath === undefined)
    throw new NatplanError('USAGE', '--save needs --lock FILE when there is not a plan file')
  if (!hasNewNumbers(before, after)) return
  if (!save) {
    say('natplan: these rule numbers are not in the lock yet; the same command with --save records them')
  } else if (lockPath !== undefined && saveLock(lockPath, after)) {
    say(`natplan: ${lockPath} written; commit it with the plan file`)
  }
}
