import { Address, type DeviceEnd, type NamedAddress } from '@natplan/core'
import { withoutSecrets } from '../shown-line.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { readLeaf } from './read-leaf.ts'

/**
 * The two ends of a peer's tunnel, in the form with names or in that in which the peer is called by its address. With a certificate an end
 * that does not say who it is has the name in it, which the text does not show.
 */
export function endsOf(
  key: string,
  node: ConfigNode,
  { dialect: { peerKey }, isNamedByKey }: { readonly dialect: VyattaDialect; readonly isNamedByKey: boolean },
): { readonly local: DeviceEnd; readonly remote: DeviceEnd } {
  const written = remoteOf(node.values('remote-address'))
  const isNamed = written !== undefined || (peerKey === 'name' && !Address.tryParse(key))
  const remoteText = isNamed ? written : key
  const localText = readLeaf(node, 'local-address') ?? readLeaf(node, 'local-ip')
  const port = readLeaf(node, 'dhcp-interface')
  const local: NamedAddress =
    localText === undefined && port !== undefined ? { kind: 'dynamic', interface: port } : namedAddress(localText)
  const remote = namedAddress(remoteText)
  const own = readLeaf(node, 'authentication', 'local-id') ?? readLeaf(node, 'authentication', 'id')
  const others = readLeaf(node, 'authentication', 'remote-id')
  return {
    local: {
      address: local,
      identity: own === undefined ? (isNamedByKey ? identityOf(local) : undefined) : shownIdentity(own),
    },
    remote: {
      address: remote,
      identity:
        others !== undefined
          ? shownIdentity(others)
          : isNamedByKey || isNamed || remote.kind !== 'known'
            ? remoteIdentity(remote, remoteText, isNamed)
            : undefined,
    },
  }
}

/** What `strip-private` leaves of an identity (`xxx.xxx.100.1`) compares with nothing. */
function shownIdentity(text: string): string | undefined {
  return /^(@?x{3,}|\*{3,})/i.test(text) ? undefined : text
}

/** Of several addresses it is not known which one it is. */
function remoteOf(texts: readonly string[]): string | undefined {
  return texts.find((text) => text === 'any') ?? (texts.length > 0 ? texts.join(', ') : undefined)
}

/** An address of zeros is `any`; an identity (`@name`) leaves the address open. */
function namedAddress(text: string | undefined): NamedAddress {
  if (text === undefined || text === 'any' || text === '%any' || text.startsWith('@')) return { kind: 'any' }
  const address = Address.tryParse(text)
  if (!address) return { kind: 'host', name: withoutSecrets(text) }
  return Number(address.bits) === 0 ? { kind: 'any' } : { kind: 'known', address }
}

function identityOf(address: NamedAddress): string | undefined {
  return address.kind === 'known' ? address.address.toString() : undefined
}

/** Peers with names accept every identity unless told; others that of their address, or the one they are called by. */
function remoteIdentity(address: NamedAddress, text: string | undefined, isNamed: boolean): string | undefined {
  if (isNamed) return '%any'
  if (text?.startsWith('@')) return text
  return address.kind === 'any' ? '%any' : identityOf(address)
}
