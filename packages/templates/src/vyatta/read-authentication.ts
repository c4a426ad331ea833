import { type Authentication, type DeviceTunnel, wordTable } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { nameOfFile } from './peer-key.ts'
import { peekLeaf, readLeaf } from './read-leaf.ts'

/** The ways to prove who one is, with the nodes that must say more about it. */
const modes: Readonly<Record<string, { readonly is: Authentication; readonly needs: readonly string[] }>> = wordTable({
  'pre-shared-secret': { is: 'key', needs: [] },
  x509: { is: 'certificate', needs: ['x509'] },
  rsa: { is: 'public-key', needs: ['rsa', 'rsa-key-name'] },
})

/** How a peer proves who it is. A mode without what it needs stays unread: the device refuses it. */
export function authenticationOf(node: ConfigNode, vpn: ConfigNode, { peerKey }: VyattaDialect): Authentication {
  const own = node.at('authentication')
  const word = peekLeaf(own, 'mode')
  for (const leaf of ['pre-shared-secret', 'x509', 'rsa', 'rsa-key-name', 'use-x509-id']) own?.at(leaf)?.markAllRead()
  const mode = modes[word ?? '']
  if (mode && (mode.needs.length === 0 || mode.needs.some((leaf) => own?.at(leaf)))) {
    readLeaf(own, 'mode')
    return mode.is
  }
  if (word !== undefined) return 'unknown'
  const hasKey = peerKey === 'name' ? vpn.at('authentication', 'psk') : own?.at('pre-shared-secret')
  return hasKey ? 'key' : own?.at('x509') ? 'certificate' : 'unknown'
}

/** The names of what the device has; a file is called by what stands before its ending. */
export function certificatesOf(node: ConfigNode, authentication: Authentication): DeviceTunnel['certificates'] {
  if (authentication !== 'certificate') return undefined
  const own = node.at('authentication', 'x509')
  const names = (own?.children('ca-certificate') ?? []).map(([name]) => name)
  return {
    certificate: own?.peek('certificate') ?? nameOfFile(own?.peek('cert-file')),
    ca: names.length > 0 ? names.join(', ') : nameOfFile(own?.peek('ca-cert-file')),
  }
}
