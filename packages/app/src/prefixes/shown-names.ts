import { hidden, withoutSecrets } from '@natplan/templates'
import { looks } from './column-looks.ts'
import { shownText } from './reader.ts'

const known = new WeakMap<readonly string[], readonly (string | undefined)[]>()

/**
 * The names of columns as they may be shown; `undefined` for those that may not. A header may be any line of a text, cut at its separators: behind the
 * first name that announces a secret, only what columns are usually called is known to be none.
 */
export function shownNames(names: readonly string[]): readonly (string | undefined)[] {
  const found = known.get(names) ?? findShown(names)
  known.set(names, found)
  return found
}

/** The same as a list for people. */
export function namesText(names: readonly string[]): string {
  return shownNames(names)
    .map((name) => name ?? hidden)
    .join(', ')
}

/** What means one column alone, as it may be shown: its name, or its number where it has none of its own. `isSame`: names that mean each other. */
export function columnLabel(
  names: readonly string[],
  index: number,
  isSame: (one: string, other: string) => boolean,
): string {
  const name = names[index] ?? ''
  const isOwn = name !== '' && names.filter((one) => isSame(one, name)).length === 1
  return (isOwn ? shownNames(names)[index] : undefined) ?? String(index + 1)
}

function findShown(names: readonly string[]): (string | undefined)[] {
  const plain = Math.min(...separators.map((separator) => plainLength(names.join(separator))))
  let end = -1
  return names.map((name) => {
    end += name.length + 1
    return end <= plain || usual.has(name.toLowerCase().replace(/[ _-]?\d{1,2}$/, '')) ? shownText(name) : undefined
  })
}

/** A secret may stand beside its word, or behind a separator of the table. */
const separators = [' ', ',']

/** How long a text is up to the first secret in it. */
function plainLength(text: string): number {
  const shown = withoutSecrets(text)
  let length = 0
  while (length < text.length && text[length] === shown[length]) length++
  return length
}

const usual: ReadonlySet<string> = new Set(Object.values(looks).flatMap(({ words }) => words))
