import { type Finding, formatPath, type NatplanError, type Place, type Severity } from '@natplan/core'
import { visible } from '@natplan/templates'
import { type Documents, whereIs } from '../input/documents.ts'
import type { Style, Terminal } from './terminal.ts'

const styles: Record<Severity, Style> = { error: 'red', risk: 'yellow', note: 'cyan' }

/** More findings than this in one run help nobody on a screen; the JSON output has all. */
const shownAtMost = 100

/** Findings for people, errors first: place, severity, code, path, message; then the hint and related places. */
export function formatFindings(findings: readonly Finding[], documents: Documents, terminal: Terminal): string {
  const order: readonly Severity[] = ['error', 'risk', 'note']
  const sorted = order.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  const shown = sorted.slice(0, shownAtMost).map((finding) => formatFinding(finding, documents, terminal))
  const left = sorted.length - shown.length
  return shown.join('') + (left > 0 ? `... and ${left} more findings (--output json has all)\n` : '')
}

function formatFinding(finding: Finding, documents: Documents, terminal: Terminal): string {
  const { severity, code, place, message, hint, related = [] } = finding
  const severityText = terminal.paint(styles[severity], severity)
  const path = place.path.length > 0 ? `${formatPath(place.path)}: ` : ''
  const lines = [`${formatPlace(place, documents)} ${severityText} ${code} ${visible(`${path}${message}`)}`]
  if (hint) lines.push(`  hint: ${visible(hint)}`)
  for (const other of related) lines.push(`  ${formatPlace(other.place, documents)} ${visible(other.message)}`)
  return lines.map((line) => `${line}\n`).join('')
}

/** `natplan.yaml:9:15`, or the file alone where no position is known. */
function formatPlace(place: Place, documents: Documents): string {
  const { name, position } = whereIs(place, documents)
  return position ? `${name}:${position.line}:${position.column}` : name
}

export function formatError(error: NatplanError, terminal: Terminal): string {
  const hint = error.hint ? `  hint: ${visible(error.hint)}\n` : ''
  return `natplan: ${terminal.paint('red', 'error')} ${error.code} ${visible(error.message)}\n${hint}`
}
