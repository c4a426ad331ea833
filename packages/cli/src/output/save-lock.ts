import { existsSync, readFileSync } from 'node:fs'
import { type Lock, type Plan, writeLock } from '@natplan/core'
import { whileClaimed } from '../files/claim.ts'
import { refuseLinkOut } from '../files/link-out.ts'
import { refuseSameFile } from '../files/same-file.ts'
import { beside, realPath, replaceFile } from '../files/write-file.ts'

/**
 * Does what reads a lock and then writes it, while no other run does the same: one of two allocations would be lost. `inputs` are the
 * other files that are read.
 * @throws NatplanError USAGE, FILE_IN_USE
 */
export function whileSaving<T>(path: string | undefined, inputs: readonly (string | undefined)[], work: () => T): T {
  if (path === undefined) return work()
  refuseSameFile([{ option: '--lock', path }], inputs)
  refuseLinkOut(path)
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

/** Where a command finds the plan and its lock, when that is not where it looks by itself. */
export interface PlanFiles {
  readonly file?: string | undefined
  readonly lock?: string | undefined
}

/**
 * What left the plan and stays on gateways until somebody deletes it, with the command that says how: a site as a whole, a tunnel, or pairs
 * of subnets with their numbers.
 */
export function retiredNumbers(before: Lock, after: Lock, { network, peers }: Plan, files: PlanFiles): string[] {
  const retired = [...before.numbers].filter(([key]) => !after.numbers.has(key)).map(([, one]) => one)
  const lines = retired.map(({ site, peer, local, remote, number }) => {
    const command = diffCommand(site, files)
    if (!network.sites.get(site)?.gateway)
      return `${site} left the plan: ${command} prints what removes natplan from its gateway`
    if (!network.sites.has(peer) || !peers.areJoined(site, peer))
      return `the tunnel of ${site} to ${peer} left the plan: ${command} prints what removes it from the gateway`
    return `${local} of ${site} to ${remote} of ${peer} left the plan: ${command} prints what takes rule and tunnel ${number} off the gateway`
  })
  return [...new Set(lines)].map((line) => `natplan: ${line}`)
}

function diffCommand(site: string, { file, lock }: PlanFiles): string {
  const from = [...(file === undefined ? [] : ['-f', file]), ...(lock === undefined ? [] : ['--lock', lock])]
  return `"${['natplan', 'diff', `${site}=RUNNING`, ...from].join(' ')}"`
}
