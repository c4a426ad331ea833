import { verifiedToDocument, verifiedWorld, verifyTables, worldOfTexts } from '@natplan/app'
import { parseSiteName } from '@natplan/core'
import { detectPlatform, visible, withoutSecrets } from '@natplan/templates'
import { fileNames, type Given } from './given.ts'
import { siteNamesOf } from './names-in-texts.ts'
import type { MarkedLine, RunningPart } from './parts.ts'
import { type Told, toldError, toldOf } from './told.ts'

/** What `natplan verify SITE=ours SITE=theirs` says of two running configurations; `undefined` where the two texts are something else. */
export function runningOf({ ours, theirs, plan }: Given): RunningPart | undefined {
  const names = siteNamesOf({ ours, theirs })
  const texts = [
    { site: names.ours, name: fileNames.ours, text: ours },
    { site: names.theirs, name: fileNames.theirs, text: theirs },
  ]
  if (plan !== undefined || !texts.every(({ text }) => detectPlatform(text))) return undefined
  try {
    const configs = texts.map(({ site, ...text }) => ({ site: parseSiteName(site), platform: undefined, text }))
    const verified = verifiedWorld(worldOfTexts({ loaded: undefined, configs, routes: [] }), () => [])
    const findings = toldOf(verified.findings, verified.documents)
    return {
      document: verifiedToDocument(verified),
      tables: verifyTables(verified, { isScreen: true, withFindings: false }),
      findings,
      texts: texts.map(({ name, text }) => ({ name, text: shown(text), marked: markedLines(name, findings) })),
    }
  } catch (error) {
    const problem = toldError(error, fileNames.ours)
    return {
      document: {
        schemaVersion: 1,
        proven: false,
        result: 'fault',
        tunnels: [],
        inferred: [],
        missingRules: [],
        findings: [problem],
      },
      tables: [],
      findings: [problem],
      texts: [],
    }
  }
}

/** Whether a text may hold keys; one that was made a plan file of is there no longer. */
export function holdsConfiguration({ ours, theirs }: Given): boolean {
  return [ours, theirs].some((text) => detectPlatform(text) !== undefined)
}

/** Line by line, without keys: somebody else may look at the screen, too. */
function shown(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(withoutSecrets(line)))
    .join('\n')
}

function markedLines(name: string, findings: readonly Told[]): MarkedLine[] {
  return findings.flatMap(({ severity, message, document, line, related = [] }) =>
    [{ document, line, message }, ...related]
      .filter((place) => place.document === name && place.line !== undefined)
      .map((place) => ({ severity, line: place.line as number, message: place.message })),
  )
}
