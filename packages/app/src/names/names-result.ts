import type { Result } from '../tables/result.ts'
import type { Table } from '../tables/table.ts'
import { type BookEntry, isCalled } from './address-book.ts'
import { faceText, whyText } from './face-text.ts'

/** The address books of sites. */
export function namesResult(entries: readonly BookEntry[]): Result {
  return { tables: () => [namesTable(entries)], document: () => namesDocument(entries) }
}

export function namesTable(entries: readonly BookEntry[]): Table {
  return {
    title: 'What each site calls the hosts of others',
    columns: ['AT', 'HOST', 'ADDRESS', 'NAMES', 'WHAT IT IS'],
    rows: entries.map((entry) => [
      entry.at,
      `${entry.peer} ${entry.host.name}`,
      isCalled(entry) ? String(entry.face.address) : 'none',
      isCalled(entry) ? entry.names.join(', ') : '',
      faceText(entry),
    ]),
    empty: 'the plan names no hosts of other sites: list them below hosts of a site, or natplan import them',
  }
}

function namesDocument(entries: readonly BookEntry[]) {
  return { schemaVersion: 1, entries: entries.map(entryDocument) }
}

function entryDocument(entry: BookEntry) {
  const { at, peer, host, real, names, face, over } = entry
  const called =
    face.kind === 'unreachable'
      ? { unreachable: { kind: face.why.kind, text: whyText(entry) } }
      : {
          address: String(face.address),
          names,
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
