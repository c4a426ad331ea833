import {
  BadLines,
  compareInputs,
  countOverlaps,
  overlapTables,
  type PrefixInput,
  readPrefixes,
  type Table,
} from '@natplan/app'
import { limits } from '../limits.ts'
import { fileNames, type Given } from './given.ts'
import { piecesOf } from './text-pieces.ts'
import { type Told, toldError, toldOf } from './told.ts'

/** What two long lists have in common. */
export interface ManyPrefixes {
  readonly tables: readonly Table[]
  readonly findings: readonly Told[]
}

export function areMany({ ours, theirs, plan }: Given): boolean {
  return (
    plan === undefined && linesOf(ours) + linesOf(theirs) > limits.plannedLines.most && !isConfiguration(ours + theirs)
  )
}

/** Configurations are long and name few networks. */
function isConfiguration(text: string): boolean {
  return /^\s*(?:set \w|interfaces \{|firewall \{|table (?:ip|ip6|inet) |\*(?:nat|filter|mangle|raw)\s*$|connections \{|conn \w)/m.test(
    text,
  )
}

function linesOf(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

export async function manyPrefixes({ ours, theirs }: Given): Promise<ManyPrefixes> {
  const texts = [
    [fileNames.ours, ours],
    [fileNames.theirs, theirs],
  ] as const
  const inputs: PrefixInput[] = []
  const findings: Told[] = []
  for (const [name, text] of texts) {
    if (text.trim() === '') continue
    try {
      const bad = new BadLines()
      const events = { onBad: (line: Parameters<BadLines['add']>[0]) => bad.add(line), onPiece: () => {} }
      const input = await readPrefixes(piecesOf(name, text), { hostBits: 'mask' }, events)
      const said = bad.findingsOf(input, { isStrict: false })
      inputs.push(input)
      findings.push(...toldOf(said.findings, { input: said.document }))
    } catch (error) {
      findings.push(toldError(error, name))
    }
  }
  const choice = inputs.length > 1 ? { between: true, within: false } : {}
  const comparison = compareInputs(inputs, choice, undefined)
  return { tables: overlapTables(comparison, countOverlaps(comparison), { isSummary: false }), findings }
}
