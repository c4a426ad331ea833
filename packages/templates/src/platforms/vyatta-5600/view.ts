import type { VyattaDialect } from '../../vyatta/dialect.ts'

/** The words of vyatta-5600 for the family's view and parser. */
export const dialect: VyattaDialect = {
  platform: 'vyatta-5600',
  vpnRoot: ['security', 'vpn', 'ipsec'],
  natRoot: ['service', 'nat'],
  natLists: 'two',
  anyInterface: undefined,
  peerKey: 'address',
  ikeVersion: { leaf: 'ike-version', words: { 1: '1', 2: '2' } },
  ikeVersionUnset: 1,
  starts: { initiate: 'initiate', respond: 'respond' },
  deadPeerTrap: 'hold',
  reopens: undefined,
  hashes: { md5: 'md5', sha1: 'sha1', sha256: 'sha2_256', sha384: 'sha2_384', sha512: 'sha2_512' },
  gcmHash: 'null',
  manyPrefixes: false,
  plainAddresses: true,
  clamp: 'virtual',
}
