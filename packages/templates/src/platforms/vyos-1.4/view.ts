import { plainHashes, type VyattaDialect } from '../../vyatta/dialect.ts'

/** The words of vyos-1.4 for the family's view and parser; its `respond` installs a trap, and its `none` only answers. */
export const dialect: VyattaDialect = {
  platform: 'vyos-1.4',
  vpnRoot: ['vpn', 'ipsec'],
  natRoot: ['nat'],
  natLists: 'two',
  anyInterface: undefined,
  peerKey: 'name',
  ikeVersion: { leaf: 'key-exchange', words: { 1: 'ikev1', 2: 'ikev2' } },
  ikeVersionUnset: 2,
  starts: { trap: 'respond', initiate: 'initiate', respond: 'none' },
  deadPeerTrap: 'trap',
  reopens: 'start',
  hashes: plainHashes,
  gcmHash: undefined,
  manyPrefixes: true,
  plainAddresses: false,
  clamp: 'interface',
}
