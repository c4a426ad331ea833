import { importPlan } from '../../packages/app/src/import/import-plan.ts'
import type { Imported } from '../../packages/app/src/import/imported.ts'
import { planText } from '../../packages/app/src/import/plan-text.ts'

/** What `natplan import` makes of texts, by `NAME` or `SITE=NAME`. */
export async function importTexts(
  texts: Readonly<Record<string, string>>,
  as?: 'site' | 'reserved',
): Promise<Imported & { readonly text: string; readonly said: readonly string[] }> {
  const given = Object.entries(texts).map(([argument, text]) => {
    const [name = '', site] = argument.split('=').toReversed()
    const bytes = new TextEncoder().encode(text)
    async function* chunks() {
      yield bytes
    }
    return { site, platform: undefined, text: { name, head: bytes.subarray(0, 65536), isCut: false, chunks: chunks() } }
  })
  const imported = await importPlan(given, { as, columns: new Map() })
  const said = imported.findings.map(({ code, message, place }) => `${place.file}:${place.line} ${code} ${message}`)
  return { ...imported, text: planText(imported, { explains: true }), said }
}
