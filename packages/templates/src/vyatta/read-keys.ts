import type { DeviceEnd, DeviceTunnel } from '@natplan/core'
import type { Secret } from '../secret.ts'
import { type ListedKey, shownKey } from '../shown-key.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'

/** Finds the keys of tunnels: at their peers, or in the list of keys of the newer form, which is read once. */
export function keyFinder(
  vpn: ConfigNode,
  { peerKey }: VyattaDialect,
): (tunnel: Ends, peer: ConfigNode) => Secret | undefined {
  const ownKey = (peer: ConfigNode) => shownKey(peer.peek('authentication', 'pre-shared-secret'))
  if (peerKey === 'address') return (_, peer) => ownKey(peer)
  const listed = listedKeys(vpn)
  const named = new Map<string, ListedKey[]>()
  for (const one of listed) for (const name of one.identities) kept(named, name).push(one)
  return (tunnel, peer) => bestOf(tunnel, named.get(namedBy(tunnel.remote) ?? '') ?? listed) ?? ownKey(peer)
}

function kept(lists: Map<string, ListedKey[]>, name: string): ListedKey[] {
  const list = lists.get(name) ?? []
  lists.set(name, list)
  return list
}

type Ends = Pick<DeviceTunnel, 'local' | 'remote'>

/** `secret-type` other than plain text is another encoding of the key. */
function listedKeys(vpn: ConfigNode): ListedKey[] {
  return [...(vpn.at('authentication', 'psk')?.entries() ?? [])].map(([, node]) => {
    const isPlain = (node.peek('secret-type') ?? 'plaintext') === 'plaintext'
    const identities = [...(node.at('id')?.entries() ?? [])].map(([identity]) => identity)
    return { identities, key: isPlain ? shownKey(node.peek('secret')) : undefined }
  })
}

/**
 * The key that strongSwan takes out of a list: the one that names the other end, then the own one; a key without identities is for
 * everybody. The first of several that are equally good.
 */
function bestOf({ local, remote }: Ends, listed: readonly ListedKey[]): Secret | undefined {
  const [near, far] = [namedBy(local), namedBy(remote)]
  let [best, bestRank]: [Secret | undefined, number] = [undefined, 0]
  for (const { identities, key } of listed) {
    const rank = 3 * fit(far, identities) + fit(near, identities)
    if (rank > bestRank) [best, bestRank] = [key, rank]
  }
  return best
}

/** An end that says nothing about its identity has its address for one. */
function namedBy({ identity, address }: DeviceEnd): string | undefined {
  if (identity !== undefined && identity !== '%any') return identity
  return address.kind === 'known' ? address.address.toString() : undefined
}

function fit(name: string | undefined, identities: readonly string[]): 0 | 1 | 2 {
  if (name !== undefined && identities.includes(name)) return 2
  return identities.length === 0 || identities.includes('%any') ? 1 : 0
}
