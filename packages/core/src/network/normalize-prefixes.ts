import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { collect, type Finding, inPlan, type Path } from '../finding.ts'
import type { Placed } from './partial-network.ts'
import type { Partly, Unread } from './partly.ts'

/** Where something stands in the plan file, and where its problems are gathered. */
export interface Gathered {
  readonly path: Path
  readonly findings: Finding[]
  readonly unread: Unread
  /** Those that were read, by their texts: many sites have the same. */
  readonly prefixes: Map<string, Prefix>
}

/** A place below another one. */
export function below({ path, findings, unread, prefixes }: Gathered, ...steps: Path): Gathered {
  return { path: path.concat(steps), findings, unread, prefixes }
}

/** What `read` makes of a place; what it throws about the input becomes a finding, and the place one that was not read. */
export function readAt<T>({ path, findings, unread }: Gathered, read: () => T): T | undefined {
  const value = collect(inPlan(path), findings, read)
  if (value === undefined) unread.add(path)
  return value
}

/** The prefixes of a list; those that are wrong become findings and are left out. */
export function prefixes(texts: Partly<readonly string[]>, place: Gathered): Placed[] {
  return texts.flatMap((text, index) => {
    const at = below(place, index)
    const prefix = prefixAt(text, at)
    return prefix ? [{ prefix, path: at.path }] : []
  })
}

/** The prefix at a place; `undefined` when there is none or it is wrong. */
export function prefixAt(text: string | undefined, place: Gathered): Prefix | undefined {
  if (text === undefined) return undefined
  const known = place.prefixes.get(text)
  if (known) return known
  const prefix = readAt(place, () => Prefix.parse(text))
  if (prefix) place.prefixes.set(text, prefix)
  return prefix
}

export function addressAt(text: string | undefined, place: Gathered): Address | undefined {
  return text === undefined ? undefined : readAt(place, () => Address.parse(text))
}

/** A single address is a prefix of its own. */
export function prefixOrAddressAt(text: string | undefined, place: Gathered): Prefix | undefined {
  if (text === undefined || text.includes('/')) return prefixAt(text, place)
  const address = addressAt(text, place)
  return address && Prefix.of(address)
}
