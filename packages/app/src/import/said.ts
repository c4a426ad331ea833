import type { Path } from '@natplan/core'
import type { LeftOut, Reason } from './imported.ts'

/** A value that a text has, and what it stands there for. */
export interface Said {
  readonly value: string
  /** What follows "because": `kubeadm's podSubnet has it`. */
  readonly why: string
  readonly file: string
  readonly line: number
}

/** The values in the order in which they were said, each once, and why each stands there. */
export function listSaid(
  said: readonly Said[],
  path: Path,
): { readonly values: string[]; readonly reasons: readonly Reason[] } {
  const first = new Map<string, Said>()
  for (const one of said) if (!first.has(one.value)) first.set(one.value, one)
  const reasons = [...first.values()].map(({ why, file, line }, index) => ({
    path: [...path, index],
    text: why,
    file,
    line,
  }))
  return { values: [...first.keys()], reasons }
}

/** Counts what is left out, by what it is and where. */
export class LeftOutCounts {
  readonly #counts = new Map<string, LeftOut>()

  add(what: string, { file, line }: { readonly file: string; readonly line: number }): void {
    const key = `${file}\n${what}`
    const known = this.#counts.get(key)
    this.#counts.set(key, known ? { ...known, count: known.count + 1 } : { what, count: 1, file, line })
  }

  get all(): readonly LeftOut[] {
    return [...this.#counts.values()]
  }
}

/** A name for a site that comes as near to a text as names may; the same text gets the same name. */
export function siteNameOf(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '')
  return plain.slice(0, longestName).replace(/-+$/, '') || 'site'
}

/** The name, or with a number behind it when it is taken. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number++) {
    const name = `${wanted.slice(0, longestName - 1 - String(number).length)}-${number}`
    if (!taken.has(name)) return name
  }
}

const longestName = 31
