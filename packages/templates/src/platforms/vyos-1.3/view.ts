import { plainHashes, type VyattaDialect } from '../../vyatta/dialect.ts'

/** The words of vyos-1.3 for the family's view and parser; its `respond` is strongSwan's `auto=route`, a trap. */
export const dialect: VyattaDialect = {
  platform: 'vyos-1.3',
  vpnRoot: ['vpn', 'ipsec'],
  natRoot: ['nat'],
  natLists: 'two',
  anyInterface: 'any',
  peerKey: 'address',
  ikeVersion: { leaf: 'key-exchange', words: { 1: 'ikev1', 2: 'ikev2' } },
  ikeVersionUnset: 1,
  starts: { trap: 'respond', initiate: 'initiate' },
  deadPeerTrap: 'hold',
  reopens: 'restart',
  hashes: plainHashes,
  gcmHash: undefined,
  manyPrefixes: false,
  plainAddresses: false,
  clamp: 'firewall-options',
}
