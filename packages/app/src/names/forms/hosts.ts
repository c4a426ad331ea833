import type { BookEntry } from '../address-book.ts'
import { calledAddresses } from '../records.ts'
import { commented, type NamesOf } from './form.ts'

/** Lines for /etc/hosts: the first name of a line is what its address is called back. */
export function hostsText(names: NamesOf): string {
  return commented('#', names, hostsLines(names.entries))
}

export function hostsLines(entries: readonly BookEntry[]): string[] {
  return calledAddresses(entries).map(({ address, names }) => `${address} ${names.join(' ')}`)
}
