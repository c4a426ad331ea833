import { type Finding, formatPath, type NatplanError, type Place, type Severity } from '@natplan/core'
import { type Documents, whereIs } from '../text/documents.ts'
import { forPeople } from '../text/for-people.ts'
import { type FindingGroup, groupFindings } from './group-findings.ts'
import type { Style, Terminal } from './painter.ts'

const styles: Record<Severity, Style> = { error: 'red', risk: 'yellow', note: 'cyan' }

/** More findings than this in one run help nobody on a screen; the JSON output has all. */
const shownAtMost = 100

/** Findings for people, errors first: place, severity, code, path, message; then the hint, related places, and who else has it. */
export function formatFindings(findings: readonly Finding[], documents: Documents, terminal: Terminal): string {
  const { shown, left } = groupsOf(findings)
  return (
    shown.map((group) => formatGroup(group, documents, terminal)).join('') +
    (left > 0 ? `... and ${left} more findings (--output json has all)\n` : '')
  )
}

/** Those that are shown, errors first, and how many there are beside them. */
export function groupsOf(findings: readonly Finding[]): {
  readonly shown: readonly FindingGroup[]
  readonly left: number
} {
  const order: readonly Severity[] = ['error', 'risk', 'note']
  const groups = groupFindings(order.flatMap((severity) => findings.filter((finding) => finding.severity === severity)))
  return { shown: groups.slice(0, shownAtMost), left: Math.max(groups.length - shownAtMost, 0) }
}

/** So many other places of one finding are named. */
const placesAtMost = 3

/** So many places that belong to one finding are shown. */
const relatedAtMost = 20

function formatGroup({ first, others }: FindingGroup, documents: Documents, terminal: Terminal): string {
  const text = formatFinding(first, documents, terminal)
  if (others.length === 0) return text
  const places = others.slice(0, placesAtMost).map(({ place }) => formatPlace(place, documents))
  const more = others.length > placesAtMost ? ', …' : ''
  return `${text}  and ${others.length} more like it: ${places.join(', ')}${more} (--output json has all)\n`
}

function formatFinding(finding: Finding, documents: Documents, terminal: Terminal): string {
  const { severity, code, place, message, hint, related = [] } = finding
  const severityText = terminal.paint(styles[severity], severity)
  const path = place.path.length > 0 ? `${formatPath(place.path)}: ` : ''
  const lines = [`${formatPlace(place, documents)} ${severityText} ${code} ${forPeople(`${path}${message}`)}`]
  if (hint) lines.push(`  hint: ${forPeople(hint)}`)
  for (const other of related.slice(0, relatedAtMost)) {
    lines.push(`  ${formatPlace(other.place, documents)} ${forPeople(other.message)}`)
  }
  const left = related.length - relatedAtMost
  if (left > 0) lines.push(`  and ${left} more places (--output json has all)`)
  return lines.map((line) => `${line}\n`).join('')
}

/** `natplan.yaml:9:15`, or the file alone where no position is known. */
export function formatPlace(place: Place, documents: Documents): string {
  const { name, position } = whereIs(place, documents)
  return forPeople(position ? `${name}:${position.line}:${position.column}` : name)
}

export function formatError(error: NatplanError, terminal: Terminal): string {
  const hint = error.hint ? `  hint: ${forPeople(error.hint)}\n` : ''
  return `natplan: ${terminal.paint('red', 'error')} ${error.code} ${forPeople(error.message)}\n${hint}`
}
