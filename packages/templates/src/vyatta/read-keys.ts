import type { DeviceTunnel } from '@natplan/core'
import { type FoundKey, KeyRing } from '../key-ring.ts'
import { type ListedKey, shownKey } from '../shown-key.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'

/** Finds the keys of tunnels: at their peers, or in the list of keys of the newer form, which is read once. */
export function keyFinder(
  vpn: ConfigNode,
  { peerKey }: VyattaDialect,
): (tunnel: DeviceTunnel, peer: ConfigNode) => FoundKey {
  const ring = new KeyRing(peerKey === 'address' ? [] : listedKeys(vpn), { isWhole: true })
  return (tunnel, peer) => {
    const found = ring.keyFor(tunnel)
    const own = found.key ? undefined : shownKey(peer.peek('authentication', 'pre-shared-secret'))
    return own ? { key: own } : found
  }
}

/** `secret-type` other than plain text is another encoding of the key; the address that an interface gets is not known. */
function listedKeys(vpn: ConfigNode): ListedKey[] {
  return vpn.children('authentication', 'psk').map(([, node]) => {
    const isPlain = (node.peek('secret-type') ?? 'plaintext') === 'plaintext'
    const identities = ['id', 'dhcp-interface'].flatMap((leaf) =>
      node.children(leaf).map(([value]) => (leaf === 'id' ? value : `${value}*`)),
    )
    return { identities, key: isPlain ? shownKey(node.peek('secret')) : undefined }
  })
}
