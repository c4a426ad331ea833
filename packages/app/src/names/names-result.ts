import { groupedBy, type Plan } from '@natplan/core'
import type { NamesDocument, NamesEntryDocument } from '../results/schemas/names.ts'
import type { Result } from '../tables/result.ts'
import type { Table } from '../tables/table.ts'
import { namesText } from '../text/count.ts'
import { addressBook, type BookEntry, isApart, isCalled, sitesApart } from './address-book.ts'
import { apartText, faceText, whyText } from './face-text.ts'

/** The address books of sites. */
export function namesResult(entries: readonly BookEntry[]): Result {
  return { tables: () => [namesTable(entries)], document: () => namesDocument(entries) }
}

function namesTable(entries: readonly BookEntry[]): Table {
  return {
    title: 'What each site calls the hosts of others',
    columns: ['AT', 'HOST', 'ADDRESS', 'NAMES', 'WHAT IT IS'],
    rows: [...groupedBy(entries, ({ at }) => at).values()].flatMap((its) => [...rowsOf(its), ...apartRow(its)]),
    empty: 'the plan names no hosts of other sites: list them below hosts of a site, or natplan import them',
  }
}

/** The address books of all sites; none where the plan names no hosts. Of very many entries the first ones. */
export function bookTable(plan: Plan, most: number): Table[] {
  const sites = [...plan.network.sites.values()]
  if (sites.every(({ hosts }) => hosts.length === 0)) return []
  const entries: BookEntry[] = []
  for (const { name } of sites) {
    if (entries.length > most) break
    entries.push(...addressBook(plan, name))
  }
  const table = namesTable(entries.slice(0, most))
  return [entries.length > most ? { ...table, footer: 'and so on; natplan names prints them all' } : table]
}

function rowsOf(entries: readonly BookEntry[]): string[][] {
  return entries
    .filter((entry) => !isApart(entry))
    .map((entry) => [
      entry.at,
      `${entry.peer} ${entry.host.name}`,
      isCalled(entry) ? String(entry.face.address) : 'none',
      isCalled(entry) ? entry.names.join(', ') : '',
      faceText(entry),
    ])
}

/** One for all sites that a site does not talk to. */
function apartRow(entries: readonly BookEntry[]): string[][] {
  const [first] = entries
  const sites = sitesApart(entries)
  if (!first || sites.length === 0) return []
  return [[first.at, `hosts of ${namesText(sites, 3)}`, 'none', '', `cannot be called: ${apartText(first.at)}`]]
}

function namesDocument(entries: readonly BookEntry[]): NamesDocument {
  return { schemaVersion: 1, entries: entries.map(entryDocument) }
}

export function entryDocument(entry: BookEntry): NamesEntryDocument {
  const { at, peer, host, real, names, face, over } = entry
  const called =
    face.kind === 'unreachable'
      ? { unreachable: { kind: face.why.kind, text: whyText(entry) } }
      : {
          address: String(face.address),
          names: [...names],
          translated: face.kind === 'forwarded' || face.isTranslated,
          ...(face.kind === 'forwarded'
            ? { ports: face.forwards.map(({ protocol, port, toPort }) => ({ protocol, port, toPort })) }
            : {}),
        }
  return { at, peer, host: host.name, real: String(real), ...called, ...(over === undefined ? {} : { over }) }
}

const columns = 'at,peer,host,address,real,names,ports,over,unreachable\n'

/** A line an entry; lists hold blanks between their parts. */
export function namesCsv(entries: readonly BookEntry[]): string {
  return columns + entries.map((entry) => `${cellsOf(entry).map(csvCell).join(',')}\n`).join('')
}

function cellsOf(entry: BookEntry): string[] {
  const { at, peer, host, real, names, face, over = '' } = entry
  const ports =
    face.kind === 'forwarded' ? face.forwards.map(({ protocol, port }) => `${protocol}/${port}`).join(' ') : ''
  const [address, called] = isCalled(entry) ? [String(entry.face.address), names.join(' ')] : ['', '']
  return [at, peer, host.name, address, String(real), called, ports, over, whyText(entry)]
}

function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
