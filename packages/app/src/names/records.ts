import { type Address, groupedBy } from '@natplan/core'
import { namesText } from '../text/count.ts'
import { type BookEntry, type CalledEntry, isApart, isCalled, sitesApart } from './address-book.ts'
import { portsText, whyText } from './face-text.ts'

/** An address that a site calls, with all names that lead to it. */
export interface CalledAddress {
  readonly address: Address
  /** The first one is what the address is called back. */
  readonly names: readonly string[]
  readonly entries: readonly CalledEntry[]
}

/** By address, in the order of the book; hosts behind one address share it. */
export function calledAddresses(entries: readonly BookEntry[]): CalledAddress[] {
  const named = entries.filter(isCalled).filter(({ names }) => names.length > 0)
  const groups = groupedBy(named, ({ face }) => String(face.address))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first
      ? [{ address: first.face.address, names: [...new Set(group.flatMap(({ names }) => names))], entries: group }]
      : []
  })
}

/** What people should know beside the records, a line each. */
export function remarks(entries: readonly BookEntry[]): string[] {
  const apart = sitesApart(entries)
  const near = entries.filter((entry) => !isApart(entry)).flatMap(remarksOn)
  return [...near, ...(apart.length > 0 ? [`no entries for hosts of ${namesText(apart)}: nothing leads there`] : [])]
}

function remarksOn(entry: BookEntry): string[] {
  const { peer, host, real, face, names } = entry
  const what = `${host.name} of ${peer} (${real})`
  if (face.kind === 'unreachable') return [`no entry for ${what}: ${whyText(entry)}`]
  if (names.length === 0) return [`no entry for ${what}: another host has its name too`]
  return face.kind === 'forwarded' ? [`${what} can be called only at ${portsText(face.forwards)}`] : []
}
