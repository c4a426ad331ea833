import type { PoolUse, Prefix } from '@natplan/core'
import { visible } from '@natplan/templates'
import type { PrefixInput } from '../prefixes/read-prefixes.ts'
import { type SpaceKey, spaceText } from '../prefixes/space-key.ts'
import type { FreeSpaceDocument } from '../results/schemas/inputs.ts'
import type { FindingDocument } from '../results/schemas/pieces.ts'
import { addressCount, grouped } from '../text/count.ts'
import { inputDocument, notesOn, readAs } from './input-report.ts'
import type { Table } from './table.ts'

/** What is free in pools; `blocks` when blocks of a length were asked for. */
export interface FreeFound {
  readonly inputs: readonly PrefixInput[]
  /** The space that was looked in, where spaces are kept apart. */
  readonly by?: SpaceKey | undefined
  readonly use: readonly PoolUse[]
  readonly largest: readonly Prefix[]
  readonly length?: number
  readonly blocks?: readonly Prefix[]
}

export function freeTables({ inputs, by, use, largest, length, blocks }: FreeFound): Table[] {
  return [
    ...(inputs.length > 0 ? [inputTable(inputs)] : []),
    {
      title: by ? `Pools (${visible(by.key, 60)} ${visible(spaceText(by.only || undefined, by.key), 60)})` : 'Pools',
      columns: ['POOL', 'USED', 'FREE', 'IN USE', 'LARGEST FREE BLOCK'],
      rows: use.map(({ pool, used, free, largest: block }) => [
        String(pool),
        addressCount(used),
        addressCount(free),
        shareText(used, used + free),
        block ? String(block) : 'none',
      ]),
      empty: 'none',
    },
    blocks ? blockTable(`Free /${length}`, blocks) : blockTable('Largest free blocks', largest),
  ]
}

function inputTable(inputs: readonly PrefixInput[]): Table {
  const hasNotes = inputs.some((input) => notesOn(input).length > 0)
  return {
    title: 'In use',
    columns: ['FILE', 'PREFIXES', 'READ AS', ...(hasNotes ? ['NOTE'] : [])],
    rows: inputs.map((input) => [
      input.name,
      grouped(input.table.size),
      readAs(input),
      ...(hasNotes ? [notesOn(input).join('; ')] : []),
    ]),
    empty: 'nothing',
  }
}

function blockTable(title: string, blocks: readonly Prefix[]): Table {
  const rows = blocks.map((block) => [String(block), String(block.first), String(block.last)])
  return { title, columns: ['BLOCK', 'FIRST', 'LAST'], rows, empty: 'none' }
}

/** Rounded so that only nothing is 0 % and only all is 100 %. */
function shareText(used: bigint, size: bigint): string {
  if (used === 0n || used === size) return used === 0n ? '0 %' : '100 %'
  const percent = (100 * Number(used)) / Number(size)
  if (percent < 0.1) return 'under 0.1 %'
  return percent > 99.9 ? 'over 99.9 %' : `${Number(percent.toFixed(1))} %`
}

export function freeDocument(found: FreeFound, findings: readonly FindingDocument[]): FreeSpaceDocument {
  const { inputs, by, use, largest, length, blocks } = found
  return {
    schemaVersion: 1,
    ...(by ? { by: by.key, ...(by.only ? { space: by.only } : {}) } : {}),
    inputs: inputs.map(inputDocument),
    pools: use.map(({ pool, used, free, largest: block }) => ({
      pool: String(pool),
      used: numberOrText(used),
      free: numberOrText(free),
      ...(block ? { largest: String(block) } : {}),
    })),
    largest: largest.map(String),
    ...(blocks && length !== undefined ? { length, blocks: blocks.map(String) } : {}),
    findings: [...findings],
  }
}

/** What a number of JSON cannot hold exactly is a text of digits. */
function numberOrText(number: bigint): number | string {
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : String(number)
}

/** The blocks asked for, else the largest ones, one a line. */
export function freeRows({ largest, blocks = largest }: FreeFound, output: 'csv' | 'ndjson'): string {
  if (output === 'csv') return `block\n${blocks.map((block) => `${block}\n`).join('')}`
  return blocks.map((block) => `${JSON.stringify({ block })}\n`).join('')
}
