import { hasErrors, NatplanError, Prefix, release } from '@natplan/core'
import { defaultPlanFile, loadLock, lockFileOf } from '../input/load-network.ts'
import { reportFindings } from '../output/report-findings.ts'
import { saveLock, whileSaving } from '../output/save-lock.ts'
import { type Status, status } from '../terminal/status.ts'
import { printLines } from '../terminal/streams.ts'

export interface ReleaseOptions {
  readonly site: string
  readonly prefix: string
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly renumber?: boolean | undefined
}

export function runRelease(options: ReleaseOptions): Status {
  const { lock, file } = options
  const path = lockFileOf({ lock, file })
  if (!path) throw new NatplanError('USAGE', 'standard input has no lock', { hint: 'name one with --lock FILE' })
  return whileSaving(path, [file ?? defaultPlanFile], () => releaseIn(path, options))
}

function releaseIn(path: string, options: ReleaseOptions): Status {
  const { value: lock, findings, document } = loadLock(path, { mustExist: true })
  reportFindings([{ findings, documents: document ? { lock: document } : {} }])
  if (!lock || hasErrors(findings)) return status.findings
  const prefix = Prefix.parse(options.prefix)
  const { lock: next, freed } = release(lock, { site: options.site, prefix, renumber: options.renumber ?? false })
  saveLock(path, next)
  const what = freed.translated
    ? `${freed.translated} of ${freed.real} at ${freed.site} is free`
    : `${freed.real} at ${freed.site} is forgotten`
  printLines(`${what}; ${path} written`)
  return status.good
}
