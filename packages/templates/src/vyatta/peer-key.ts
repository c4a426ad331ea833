import { type NamedAddress, ownPrefix, plainIdentity, type TunnelPolicy } from '@natplan/core'
import type { VyattaDialect } from './dialect.ts'

/** What the peer of a tunnel is called in the tree: a name, its address, or its identity where nobody can call it. */
export function peerKeyOf({ peer, remote }: TunnelPolicy, { peerKey }: VyattaDialect): string {
  if (peerKey === 'name') return `${ownPrefix}${peer}`
  return remote.address.kind === 'any' ? `@${plainIdentity(remote.identity)}` : remoteText(remote.address)
}

/** Where packets for a peer go, as one word. */
export function remoteText(address: NamedAddress): string {
  if (address.kind === 'known') return address.address.toString()
  return address.kind === 'host' ? address.name : 'any'
}

/** Reports whether a peer that is called so may be anywhere; the device then only answers it. */
export function isOpenPeer(key: string, { peerKey }: VyattaDialect): boolean {
  return key.startsWith('@') || (peerKey === 'address' && ['any', '0.0.0.0', '0:0:0:0:0:0:0:0', '::'].includes(key))
}

/** Where members of the family without a store of certificates have their files. */
export const certificateFolder = '/config/auth/'

/** The word for files there: what is before their ending. */
export function nameOfFile(path: string | undefined): string | undefined {
  if (path === undefined || !path.startsWith(certificateFolder)) return path
  return path.slice(certificateFolder.length).replace(/\.pem$/, '')
}
