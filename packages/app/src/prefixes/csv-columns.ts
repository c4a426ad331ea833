import { spaceColumns } from './space-key.ts'

/** Which columns of a table are read, counted from 0. */
export interface CsvColumns {
  /** One of prefixes, or one of addresses and one of lengths or masks. */
  readonly prefix: readonly [number] | readonly [number, number]
  /** What the network of a row is called, the surest column first. */
  readonly names: readonly number[]
  /** What it belongs to: site, VRF, tenant. */
  readonly groups: readonly { readonly column: number; readonly called: string }[]
  /** Whether it is in use. */
  readonly status: number | undefined
  /** To which space it belongs, where spaces are kept apart, and what would say it too. */
  readonly spaces?: readonly number[] | undefined
}

/** Names of columns, the surest first. */
const nameForms = [
  /^(name|display.?name|hostname|(subnet|network|vlan|site|netz).?name)$/i,
  /^(vpc|subnet|network|vnet).?id$/i,
  /^(description|beschreibung|bezeichnung|comment|kommentar)$/i,
]
const groupForm = /^((EA-)?(site|location|standort|filiale|branch)|scope|vrf|tenant|network.?view|section|id)$/i
const statusForm = /(state|status|zustand)$/i

/** What the other columns say of the networks, by what they are called. */
export function columnsBeside(prefix: CsvColumns['prefix'], header: readonly string[], by?: string): CsvColumns {
  const others = header.flatMap((called, column) => (prefix.includes(column) ? [] : [{ called, column }]))
  const matching = (form: RegExp) => others.filter(({ called }) => form.test(called))
  return {
    prefix,
    names: nameForms.flatMap((form) => matching(form).map(({ column }) => column)),
    groups: matching(groupForm).map(({ called, column }) => ({
      column,
      called: called.toLowerCase().replace(/^ea-/, ''),
    })),
    status: matching(statusForm)[0]?.column,
    ...(by === undefined ? {} : { spaces: spaceColumns(header, by) }),
  }
}

/** Reports whether a column says in which network one lies, by what it is called. */
export function isAround(called: string): boolean {
  return /^(master|parent)\b/i.test(called)
}
