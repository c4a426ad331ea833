import { posix } from 'node:path'
import type { HeldFile, HeldFolder } from './held-folder.ts'

/** Does something in the folder of a path; `undefined` when there is no such folder. */
export function within<T>(
  root: HeldFolder,
  path: string,
  work: (folder: HeldFolder, name: string) => T,
): T | undefined {
  return descend(root, path, { step: (folder, name) => folder.folder(name), work })
}

/** The same, and makes the folders that are missing. */
export function makingWithin<T>(root: HeldFolder, path: string, work: (folder: HeldFolder, name: string) => T): void {
  descend(root, path, { step: (folder, name) => folder.madeFolder(name), work })
}

interface Descent<T> {
  readonly step: (folder: HeldFolder, name: string) => HeldFolder | undefined
  readonly work: (folder: HeldFolder, name: string) => T
}

function descend<T>(root: HeldFolder, path: string, descent: Descent<T>): T | undefined {
  const at = path.indexOf('/')
  if (at < 0) return descent.work(root, path)
  const folder = descent.step(root, path.slice(0, at))
  try {
    return folder && descend(folder, path.slice(at + 1), descent)
  } finally {
    folder?.close()
  }
}

/** @throws NatplanError FILE_IS_LINK, for a link on the way too */
export function fileIn(root: HeldFolder, path: string, longest: number): HeldFile | 'other' | undefined {
  return within(root, path, (folder, name) => folder.file(name, longest))
}

/** Removes a file that may not be there, and the folders that it leaves empty. */
export function removeIn(root: HeldFolder, path: string): void {
  within(root, path, (folder, name) => {
    if (folder.file(name, 0) !== undefined) folder.remove(name)
  })
  removeEmptyParents(root, path)
}

/** Removes the folders that a file left empty. */
export function removeEmptyParents(root: HeldFolder, path: string): void {
  const parent = posix.dirname(path)
  if (parent === '.') return
  const isGone = within(root, parent, (folder, name) => folder.removeEmpty(name))
  if (isGone) removeEmptyParents(root, parent)
}
