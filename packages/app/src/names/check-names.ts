import { type Finding, findingOf, inInput, NatplanError, type Plan, type SiteName } from '@natplan/core'
import { holdsNames, namesIn } from '../import/lists/host-names.ts'
import { LeftOutCounts } from '../import/said.ts'
import type { CheckedNamesDocument } from '../results/schemas/names.ts'
import type { Result } from '../tables/result.ts'
import type { Table } from '../tables/table.ts'
import { count } from '../text/count.ts'
import type { NamedText } from '../text/documents.ts'
import { reverseName } from '../text/reverse-names.ts'
import { type Judgement, judgeEntry, type NameEntry } from './name-entry.ts'

/** A text with names, and the sites whose hosts read it. */
export interface NamesToCheck {
  readonly text: NamedText
  readonly sites: readonly SiteName[]
}

export interface CheckedNames {
  readonly file: string
  readonly findings: readonly Finding[]
  readonly wrong: readonly WrongName[]
  /** Entries by site that were judged, and those that the plan knows nothing of. */
  readonly checked: number
  readonly notKnown: number
  /** What gives no name to an address, and how often. */
  readonly leftOut: readonly { readonly what: string; readonly count: number; readonly line?: number }[]
}

interface WrongName {
  readonly entry: NameEntry
  readonly at: SiteName
  readonly judgement: Extract<Judgement, { readonly kind: 'unreachable' | 'another' }>
}

/** @throws NatplanError USAGE for a text in which natplan finds no names, JSON_SYNTAX */
export function checkNames(plan: Plan, { text, sites }: NamesToCheck): CheckedNames {
  const { entries, leftOut } = entriesIn(text)
  const judged = sites.flatMap((at) => entries.map((entry) => ({ at, entry, judgement: judgeEntry(plan, at, entry) })))
  const wrong = judged.filter(
    (one): one is WrongName => one.judgement.kind === 'unreachable' || one.judgement.kind === 'another',
  )
  return {
    file: text.name,
    wrong,
    findings: wrong.map(findingFor),
    checked: judged.length,
    notKnown: judged.filter(({ judgement }) => judgement.kind === 'not-known').length,
    leftOut,
  }
}

function entriesIn(text: NamedText): { readonly entries: NameEntry[] } & Pick<CheckedNames, 'leftOut'> {
  if (!holdsNames(text.text)) {
    throw new NatplanError('USAGE', `natplan finds no names in ${text.name}`, {
      hint: 'it reads hosts files, zone files, names of dnsmasq and Unbound, and IP addresses of NetBox',
    })
  }
  const entries: NameEntry[] = []
  const leftOut = new LeftOutCounts()
  namesIn(text, {
    name: ({ name, address, line }) => entries.push({ name, address, line }),
    pointer: ({ name, address, line }) => entries.push({ name, address, line, reverse: true }),
    leftOut: (what, line) => leftOut.add(what, { file: text.name, line }),
  })
  return { entries, leftOut: leftOut.all }
}

function findingFor({ entry, at, judgement }: WrongName): Finding {
  const { name, address, line, reverse } = entry
  const { kind, why, should } = judgement
  const written = should.map((one) => (reverse ? reverseName(one) : String(one)))
  return findingOf(kind === 'unreachable' ? 'NAME_UNREACHABLE' : 'NAME_OF_ANOTHER', inInput(line), {
    message: reverse
      ? `at ${at}, a PTR record gives ${name} for ${address}, which ${why}`
      : `at ${at}, ${name} leads to ${address}, which ${why}`,
    hint: written.length > 0 ? `write ${written.join(' or ')}` : 'take the entry out: nobody there can call it',
    about: { site: at, range: String(address), line },
  })
}

/** Which entries are wrong, and how many were looked at. */
export function checkedResult(checked: readonly CheckedNames[]): Result {
  return { tables: () => [checkedTable(checked)], document: () => checkedDocument(checked) }
}

function checkedTable(checked: readonly CheckedNames[]): Table {
  const all = checked.reduce((sum, one) => sum + one.checked, 0)
  const left = checked.reduce((sum, one) => sum + one.notKnown, 0)
  const unread = checked.flatMap(({ leftOut }) => leftOut.map(({ what, count: times }) => `${times} ${what}`))
  return {
    title: 'Names that lead elsewhere',
    columns: ['FILE', 'AT', 'NAME', 'ADDRESS', 'SHOULD BE'],
    rows: checked.flatMap(({ file, wrong }) =>
      wrong.map(({ entry, at, judgement }) => [
        `${file}:${entry.line}`,
        at,
        entry.name,
        String(entry.address),
        judgement.should.join(' or ') || 'none',
      ]),
    ),
    empty: 'none',
    footer: `${count(all, 'entry', 'entries')} looked at${left > 0 ? `, of which the plan does not know ${left}` : ''}${unread.length > 0 ? `; not looked at: ${unread.join(', ')}` : ''}`,
  }
}

function checkedDocument(checked: readonly CheckedNames[]): CheckedNamesDocument {
  return {
    schemaVersion: 1,
    files: checked.map(({ file, wrong, checked: all, notKnown, leftOut }) => ({
      file,
      checked: all,
      notKnown,
      leftOut: leftOut.map(({ what, count: times }) => ({ what, count: times })),
      wrong: wrong.map(({ entry, at, judgement }) => ({
        line: entry.line,
        at,
        name: entry.name,
        address: String(entry.address),
        ...(entry.reverse && { reverse: true }),
        kind: judgement.kind,
        text: judgement.why,
        should: judgement.should.map(String),
      })),
    })),
  }
}
