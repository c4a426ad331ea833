import { plainHashes, type VyattaDialect } from '../../vyatta/dialect.ts'

/** The words of edgeos for the family's view and parser. */
export const dialect: VyattaDialect = {
  platform: 'edgeos',
  vpnRoot: ['vpn', 'ipsec'],
  natRoot: ['service', 'nat'],
  natLists: 'one',
  anyInterface: undefined,
  peerKey: 'address',
  ikeVersion: { leaf: 'key-exchange', words: { 1: 'ikev1', 2: 'ikev2' } },
  ikeVersionUnset: 1,
  starts: { initiate: 'initiate', respond: 'respond' },
  deadPeerTrap: 'hold',
  reopens: undefined,
  hashes: plainHashes,
  gcmHash: undefined,
  manyPrefixes: false,
  plainAddresses: false,
  clamp: 'mss-clamp',
}
