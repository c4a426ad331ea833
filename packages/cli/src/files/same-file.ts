import { fstatSync, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { NatplanError } from '@natplan/core'
import { nameOf, standardInput } from './standard-input.ts'

/** A file that a command writes, with what names it on the command line. */
interface NamedOutput {
  readonly option: string
  readonly path: string | undefined
}

/**
 * Refuses an output that would take the place of what it is made of, or of another output, whatever the names are. Devices and pipes keep
 * their places.
 * @throws NatplanError USAGE
 */
export function refuseSameFile(outputs: readonly NamedOutput[], inputs: readonly (string | undefined)[]): void {
  const owners = new Map(inputs.flatMap((path) => (path === undefined ? [] : [[identityOf(path), nameOf(path)]])))
  const taken = new Map<string, string>()
  for (const { option, path } of outputs) {
    if (path === undefined || path === standardInput || isSpecial(path)) continue
    const identity = identityOf(path)
    const input = owners.get(identity)
    if (input !== undefined) {
      const name = input === path ? '' : `: ${input} is the same file`
      throw new NatplanError('USAGE', `${option} ${path} is one of the inputs${name}`, { hint: 'name another file' })
    }
    const other = taken.get(identity)
    if (other !== undefined) throw new NatplanError('USAGE', `${other} and ${option} name the same file`)
    taken.set(identity, option)
  }
}

function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

/** So many links lead to one another at most. */
const mostLinks = 40

/** Device and inode; of a file that is not there yet the folder where it will be, and its name. */
function identityOf(path: string, links = 0): string {
  const stats =
    path === standardInput ? fstatSync(0, { bigint: true }) : statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stats) return `${stats.dev}:${stats.ino}`
  const whole = resolve(path)
  const folder = dirname(whole)
  if (folder === whole || links === mostLinks) return whole
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return identityOf(resolve(folder, readlinkSync(path)), links + 1)
  }
  return `${identityOf(folder, links)}/${basename(whole)}`
}

/** The identities of files, and of all files in folders. */
export function identitiesOf(paths: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(paths.flatMap((path) => (path === undefined ? [] : filesOf(path).map((file) => identityOf(file)))))
}

function filesOf(path: string): string[] {
  if (path === standardInput || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath, entry.name))
}
