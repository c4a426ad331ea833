import { ownPrefix } from '@natplan/core'
import type { Shares } from '../../difference.ts'
import { ownLines } from './own-lines.ts'
import { type Block, partsOf, readBlocks } from './read-blocks.ts'
import { readDevice } from './read-device.ts'

/** The table that natplan writes; rules of others stand in other tables. */
const table = 'table inet natplan'

/** What a gateway shows, by whom it is. */
export interface Sorted {
  /** natplan's table, the last where there are several. */
  readonly table: Block | undefined
  /** By name; one that comes again replaces the one before. */
  readonly connections: ReadonlyMap<string, Block>
  /** All that is natplan's, as it stands in the text. */
  readonly own: readonly Block[]
  /** Blocks in which connections of natplan's stand. */
  readonly around: readonly Block[]
  /** The value of each of natplan's secrets by the name of the connection, when the text shows secrets at all. */
  readonly secrets: ReadonlyMap<string, string> | undefined
  /** Connections of others that stand in one block with natplan's, and so in its file. */
  readonly between: readonly string[]
}

/** natplan's are its table, and connections and secrets that are called `natplan-…`. */
export function sortBlocks(text: string): Sorted {
  const blocks = readBlocks(text, (header) => [table, 'connections', 'secrets'].includes(header))
  const connections = new Map<string, Block>()
  const between: string[] = []
  const ownConnections: Block[] = []
  const around: Block[] = []
  for (const block of blocks.filter(({ header }) => header === 'connections')) {
    const inner = partsOf(block).blocks
    const own = inner.filter(({ header }) => header.startsWith(ownPrefix))
    const rest = inner.filter((one) => !own.includes(one))
    for (const one of own) connections.set(one.header, one)
    ownConnections.push(...own)
    if (own.length > 0) around.push(block)
    if (own.length > 0) between.push(...rest.map(({ header }) => header))
  }
  const tables = blocks.filter(({ header }) => header === table)
  const own = [...tables, ...ownConnections]
  return { table: tables.at(-1), connections, own, around, secrets: secretsOf(blocks), between }
}

function secretsOf(blocks: readonly Block[]): Map<string, string> | undefined {
  const shown = blocks.filter(({ header }) => header === 'secrets')
  if (shown.length === 0) return undefined
  const sections = shown.flatMap((block) => partsOf(block).blocks)
  return new Map(
    sections
      .filter(({ header }) => header.startsWith(`ike-${ownPrefix}`))
      .flatMap((section) => {
        const line = partsOf(section).lines.find(({ text }) => /^secret\s*=/.test(text))
        const value = line?.text.replace(/^secret\s*=\s*/, '').replace(/^"(.*)"$/, '$1')
        return value === undefined ? [] : [[section.header.slice('ike-'.length), value] as const]
      }),
  )
}

/** Two devices out of one text: the lines of the other one are blank in each, so that all keep their numbers. */
export function sharesOf({ own, around }: Sorted, text: string): Shares {
  const marked = ownLines(text)
  const isOwn = (number: number) => marked.has(number) || own.some(({ line, end }) => number >= line && number <= end)
  const isAround = (number: number) => around.some(({ line, end }) => number === line || number === end)
  const only = (isKept: (number: number) => boolean) => readDevice(linesOf(text, isKept))
  return { own: only((number) => isOwn(number) || isAround(number)), others: only((number) => !isOwn(number)) }
}

/** The rest is blank, so that all lines keep their numbers. */
export function linesOf(text: string, isKept: (number: number) => boolean): string {
  return text
    .split('\n')
    .map((line, index) => (isKept(index + 1) ? line : ''))
    .join('\n')
}
