import { existsSync } from 'node:fs'
import { type Finding, hasErrors, type Overlap, overlapsAmong, overlapsIn, Prefix } from '@natplan/core'
import type { Documents } from '../input/documents.ts'
import { loadNetwork } from '../input/load-network.ts'
import { standardInput } from '../input/standard-input.ts'
import { formatFindings } from '../output/format-finding.ts'
import { findingToDocument, overlapsToDocument } from '../output/plan-document.ts'
import { overlapTable } from '../output/plan-tables.ts'
import { printResult } from '../output/print-result.ts'
import { standardError } from '../output/terminal.ts'
import { type Status, status } from '../status.ts'
import type { InputOptions, OutputOptions } from './command.ts'
import { oneFile } from './run-plan.ts'

export type OverlapsOptions = InputOptions & OutputOptions & { readonly items?: readonly string[] | undefined }

interface Found {
  readonly overlaps: readonly Overlap[]
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

export function runOverlaps(options: OverlapsOptions): Status {
  const items = options.items ?? []
  const isPlanFile =
    items.length === 0 || (items.length === 1 && (existsSync(String(items[0])) || items[0] === standardInput))
  const { overlaps, findings, documents } = isPlanFile ? inPlan(options) : amongPrefixes(items)
  if (!hasErrors(findings)) {
    const document = () =>
      overlapsToDocument(
        overlaps,
        findings.map((finding) => findingToDocument(finding, documents)),
      )
    printResult({ tables: () => [overlapTable(overlaps, { places: isPlanFile })], document }, options.output)
  }
  process.stderr.write(formatFindings(findings, documents, standardError))
  return hasErrors(findings) ? status.findings : status.good
}

function inPlan(options: OverlapsOptions): Found {
  const { network, findings, documents } = loadNetwork({ ...options, file: oneFile(options.items?.[0], options.file) })
  return { overlaps: network ? overlapsIn(network) : [], findings, documents }
}

function amongPrefixes(items: readonly string[]): Found {
  const overlaps = overlapsAmong(items.map((item) => Prefix.parse(item)))
  return { overlaps, findings: [], documents: {} }
}
