import type { NamedText } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { markStandardInput, nameOf } from '../files/standard-input.ts'
import { readNamed } from './read-text.ts'

/**
 * Which file holds the running configuration of which site: `SITE=FILE`, or `FILE` alone when one site is meant anyway; `-` is standard
 * input. `option` is what the command line calls them.
 * @throws NatplanError USAGE
 */
export function existingFiles(
  texts: readonly string[],
  { site, option = '' }: { readonly site: string | undefined; readonly option?: string },
): Map<string, string> {
  const files = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const of = at > 0 ? text.slice(0, at) : site
    if (of === undefined) {
      throw new NatplanError('USAGE', `${option}${nameOf(text)} does not say of which site`, {
        hint: `write ${option}SITE=FILE, or name one site with --site`,
      })
    }
    const [named, platform] = of.split(':')
    if (platform !== undefined) {
      throw new NatplanError('USAGE', `${nameOf(text)} names a platform, and the plan says which one ${named} has`, {
        hint: `write ${option}${named}=${text.slice(at + 1)}`,
      })
    }
    if (files.has(of)) throw new NatplanError('USAGE', `two running configurations of ${of} are named`)
    const [file = ''] = markStandardInput([at > 0 ? text.slice(at + 1) : text])
    files.set(of, file)
  }
  return files
}

/** @throws NatplanError those of `readText` */
export function readExisting(files: ReadonlyMap<string, string>): Map<string, NamedText> {
  return new Map([...files].map(([site, path]) => [site, readNamed(path)]))
}
