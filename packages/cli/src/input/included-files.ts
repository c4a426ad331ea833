import { readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { type Include, isTableName, type NamedText } from '@natplan/app'
import { NatplanError, quoted } from '@natplan/core'
import { isBelow } from '../files/link-out.ts'
import { standardInput } from '../files/standard-input.ts'
import { readNamed, readNamedTable } from './read-text.ts'

/** The files that a plan file may include: those below its folder, also when a link leads to them. */
export function includedBeside(planFile: string): Include | undefined {
  if (planFile === standardInput) return undefined
  const folder = dirname(planFile)
  return (pattern, { asTables }) => {
    refuseElsewhere(pattern)
    return pathsOf(pattern, folder)
      .filter((path) => !pattern.includes('*') || !isPlanOrLock(path, planFile))
      .map((path) => readBelow(path, { folder, planFile, asTable: asTables || isTableName(path) }))
  }
}

function refuseElsewhere(pattern: string): void {
  const parts = pattern.split('/')
  const starts = parts.slice(0, -1)
  if (parts.includes('..') || posix.isAbsolute(pattern) || /^[A-Za-z]:|\\/.test(pattern)) {
    throw new NatplanError('INCLUDE_UNFIT', `${quoted(pattern)} does not stay below the folder of the plan`, {
      hint: 'write it relative to that folder, with / between folders: sites/north.yaml',
    })
  }
  if (starts.some((part) => part.includes('*'))) {
    throw new NatplanError('INCLUDE_UNFIT', `${quoted(pattern)} has * in the name of a folder`, {
      hint: 'write a line for each folder, as sites/*.yaml',
    })
  }
}

/** The path itself, or the sorted names that a pattern fits. */
function pathsOf(pattern: string, folder: string): string[] {
  if (!pattern.includes('*')) return [join(folder, pattern)]
  const start = join(folder, posix.dirname(pattern))
  const names = namesIn(start).filter((name) => fits(name, posix.basename(pattern)))
  if (names.length > 0) return names.sort().map((name) => join(start, name))
  throw new NatplanError('INCLUDE_UNFIT', `no file matches ${quoted(pattern)}`, {
    hint: 'is the folder right? It is relative to the plan file',
  })
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  } catch {
    return []
  }
}

/** Reports whether a name is one that a pattern means; as in a shell, not one that begins with a dot. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop() ?? ''
  if (name.startsWith('.') !== pattern.startsWith('.')) return false
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= end
}

/** A pattern beside the plan does not mean the plan itself, nor a lock. */
function isPlanOrLock(path: string, planFile: string): boolean {
  return basename(path).endsWith('.lock.yaml') || join(path) === join(planFile)
}

interface Below {
  readonly folder: string
  readonly planFile: string
  readonly asTable: boolean
}

function readBelow(path: string, { folder, planFile, asTable }: Below): NamedText {
  const real = realOf(path)
  if (real === undefined) {
    throw new NatplanError('FILE_NOT_FOUND', `${path} does not exist`, {
      hint: 'files to include are relative to the folder of the plan',
    })
  }
  if (real === realOf(planFile)) {
    throw new NatplanError('INCLUDE_UNFIT', 'a plan cannot include itself', { hint: 'remove this line' })
  }
  if (!isBelow(real, realpathSync(folder))) {
    throw new NatplanError('FILE_IS_LINK', `${path} leads out of the folder of the plan`, {
      hint: 'a plan includes files of its own folder only: put a copy there',
    })
  }
  return asTable ? readNamedTable(path) : readNamed(path)
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
