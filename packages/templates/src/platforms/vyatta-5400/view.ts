import { plainHashes, type VyattaDialect } from '../../vyatta/dialect.ts'

/** The words of vyatta-5400 for the family's view and parser. */
export const dialect: VyattaDialect = {
  platform: 'vyatta-5400',
  vpnRoot: ['vpn', 'ipsec'],
  natRoot: ['nat'],
  natLists: 'two',
  anyInterface: undefined,
  peerKey: 'address',
  ikeVersion: undefined,
  ikeVersionUnset: 1,
  starts: { initiate: 'initiate', respond: 'respond' },
  deadPeerTrap: 'hold',
  reopens: undefined,
  hashes: plainHashes,
  gcmHash: undefined,
  manyPrefixes: false,
  plainAddresses: false,
  clamp: undefined,
}
