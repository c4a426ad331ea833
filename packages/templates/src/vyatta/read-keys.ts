import type { DeviceEnd, DeviceTunnel } from '@natplan/core'
import type { Secret } from '../secret.ts'
import { type ListedKey, shownKey } from '../shown-key.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'

/** The key of a tunnel: at its peer, or in the list of keys of the newer form. */
export function keyOfTunnel(
  tunnel: Pick<DeviceTunnel, 'local' | 'remote'>,
  { peer, vpn, dialect }: { readonly peer: ConfigNode; readonly vpn: ConfigNode; readonly dialect: VyattaDialect },
): Secret | undefined {
  if (dialect.peerKey === 'address') return shownKey(peer.peek('authentication', 'pre-shared-secret'))
  return bestOf(tunnel, listedKeys(vpn))
}

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
function bestOf(
  { local, remote }: Pick<DeviceTunnel, 'local' | 'remote'>,
  listed: readonly ListedKey[],
): Secret | undefined {
  const ranked = listed
    .map(({ identities, key }) => ({ key, rank: 3 * fit(remote, identities) + fit(local, identities) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
  return ranked[0]?.key
}

/** An end that says nothing about its identity has its address for one. */
function fit({ identity, address }: DeviceEnd, identities: readonly string[]): 0 | 1 | 2 {
  const written = address.kind === 'known' ? address.address.toString() : undefined
  const own = identity === undefined || identity === '%any' ? written : identity
  if (own !== undefined && identities.includes(own)) return 2
  return identities.length === 0 || identities.includes('%any') ? 1 : 0
}
