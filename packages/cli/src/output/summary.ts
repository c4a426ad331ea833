import type { Written } from './output-folder.ts'

/** One line for each file of a folder that was written or removed, and for the lock. */
export function summary(folder: string, { written, removed }: Written, lockPath?: string): string[] {
  const lines = [
    ...written.map((path) => `written  ${folder}/${path}`),
    ...removed.map((path) => `removed  ${folder}/${path}`),
    ...(lockPath ? [`written  ${lockPath}`] : []),
  ]
  return lines.length > 0 ? lines : [`${folder} is up to date`]
}

/** The same for what was not written, because it was only asked for. */
export function missingSummary(folder: string, { written, removed }: Written, lockPath?: string): string[] {
  const lines = [
    ...written.map((path) => `would be written  ${folder}/${path}`),
    ...removed.map((path) => `would be removed  ${folder}/${path}`),
    ...(lockPath ? [`would be written  ${lockPath}`] : []),
  ]
  return lines.length > 0 ? lines : [`${folder} is up to date`]
}
