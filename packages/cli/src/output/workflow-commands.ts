import { type FindingGroup, formatPlace, forPeople, groupsOf, whereIs } from '@natplan/app'
import { formatPath, type Severity } from '@natplan/core'
import { repositoryPath } from '../files/repository-path.ts'
import type { Said } from './report-findings.ts'

const commandOf: Record<Severity, string> = { error: 'error', risk: 'warning', note: 'notice' }

/** What was found as commands of GitHub Actions, which shows each beside the line that it is about. */
export function workflowCommands({ findings, documents }: Said): string {
  return groupsOf(findings)
    .shown.map((group) => commandFor(group, documents))
    .join('')
}

function commandFor({ first, others }: FindingGroup, documents: Said['documents']): string {
  const { code, severity, place, message, hint, related = [] } = first
  const { name, position } = whereIs(place, documents)
  const file = repositoryPath(name)
  const properties = {
    ...(file === undefined ? {} : { file }),
    ...(file === undefined || !position ? {} : { line: position.line, col: position.column }),
    title: `natplan ${code}`,
  }
  const path = place.path.length > 0 ? `${formatPath(place.path)}: ` : ''
  const lines = [
    `${file === undefined ? `${name}: ` : ''}${path}${message}`,
    ...(hint ? [`hint: ${hint}`] : []),
    ...related.map((one) => `${formatPlace(one.place, documents)} ${one.message}`),
    ...(others.length > 0 ? [`and ${others.length} more like it`] : []),
  ]
  const shown = Object.entries(properties).map(([key, value]) => `${key}=${propertyText(String(value))}`)
  return `::${commandOf[severity]} ${shown.join(',')}::${lines.map(dataText).join('%0A')}\n`
}

/** A line of the text behind a command. */
function dataText(text: string): string {
  return forPeople(text).replaceAll('%', '%25')
}

/** The value of a property, which a colon or a comma would end. */
function propertyText(text: string): string {
  return dataText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
