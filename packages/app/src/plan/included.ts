import { collect, type Finding, includesOf, inPlan, NatplanError, type WrittenInclude } from '@natplan/core'
import { isMapping } from '../import/tunnel-key.ts'
import { limits } from '../limits.ts'
import type { NamedText } from '../text/documents.ts'
import { type ReadDocument, readDocument } from '../text/read-document.ts'
import { type Hub, Joining, type WholeDocument } from './joining.ts'
import { isTableName, readTable } from './site-table.ts'

/** A file that a plan includes: its text, or what a reader of its form made of it. */
export type Included = NamedText | ReadDocument

/**
 * The files that a path or a pattern under `include` means, in order; `asTables` says that they are tables whatever their names are.
 * @throws NatplanError when one is not there or must not be read
 */
export type Include = (pattern: string, reading: { readonly asTables: boolean }) => readonly Included[]

/** The plan with all that it includes; each place of it knows the file that it was written in. */
export function withIncluded(plan: ReadDocument, include: Include | undefined): WholeDocument {
  if (!isMapping(plan.data) || plan.data['include'] === undefined) return { ...plan, notes: [], lacks: false }
  const joining = new Joining(plan, plan.data)
  const entries = includesOf(plan.data['include'])
  // The schema tells what is wrong with them.
  if (!entries) return { ...plan, notes: [], lacks: true }
  const parts = [...partsOf(entries, include, joining.findings).values()]
  for (const { document } of parts) joining.add(document)
  for (const { document, hub } of parts) if (hub) joining.joinToHub(document, hub)
  return joining.whole
}

interface Part {
  readonly document: ReadDocument
  readonly hub?: Hub
}

function partsOf(
  entries: readonly WrittenInclude[],
  include: Include | undefined,
  findings: Finding[],
): Map<string, Part> {
  const parts = new Map<string, Part>()
  for (const [index, entry] of entries.entries()) {
    const asTables = typeof entry !== 'string'
    const choice = asTables ? entry : { table: entry }
    const place = inPlan(['include', index, ...(asTables ? ['table'] : [])])
    const files = collect(place, findings, () =>
      filesOf(include, { pattern: choice.table, asTables, count: parts.size }),
    )
    for (const file of files ?? []) {
      if (parts.has(file.name)) continue
      const isTable = asTables || isTableName(file.name)
      const document =
        'data' in file ? file : isTable ? readTable(file, choice) : readDocument(file.name, file.text, 'plan')
      parts.set(file.name, { document, ...(choice.hub === undefined ? {} : { hub: { name: choice.hub, index } }) })
    }
  }
  return parts
}

interface Wanted {
  readonly pattern: string
  readonly asTables: boolean
  /** How many files are included already. */
  readonly count: number
}

function filesOf(include: Include | undefined, { pattern, asTables, count }: Wanted): readonly Included[] {
  if (!include) {
    throw new NatplanError('INCLUDE_UNFIT', 'this plan is not a file in a folder, so it cannot include any', {
      hint: 'save it, and name the file',
    })
  }
  const files = include(pattern, { asTables })
  const { most } = limits.includedFiles
  if (count + files.length <= most) return files
  throw new NatplanError('INCLUDE_UNFIT', `more than ${most} files would be included`, { hint: 'join some of them' })
}
