import { type Imported, importPlan, isPlanText, planText } from '@natplan/app'
import { NatplanError, writeLock } from '@natplan/core'
import { fileNames, type Given } from './given.ts'
import { siteNamesOf } from './names-in-texts.ts'
import { piecesOf } from './text-pieces.ts'
import { type Told, toldError, toldOf } from './told.ts'

/** The plan file that two texts say, and how they were read. */
export interface PlanOfTexts {
  /** `undefined` where there is nothing to plan with. */
  readonly text: string | undefined
  readonly findings: readonly Told[]
  readonly notes: readonly string[]
  /** Holds the numbers that run on gateways. */
  readonly lock?: string | undefined
  /** What makes natplan's own what runs on gateways and was configured by hand. */
  readonly adoptions?: Imported['adoptions']
}

const boxes = ['ours', 'theirs'] as const

/** A text that is a plan file stands for all; else each text is what one site has. */
export async function planOfTexts(given: Given): Promise<PlanOfTexts> {
  const filled = boxes.filter((box) => given[box].trim() !== '')
  const whole = filled.find((box) => isPlanText({ name: box, text: given[box] }))
  if (whole) return { text: given[whole], findings: [], notes: [] }
  const names = siteNamesOf(given)
  const { imported, findings } = await importedTexts(filled.map((box) => ({ box, site: names[box], text: given[box] })))
  if (!imported) return { text: undefined, findings, notes: [] }
  const text = hasSubnets(imported) ? planText(imported, { explains: false }) : undefined
  return {
    text,
    findings: [...findings, ...toldOf(imported.findings, {})],
    notes: notesOf(imported),
    lock: imported.lock && writeLock(imported.lock),
    adoptions: imported.adoptions,
  }
}

type NamedTexts = readonly { readonly box: (typeof boxes)[number]; readonly site: string; readonly text: string }[]

/** Both together, since gateways say things of one another; where that fails, each alone, to tell which one cannot be read. */
async function importedTexts(
  texts: NamedTexts,
): Promise<{ readonly imported: Imported | undefined; readonly findings: readonly Told[] }> {
  if (texts.length === 0) return { imported: undefined, findings: [] }
  try {
    return { imported: await importedOf(texts), findings: [] }
  } catch (error) {
    const problem = toldError(error, texts.map(({ box }) => fileNames[box]).join(' and '))
    if (texts.length === 1) return { imported: undefined, findings: [problem] }
    const alone = await Promise.all(texts.map((one) => importedTexts([one])))
    const failed = alone.flatMap(({ findings }) => findings)
    if (failed.length === 0) return { imported: undefined, findings: [problem] }
    return { imported: alone.find(({ imported }) => imported)?.imported, findings: failed }
  }
}

/** What looks like a table and has no column of prefixes is a text that may hold some. */
async function importedOf(texts: NamedTexts): Promise<Imported> {
  try {
    return await importedWith(texts, undefined)
  } catch (error) {
    if (error instanceof NatplanError && error.code === 'COLUMN_UNCLEAR') return importedWith(texts, true)
    throw error
  }
}

function importedWith(texts: NamedTexts, extract: true | undefined): Promise<Imported> {
  const given = texts.map(({ box, site, text }) => ({
    site,
    platform: undefined,
    text: piecesOf(fileNames[box], text),
  }))
  return importPlan(given, { as: undefined, columns: new Map(), extract })
}

function hasSubnets({ network }: Imported): boolean {
  return Object.values(network.sites).some(({ subnets }) => (subnets?.length ?? 0) > 0)
}

function notesOf({ notes = [], leftOut }: Imported): string[] {
  const left = leftOut.map(({ what, count, file }) => `${file}: left out: ${what}: ${count}`)
  return [...notes, ...left]
}
