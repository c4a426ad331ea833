import type { NotUnderstood, Parsed } from '../../platform.ts'
import { type Block, readBlocks } from './read-blocks.ts'
import { readTable } from './read-nftables.ts'
import { readConnections, readSecrets } from './read-swanctl.ts'

/** The table that natplan writes; rules of others stand in other tables. */
export const table = 'table inet natplan'

/**
 * Reads swanctl.conf and natplan's nftables table: from the files, from the commands that write them, from `nft list`, or from all of
 * it in one text. As on the gateway, a table or connection that comes again replaces the one before.
 */
export function parse(text: string): Parsed {
  return parseBlocks(readAll(text))
}

/** natplan's table, and everybody's connections and secrets. */
export function readAll(text: string): Block[] {
  return readBlocks(text, [table, 'connections', 'secrets'])
}

export function parseBlocks(blocks: readonly Block[]): Parsed {
  const tables = blocks.filter(({ header }) => header === table).map(readTable)
  const connections = readConnections(blocks.filter(({ header }) => header === 'connections'))
  const secrets = blocks.filter(({ header }) => header === 'secrets').flatMap(readSecrets)
  const last = tables.at(-1)
  const notUnderstood: NotUnderstood[] = [
    ...blocks.filter(({ isOpen }) => isOpen).map(({ line, header }) => ({ line, text: `${header} {` })),
    ...tables.flatMap((one) => one.notUnderstood),
    ...connections.notUnderstood,
    ...secrets,
  ]
  return {
    policy: {
      tunnels: connections.tunnels,
      nat: last?.nat ?? [],
      interfaces: [],
      routes: [],
      clamps: last?.clamps ?? [],
    },
    notUnderstood: notUnderstood.sort((a, b) => a.line - b.line),
    findings: connections.findings,
  }
}
