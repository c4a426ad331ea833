import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Documents, whereIs } from '@natplan/app'
import { type Code, codes, type Finding, formatPath, type Place, type Severity } from '@natplan/core'
import { repositoryPath } from '../files/repository-path.ts'
import { version } from '../version.ts'
import { jsonText } from './print-result.ts'
import type { Said } from './report-findings.ts'

const levels = { error: 'error', risk: 'warning', note: 'note' } as const satisfies Record<Severity, string>

/** All that was found as one document of SARIF 2.1.0, which code hosts and editors read. */
export function sarifText(said: readonly Said[]): string {
  return `${jsonText(sarifDocument(said), 2)}\n`
}

function sarifDocument(said: readonly Said[]) {
  const used = [...new Set(said.flatMap(({ findings }) => findings.map(({ code }) => code)))].sort()
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'natplan', version, rules: used.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: said.flatMap(({ findings, documents }) =>
          findings.map((finding) => resultOf(finding, documents, used)),
        ),
      },
    ],
  }
}

function ruleOf(code: Code) {
  const { severity, title, text } = codes[code]
  return {
    id: code,
    shortDescription: { text: title },
    help: { text, markdown: text },
    defaultConfiguration: { level: levels[severity] },
  }
}

function resultOf(
  { code, severity, place, message, hint, related = [], about }: Finding,
  documents: Documents,
  used: readonly Code[],
) {
  const text = hint ? `${message}\nhint: ${hint}` : message
  return {
    ruleId: code,
    ruleIndex: used.indexOf(code),
    level: levels[severity],
    message: messageOf(text),
    locations: [locationOf(place, documents)],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((one, id) => ({
            id,
            ...locationOf(one.place, documents),
            message: messageOf(one.message),
          })),
        }
      : {}),
    ...(about ? { properties: { about } } : {}),
  }
}

/** In a message of SARIF brackets and parentheses make a link, and braces stand for arguments. */
function messageOf(text: string) {
  return { text: text.replaceAll('](', '] (').replace(/[{}]/g, '$&$&') }
}

/** What is no file, as standard input, has a name only. */
function locationOf(place: Place, documents: Documents) {
  const { name, position } = whereIs(place, documents)
  const path = formatPath(place.path)
  const file = repositoryPath(name)
  const logical = path === '' && file !== undefined ? undefined : { fullyQualifiedName: path === '' ? name : path }
  return {
    ...(file === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            ...(position ? { region: { startLine: position.line, startColumn: position.column } } : {}),
          },
        }),
    ...(logical ? { logicalLocations: [logical] } : {}),
  }
}

function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/')
}
