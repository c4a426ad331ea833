import type { ParsedTunnel } from '@natplan/core'
import type { Secret } from '../secret.ts'
import { keyFor, type ListedKey, shownKey } from '../shown-key.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'

/** The key of a tunnel: at its peer, or in the list of keys of the newer form. Reading it never lets it be reported. */
export function keyOf(
  tunnel: ParsedTunnel,
  { peer, vpn, dialect }: { readonly peer: ConfigNode; readonly vpn: ConfigNode; readonly dialect: VyattaDialect },
): Secret | undefined {
  if (dialect.peerKey === 'address') return shownKey(peer.peek('authentication', 'pre-shared-secret'))
  return keyFor(tunnel, listedKeys(vpn))
}

/** `secret-type` other than plain text is another encoding of the key. */
function listedKeys(vpn: ConfigNode): ListedKey[] {
  return [...(vpn.at('authentication', 'psk')?.entries() ?? [])].map(([, node]) => {
    const isPlain = (node.peek('secret-type') ?? 'plaintext') === 'plaintext'
    const identities = [...(node.at('id')?.entries() ?? [])].map(([identity]) => identity)
    return { identities, key: isPlain ? shownKey(node.peek('secret')) : undefined }
  })
}
