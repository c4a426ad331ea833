import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { NatplanError } from '@natplan/core'

/** A file to write, by its path in the folder with `/` between names. */
export interface OutputFile {
  readonly path: string
  readonly text: string
  /** Readable by its owner only. */
  readonly isSecret: boolean
}

/** What writing did; all empty when the folder was up to date. */
export interface Written {
  readonly written: readonly string[]
  readonly removed: readonly string[]
}

/** Says which files natplan wrote, and with what content, so that it never touches another's. */
const manifestName = '.natplan-files.json'

type Manifest = Readonly<Record<string, string>>

/**
 * Makes a folder hold these files: writes what differs, removes what natplan wrote before and does not any more, leaves everything else.
 * New texts are all written to a temporary folder first and then renamed into place; when that fails midway, what was there comes back.
 * @throws NatplanError FILE_FOREIGN when a file is there that natplan did not write, or that was edited since; FILE_UNWRITABLE
 */
export function writeFolder(folder: string, files: readonly OutputFile[]): Written {
  const before = readManifest(folder)
  const changed = files.filter(({ path, text }) => readIfFile(join(folder, path)) !== text)
  const stale = Object.keys(before).filter(
    (path) => !files.some((file) => file.path === path) && existsSync(join(folder, path)),
  )
  const foreign = [...changed.map(({ path }) => path), ...stale].filter((path) => isForeign(folder, path, before))
  if (foreign.length > 0) throw foreignFiles(folder, foreign)
  const manifest = Object.fromEntries(files.map(({ path, text }) => [path, digest(text)]))
  if (changed.length === 0 && stale.length === 0 && sameManifest(before, manifest)) return { written: [], removed: [] }
  const next = [...changed, { path: manifestName, text: `${JSON.stringify(manifest, null, 2)}\n`, isSecret: false }]
  exchange(folder, next, stale)
  return { written: changed.map(({ path }) => path), removed: stale }
}

/** The texts that natplan wrote into a folder and nobody changed since, by path. */
export function ownTexts(folder: string): ReadonlyMap<string, string> {
  const manifest = readManifest(folder)
  const own = Object.keys(manifest).filter((path) => !isForeign(folder, path, manifest))
  return new Map(own.flatMap((path) => [[path, readIfFile(join(folder, path))] as const]).filter(hasText))
}

function hasText(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined
}

/** There, and not with the content that natplan gave it. */
function isForeign(folder: string, path: string, manifest: Manifest): boolean {
  const file = join(folder, path)
  if (!existsSync(file)) return false
  const text = readIfFile(file)
  return text === undefined || manifest[path] !== digest(text)
}

function foreignFiles(folder: string, paths: readonly string[]): NatplanError {
  const names = paths.slice(0, 5).map((path) => join(folder, path))
  const left = paths.length - names.length
  const message = `natplan did not write ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}, or it was edited since`
  return new NatplanError('FILE_FOREIGN', message, {
    hint: 'move it away, or name another folder; nothing was changed',
  })
}

/** Puts files in place and takes others away: all of it, or nothing. */
function exchange(folder: string, files: readonly OutputFile[], stale: readonly string[]): void {
  const done: Done[] = []
  let staging: string | undefined
  try {
    mkdirSync(folder, { recursive: true })
    staging = mkdtempSync(join(folder, '.natplan-new-'))
    for (const [index, { text, isSecret }] of files.entries()) {
      writeFileSync(join(staging, String(index)), text, { mode: isSecret ? 0o600 : 0o644, flush: true })
    }
    for (const [index, { path }] of files.entries()) {
      const before = backup(join(folder, path), join(staging, `old-${index}`))
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      renameSync(join(staging, String(index)), join(folder, path))
      done.push({ path, before })
    }
    for (const [index, path] of stale.entries()) {
      const before = backup(join(folder, path), join(staging, `stale-${index}`))
      removeFile(folder, path)
      done.push({ path, before })
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    throw unwritable(folder, code, { left: takeBack(folder, done), cause: error })
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true })
  }
}

/** A file that is new, or gone; `before` is a copy of what was there. */
interface Done {
  readonly path: string
  readonly before: string | undefined
}

function backup(file: string, copy: string): string | undefined {
  if (readIfFile(file) === undefined) return undefined
  copyFileSync(file, copy)
  return copy
}

/** Undoes what was done, the last first; returns the files that it could not. */
function takeBack(folder: string, done: readonly Done[]): string[] {
  return [...done].reverse().flatMap(({ path, before }) => {
    try {
      if (before === undefined) removeFile(folder, path)
      else {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        renameSync(before, join(folder, path))
      }
      return []
    } catch {
      return [path]
    }
  })
}

function unwritable(
  folder: string,
  code: string,
  { left, cause }: { readonly left: readonly string[]; readonly cause: unknown },
): NatplanError {
  const state = left.length === 0 ? 'nothing was changed' : `these files are changed already: ${left.join(', ')}`
  return new NatplanError('FILE_UNWRITABLE', `${folder} cannot be written: ${code}; ${state}`, { cause })
}

/** Removes a file, and the folders that it leaves empty. */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true })
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    try {
      rmdirSync(join(folder, parent))
    } catch {
      return
    }
  }
}

function readManifest(folder: string): Manifest {
  const text = readIfFile(join(folder, manifestName))
  if (text === undefined) return {}
  try {
    const listed = Object.entries(JSON.parse(text) as Manifest)
    return Object.fromEntries(listed.filter(([path]) => isInside(path)))
  } catch {
    return {}
  }
}

/** Nobody can make natplan remove a file elsewhere by editing the list. */
function isInside(path: string): boolean {
  return !isAbsolute(path) && !path.split(/[/\\]/).includes('..')
}

function sameManifest(one: Manifest, other: Manifest): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key])
}

/** The text of a regular file; `undefined` when there is none. A link is not followed: it leads out of the folder. */
function readIfFile(path: string): string | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
