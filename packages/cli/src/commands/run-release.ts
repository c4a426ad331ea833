import { hasErrors, NatplanError, Prefix, release, writeLock } from '@natplan/core'
import { defaultPlanFile, loadLock, lockPathFor } from '../input/load-network.ts'
import { replaceFile } from '../input/write-file.ts'
import { reportFindings } from '../output/report-findings.ts'
import { printLines } from '../output/streams.ts'
import { type Status, status } from '../status.ts'

export interface ReleaseOptions {
  readonly site: string
  readonly prefix: string
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly renumber?: boolean | undefined
}

export function runRelease(options: ReleaseOptions): Status {
  const path = options.lock ?? lockPathFor(options.file ?? defaultPlanFile)
  if (!path) throw new NatplanError('USAGE', 'standard input has no lock', { hint: 'name one with --lock FILE' })
  const { value: lock, findings, document } = loadLock(path, { mustExist: true })
  reportFindings([{ findings, documents: document ? { lock: document } : {} }])
  if (!lock || hasErrors(findings)) return status.findings
  const prefix = Prefix.parse(options.prefix)
  const { lock: next, freed } = release(lock, { site: options.site, prefix, renumber: options.renumber ?? false })
  replaceFile(path, writeLock(next))
  const what = freed.translated
    ? `${freed.translated} of ${freed.real} at ${freed.site} is free`
    : `${freed.real} at ${freed.site} is forgotten`
  printLines(`${what}; ${path} written`)
  return status.good
}
