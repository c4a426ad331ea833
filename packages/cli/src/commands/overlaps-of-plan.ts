import { type Documents, findingToDocument, overlapsToDocument, overlapTable } from '@natplan/app'
import { type Finding, hasErrors, NatplanError, type Overlap, overlapsAmong, overlapsIn, Prefix } from '@natplan/core'
import { loadNetwork } from '../input/load-network.ts'
import { isRowFormat } from '../output/formats.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import type { OverlapsOptions } from './run-overlaps.ts'

interface Found {
  readonly overlaps: readonly Overlap[]
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** Prints what collides in a plan: of its file, or of a text that was read already. */
export function overlapsInPlan(options: OverlapsOptions, text?: string): Status {
  const { network, findings, documents } = loadNetwork(options, text)
  return printOverlaps({ overlaps: network ? overlapsIn(network) : [], findings, documents }, options, { places: true })
}

/** Prints what collides of the prefixes on the command line. */
export function overlapsAmongPrefixes(items: readonly string[], options: OverlapsOptions): Status {
  const overlaps = overlapsAmong(items.map((item) => Prefix.parse(item)))
  return printOverlaps({ overlaps, findings: [], documents: {} }, options, { places: false })
}

function printOverlaps(
  { overlaps, findings, documents }: Found,
  { output }: OverlapsOptions,
  { places }: { readonly places: boolean },
): Status {
  if (isRowFormat(output)) {
    throw new NatplanError('USAGE', `the overlaps of a plan are not printed as ${output}`, { hint: '--output json' })
  }
  if (!hasErrors(findings)) {
    const document = () =>
      overlapsToDocument(
        overlaps,
        findings.map((finding) => findingToDocument(finding, documents)),
      )
    printResult({ tables: () => [overlapTable(overlaps, { places })], document }, output)
  }
  reportFindings([{ findings, documents }])
  return hasErrors(findings) ? status.findings : status.good
}
