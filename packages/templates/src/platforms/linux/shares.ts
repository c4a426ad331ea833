import { deviceOfParsed, type UnreadPeer } from '../../device-of-parsed.ts'
import type { Shares } from '../../difference.ts'
import { ownPrefix } from '../../vyatta/dialect.ts'
import { parseBlocks, readAll, table } from './parse.ts'
import { type Block, partsOf } from './read-blocks.ts'

/** What a gateway shows, by whom it is. */
export interface Sorted {
  /** natplan's table, the last where there are several. */
  readonly table: Block | undefined
  /** By name; one that comes again replaces the one before. */
  readonly connections: ReadonlyMap<string, Block>
  readonly others: readonly Block[]
  /** The value of each of natplan's secrets by the name of the connection, when the text shows secrets at all. */
  readonly secrets: ReadonlyMap<string, string> | undefined
  /** Connections of others that stand in one block with natplan's, and so in its file. */
  readonly between: readonly string[]
}

/** natplan's are its table, and connections and secrets that are called `natplan-…`. */
export function sortBlocks(text: string): Sorted {
  const blocks = readAll(text)
  const connections = new Map<string, Block>()
  const between: string[] = []
  const others: Block[] = []
  for (const block of blocks.filter(({ header }) => header === 'connections')) {
    const inner = partsOf(block).blocks
    const own = inner.filter(({ header }) => header.startsWith(ownPrefix))
    const rest = inner.filter((one) => !own.includes(one))
    for (const one of own) connections.set(one.header, one)
    if (own.length > 0) between.push(...rest.map(({ header }) => header))
    if (rest.length > 0) others.push({ ...block, entries: rest })
  }
  const tables = blocks.filter(({ header }) => header === table)
  return { table: tables.at(-1), connections, others, secrets: secretsOf(blocks), between }
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

export function sharesOf({ table: own, connections, others }: Sorted, text: string): Shares {
  const block: Block = {
    kind: 'block',
    line: 1,
    header: 'connections',
    entries: [...connections.values()],
    isOpen: false,
  }
  return {
    own: deviceOfParsed(parseBlocks([...(own ? [own] : []), block]), { platform: 'linux' }),
    others: deviceOfParsed(parseBlocks(others, text), { platform: 'linux', peers: others.flatMap(peersIn) }),
  }
}

function peersIn(block: Block): UnreadPeer[] {
  return partsOf(block).blocks.map((connection) => ({
    name: connection.header,
    addresses: remoteAddresses(connection),
    line: connection.line,
  }))
}

function remoteAddresses(connection: Block): string[] {
  const line = partsOf(connection).lines.find(({ text }) => /^remote_addrs\s*=/.test(text))
  return line ? line.text.replace(/^remote_addrs\s*=\s*/, '').split(/[\s,]+/) : []
}
