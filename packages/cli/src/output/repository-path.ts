import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/** A file as those name it who look at the whole repository: from its top, where that is known. `undefined` for what is no file. */
export function repositoryPath(name: string): string | undefined {
  if (!existsSync(name)) return undefined
  const { GITHUB_WORKSPACE: top } = process.env
  const fromTop = top ? relative(resolve(top), resolve(name)) : name
  const isBelow = !isAbsolute(fromTop) && fromTop.split(sep)[0] !== '..'
  return (top && isBelow ? fromTop : name).replaceAll(sep, '/').replace(/^\.\//, '')
}
