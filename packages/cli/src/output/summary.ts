import type { Written } from '../gateways/output-folder.ts'

/** One line for each file of a folder that was written or removed, and for the lock. */
export function summary(folder: string, { written, removed }: Written, lockPath?: string): string[] {
  const lines = [
    ...written.map((path) => `written  ${folder}/${path}`),
    ...removed.map((path) => `removed  ${folder}/${path}`),
    ...(lockPath ? [`written  ${lockPath}`] : []),
  ]
  return lines.length > 0 ? lines : [`${folder} is up to date`]
}
