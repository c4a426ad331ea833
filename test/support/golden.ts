import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'

/** What a folder of expected files holds: names with `/` between, and texts. */
export type Files = Readonly<Record<string, string>>

/**
 * Compares files byte by byte with a folder, the set of names included. `NATPLAN_UPDATE_GOLDEN=1` writes the folder instead;
 * continuous integration refuses that.
 */
export function expectGolden(folder: string, files: Files): void {
  if (process.env['NATPLAN_UPDATE_GOLDEN'] === '1') {
    if (process.env['CI']) throw new Error('golden files are not written in continuous integration')
    write(folder, files)
  }
  expect(read(folder)).toEqual(files)
}

function read(folder: string): Files {
  if (!existsSync(folder)) return {}
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}

function write(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
