import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { isBelow } from './link-out.ts'

/** A file as those name it who look at the whole repository: from its top, where that is known. `undefined` for what is no file. */
export function repositoryPath(name: string): string | undefined {
  if (!existsSync(name)) return undefined
  const { GITHUB_WORKSPACE: top } = process.env
  const isInside = top !== undefined && top !== '' && isBelow(resolve(name), resolve(top))
  return (isInside ? relative(resolve(top), resolve(name)) : name).replaceAll(sep, '/').replace(/^\.\//, '')
}
