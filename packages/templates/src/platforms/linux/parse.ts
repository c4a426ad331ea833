import type { NotUnderstood, Parsed } from '../../platform.ts'
import { keyFor } from '../../shown-key.ts'
import { type Block, readBlocks } from './read-blocks.ts'
import { readIpAddresses, readIpRoutes } from './read-ip.ts'
import { readTable } from './read-nftables.ts'
import { readOtherNat } from './read-other-nat.ts'
import { readKeys, readSecrets } from './read-secrets.ts'
import { readConnections } from './read-swanctl.ts'

/** The table that natplan writes; rules of others stand in other tables. */
export const table = 'table inet natplan'

/**
 * Reads swanctl.conf and natplan's nftables table: from the files, from the commands that write them, from `nft list`, or from all of
 * it in one text, with the output of `ip address` and `ip route` where it is there too. As on the gateway, a table or connection that
 * comes again replaces the one before.
 */
export function parse(text: string): Parsed {
  return parseBlocks(readAll(text), text)
}

/** natplan's table, and everybody's connections and secrets. */
export function readAll(text: string): Block[] {
  return readBlocks(text, (header) => [table, 'connections', 'secrets'].includes(header))
}

/** `text` is what stands beside the blocks: addresses, routes and NAT of others. */
export function parseBlocks(blocks: readonly Block[], text = ''): Parsed {
  const tables = blocks.filter(({ header }) => header === table).map(readTable)
  const connections = readConnections(blocks.filter(({ header }) => header === 'connections'))
  const secrets = blocks.filter(({ header }) => header === 'secrets')
  const last = tables.at(-1)
  const notUnderstood: NotUnderstood[] = [
    ...blocks.filter(({ isOpen }) => isOpen).map(({ line, header }) => ({ line, text: `${header} {` })),
    ...tables.flatMap((one) => one.notUnderstood),
    ...connections.notUnderstood,
    ...secrets.flatMap(readSecrets),
    ...readOtherNat(text, table),
  ]
  const listed = secrets.flatMap(readKeys)
  const keys = connections.tunnels.flatMap((tunnel) => {
    const key = keyFor(tunnel, listed)
    return key ? [[tunnel.peer, key] as const] : []
  })
  return {
    policy: {
      tunnels: connections.tunnels,
      nat: last?.nat ?? [],
      interfaces: [],
      routes: [],
      clamps: last?.clamps ?? [],
    },
    lines: new Map([...(last?.lines ?? []), ...connections.lines]),
    keys: new Map(keys),
    proposals: connections.proposals,
    addresses: readIpAddresses(text),
    otherRoutes: readIpRoutes(text),
    notUnderstood: notUnderstood.sort((a, b) => a.line - b.line),
    findings: connections.findings,
  }
}
