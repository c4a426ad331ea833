import {
  type AddressMeaning,
  type Mapping,
  type PeerList,
  type PrefixMeaning,
  type Subnet,
  shortText,
} from '@natplan/core'

export function peersText(peers: PeerList): string {
  return peers === 'all' ? 'all peers' : peers.join(', ')
}

/** Of hosts that hide, at their own site. */
export function hiddenText({ translatedFor, translated }: Mapping): string {
  return `${peersText(translatedFor)} see it as ${shortText(translated)} and open no connections to it, except to forwards`
}

/** Of what hosts hide behind, at a peer. */
export function hidingText({ subnet, peer }: { readonly subnet: Subnet; readonly peer: string }): string {
  const ports = subnet.forwards.map(({ protocol, port, to }) => `${protocol} ${port} is ${to}`).join(', ')
  return `what all of ${subnet.prefix} at ${peer} hides behind: ${ports === '' ? 'only it opens connections' : ports}`
}

/** What an address is, or a prefix, that no peer has and no host here. */
export function usedHereText(
  meaning: Extract<AddressMeaning | PrefixMeaning, { readonly kind: 'own-translated' | 'reserved' | 'endpoint' }>,
): string {
  switch (meaning.kind) {
    case 'own-translated':
      return meaning.mapping.kind === 'many-to-one'
        ? `what all of ${meaning.real} hides behind here; not used at this site itself`
        : `what ${peersText(meaning.mapping.translatedFor)} call ${meaning.real} here; not used at this site itself`
    case 'reserved':
      return `in use here and reached by no tunnel: ${meaning.reserved.prefix} (${meaning.reserved.kind})`
    case 'endpoint':
      return "this site's own gateway, outside"
  }
}
