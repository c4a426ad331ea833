import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Texts by path below the folder. */
export type Files = Readonly<Record<string, string>>

/** All files below a folder; none when it is not there. */
export function readFolder(folder: string): Files {
  if (!existsSync(folder)) return {}
  const files: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[relative(folder, path)] = readFileSync(path, 'utf8')
  }
  return files
}

/** Whether the expected files are to be written anew: NATPLAN_UPDATE_GOLDEN=1, which an automatic run must not do. */
export function isUpdating(): boolean {
  if (process.env['NATPLAN_UPDATE_GOLDEN'] !== '1') return false
  if (process.env['CI'])
    throw new Error('NATPLAN_UPDATE_GOLDEN writes the expected files, so it cannot be set where CI is set')
  return true
}

export function writeFolder(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
}
