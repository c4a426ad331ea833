import type { InputNames } from '../input/prefixes/read-inputs.ts'

/** An argument that is written like an address or a prefix is one; all else are files. `./10.0.0.0` is a file of that name. */
export function sortItems(items: readonly string[]): InputNames {
  const isPrefix = (item: string) => /^[0-9][0-9.]*\.[0-9.]*(\/.*)?$|^[0-9a-f]*:[0-9a-f:.]*(\/.*)?$/i.test(item)
  return { files: items.filter((item) => !isPrefix(item)), prefixes: items.filter(isPrefix) }
}
