import { existsSync, mkdirSync } from 'node:fs'
import type { OutputFile, Texts } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { holdsSecret, type Secret } from '@natplan/templates'
import { whileClaimed } from '../files/claim.ts'
import { type HeldFile, HeldFolder } from '../files/held-folder.ts'
import { fileIn, makingWithin, removeEmptyParents, removeIn, within } from '../files/held-paths.ts'
import { identitiesOf } from '../files/same-file.ts'
import { bears, type Mark, type Marks, markOf, readMarks, sameMarks, writeMarks } from './file-marks.ts'

/** The files, or what makes them of those that are there: it is asked while no other run works on the folder. */
type Files = readonly OutputFile[] | ((before: Texts) => readonly OutputFile[])

/** What writing did; all empty when the folder was up to date. */
export interface Written {
  readonly written: readonly string[]
  readonly removed: readonly string[]
}

interface OutputChoice {
  /** A text that holds one of them is readable by its owner only, whoever wrote the text. */
  readonly keys?: readonly Secret[]
  /** Files, and folders of files, that the command reads: they are never replaced or removed. */
  readonly inputs?: readonly (string | undefined)[]
}

/** Says which files natplan wrote, so that it never touches another's. */
const listName = '.natplan-files.json'
/** There while a run works on the folder. */
const claimName = '.natplan-busy'
/** Holds new files until they get their places, and old ones until all have. */
const stagingName = '.natplan-new'

/** Larger files are not natplan's. */
const longest = 64 * 1024 * 1024

/**
 * Makes a folder hold these files: writes what differs, removes what natplan wrote before and does not any more, leaves everything else.
 * No link in the folder is followed. When it fails midway, what was there comes back; when the process is killed, the list of files says both
 * what was and what was to come, and the next run, of whichever plan, goes on from there.
 * @throws NatplanError FILE_FOREIGN when a file is there that natplan did not write, or that was edited since; FILE_IS_LINK, FILE_IN_USE,
 * FILE_UNWRITABLE
 */
export function writeFolder(folder: string, files: Files, choice: OutputChoice = {}): Written {
  return orUnwritable(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    return inFolder(folder, (root) =>
      whileClaimed({ path: root.at(claimName), shown: root.shown(claimName) }, () => {
        clearStaging(root)
        const change = changeOf(root, files, choice)
        refuse(root, change, choice)
        if (!isNothing(change)) exchange(root, change)
        return told(change)
      }),
    )
  })
}

/** What `writeFolder` would do; writes nothing. */
export function checkFolder(folder: string, files: Files, choice: OutputChoice = {}): Written {
  if (!existsSync(folder)) return { written: filesOf(files, new Map()).map(({ path }) => path), removed: [] }
  return orUnwritable(folder, () =>
    inFolder(folder, (root) => {
      const change = changeOf(root, files, choice)
      refuse(root, change, choice)
      return told(change)
    }),
  )
}

function inFolder<T>(folder: string, work: (root: HeldFolder) => T): T {
  const root = HeldFolder.open(folder)
  try {
    return work(root)
  } finally {
    root.close()
  }
}

function filesOf(files: Files, before: Texts): readonly OutputFile[] {
  return typeof files === 'function' ? files(before) : files
}

function textsIn(root: HeldFolder): Texts {
  const texts = [...marksIn(root)].flatMap(([path, marks]) => {
    const found = fileIn(root, path, longest)
    const bytes = found === 'other' ? undefined : found?.bytes
    return bytes && marks.some((mark) => bears(bytes, mark)) ? [[path, bytes.toString('utf8')] as const] : []
  })
  return new Map(texts)
}

function marksIn(root: HeldFolder): Marks {
  const list = fileIn(root, listName, longest)
  return list === undefined || list === 'other' ? new Map() : readMarks(String(list.bytes ?? ''))
}

/** Something that stands at the path of a file that is natplan's, or will be. */
interface Seen {
  readonly isAsWanted: boolean
  /** As natplan wrote it. */
  readonly isOwn: boolean
  readonly identity: string | undefined
}

/** What must happen so that the folder holds the files. */
interface Change {
  readonly written: readonly Wanted[]
  /** Of the list, and not wanted any more, though perhaps gone already. */
  readonly stale: readonly string[]
  /** Those that are there. */
  readonly removed: readonly string[]
  /** What is there of all these. */
  readonly there: ReadonlyMap<string, Seen>
  readonly hadList: boolean
  readonly before: Marks
  readonly after: Marks
}

function changeOf(root: HeldFolder, files: Files, { keys = [] }: OutputChoice): Change {
  const before = marksIn(root)
  const revealed = [...new Set(keys.map((key) => key.reveal()))]
  const wanted = new Map(
    filesOf(files, textsIn(root)).map((file) => [file.path, { ...file, isSecret: holdsSecret(file.text, keys) }]),
  )
  const stale = [...before.keys()].filter((path) => !wanted.has(path))
  const there = new Map<string, Seen>()
  for (const path of [...wanted.keys(), ...stale]) {
    const found = fileIn(root, path, longest)
    if (found !== undefined) there.set(path, seen(found, wanted.get(path), before.get(path) ?? []))
  }
  return {
    written: [...wanted.values()].filter(({ path }) => !there.get(path)?.isAsWanted),
    stale,
    removed: stale.filter((path) => there.has(path)),
    there,
    hadList: fileIn(root, listName, longest) !== undefined,
    before,
    after: new Map([...wanted].map(([path, { text, isSecret }]) => [path, [markOf(text, isSecret ? revealed : [])]])),
  }
}

type Wanted = OutputFile & { readonly isSecret: boolean }

function seen(found: HeldFile | 'other', wanted: Wanted | undefined, marks: readonly Mark[]): Seen {
  if (found === 'other') return { isAsWanted: false, isOwn: false, identity: undefined }
  const { bytes, identity } = found
  if (!bytes) return { isAsWanted: false, isOwn: false, identity }
  const hasText = wanted !== undefined && bytes.equals(Buffer.from(wanted.text))
  const isOwn = hasText || marks.some((mark) => bears(bytes, mark))
  return { isAsWanted: hasText && !(wanted.isSecret && isReadableByOthers(found)), isOwn, identity }
}

/** Windows says nothing of use about who may read a file. */
function isReadableByOthers({ mode }: HeldFile): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0
}

function isNothing({ written, stale, before, after }: Change): boolean {
  return written.length === 0 && stale.length === 0 && sameMarks(before, after)
}

function told(change: Change): Written {
  const written = change.written.map(({ path }) => path)
  const isOnlyList = written.length === 0 && change.removed.length === 0 && !isNothing(change)
  return { written: isOnlyList ? [listName] : written, removed: change.removed }
}

/** Of what would be replaced or removed, nothing may be another's, or what the command itself reads. */
function refuse(root: HeldFolder, { written, removed, there }: Change, { inputs = [] }: OutputChoice): void {
  const touched = [...written.map(({ path }) => path), ...removed].filter((path) => there.has(path))
  const foreign = touched.filter((path) => !there.get(path)?.isOwn)
  if (foreign.length > 0) throw foreignFiles(foreign.map((path) => root.shown(path)))
  const read = identitiesOf(inputs)
  const own = touched.find((path) => read.has(there.get(path)?.identity ?? ''))
  if (own) throw new NatplanError('USAGE', `${root.shown(own)} would be replaced, and this command reads it`)
}

function foreignFiles(paths: readonly string[]): NatplanError {
  const names = paths.slice(0, 5)
  const left = paths.length - names.length
  const message = `natplan did not write ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}, or it was edited since`
  return new NatplanError('FILE_FOREIGN', message, {
    hint: 'move it away, or name another folder; nothing was changed',
  })
}

/** Puts files in place and takes others away: all of it, or nothing. */
function exchange(root: HeldFolder, change: Change): void {
  const staging = root.madeFolder(stagingName, 0o700)
  const exchanging = new Exchange(root, staging)
  try {
    for (const [index, { text, isSecret }] of change.written.entries()) {
      staging.create(String(index), text, isSecret ? 0o600 : 0o644)
    }
    exchanging.replaceList(change)
    for (const [index, { path }] of change.written.entries()) exchanging.put(path, index, change.there.has(path))
    for (const [index, path] of change.removed.entries()) exchanging.takeAway(path, index)
    for (const path of change.stale) removeEmptyParents(root, path)
    replaceList(root, staging, { name: 'new-list', marks: change.after })
  } catch (error) {
    throw unwritable(root.shown('.'), error, exchanging.undo())
  } finally {
    staging.close()
    clearStaging(root)
  }
}

/** Steps that are taken back, the last first, when one of them fails. */
class Exchange {
  readonly #root: HeldFolder
  readonly #staging: HeldFolder
  readonly #done: { readonly path: string; readonly undo: () => void }[] = []

  constructor(root: HeldFolder, staging: HeldFolder) {
    this.#root = root
    this.#staging = staging
  }

  /** Says what was and what is to come, before anything changes. */
  replaceList({ before, after, hadList }: Change): void {
    if (hadList) this.#root.keepAside(listName, this.#staging, 'old-list')
    this.#did(listName, () => {
      if (hadList) this.#staging.move('old-list', this.#root, listName)
      else removeIn(this.#root, listName)
    })
    replaceList(this.#root, this.#staging, { name: 'both-list', marks: bothOf(before, after) })
    this.#root.sync()
  }

  takeAway(path: string, index: number): void {
    const old = `gone-${index}`
    within(this.#root, path, (folder, name) => folder.move(name, this.#staging, old))
    this.#did(path, () => this.#giveBack(old, path))
  }

  put(path: string, index: number, isThere: boolean): void {
    const old = `old-${index}`
    if (isThere) within(this.#root, path, (folder, name) => folder.keepAside(name, this.#staging, old))
    this.#did(path, () => {
      if (isThere) this.#giveBack(old, path)
      else removeIn(this.#root, path)
    })
    makingWithin(this.#root, path, (folder, name) => this.#staging.move(String(index), folder, name))
  }

  /** Returns the files that could not be brought back. */
  undo(): string[] {
    return this.#done.reverse().flatMap(({ path, undo }) => {
      try {
        undo()
        return []
      } catch {
        return [path]
      }
    })
  }

  #did(path: string, undo: () => void): void {
    this.#done.push({ path, undo })
  }

  #giveBack(old: string, path: string): void {
    makingWithin(this.#root, path, (folder, name) => this.#staging.move(old, folder, name))
  }
}

function replaceList(root: HeldFolder, staging: HeldFolder, { name, marks }: { name: string; marks: Marks }): void {
  staging.create(name, writeMarks(marks), 0o644)
  staging.move(name, root, listName)
}

function bothOf(before: Marks, after: Marks): Marks {
  const paths = new Set([...before.keys(), ...after.keys()])
  return new Map([...paths].map((path) => [path, [...(before.get(path) ?? []), ...(after.get(path) ?? [])]]))
}

function unwritable(folder: string, error: unknown, left: readonly string[] = []): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof NatplanError || code === undefined) return error
  const state = left.length === 0 ? 'nothing was changed' : `these files are changed already: ${left.join(', ')}`
  return new NatplanError('FILE_UNWRITABLE', `${folder} cannot be written: ${code}; ${state}`, { cause: error })
}

function orUnwritable<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unwritable(folder, error)
  }
}

/** What a run that was killed left in its staging folder, or one of an older natplan in one of its own. */
function clearStaging(root: HeldFolder): void {
  for (const name of root.names().filter((one) => /^\.natplan-new(-[A-Za-z0-9]{6})?$/.test(one))) {
    const staging = root.folder(name)
    const staged = staging?.names().filter((one) => /^((old|gone|stale)-)?\d+$|^(old|both|new)-list$/.test(one)) ?? []
    for (const one of staged) staging?.remove(one)
    staging?.close()
    root.removeEmpty(name)
  }
}
