import type { DhGroup, Encryption, Hash, Start } from '@natplan/core'

/** Words of the IPsec policy of a connection; `undefined` for what an Azure VPN gateway does not have. */
export const encryptionWords: Readonly<Record<Encryption, string | undefined>> = {
  aes128: 'AES128',
  aes192: 'AES192',
  aes256: 'AES256',
  aes128gcm128: 'GCMAES128',
  aes256gcm128: 'GCMAES256',
  '3des': 'DES3',
}

export const hashWords: Readonly<Record<Hash, string | undefined>> = {
  md5: 'MD5',
  sha1: 'SHA1',
  sha256: 'SHA256',
  sha384: 'SHA384',
  sha512: undefined,
}

type Words = Readonly<Partial<Record<DhGroup, string>>>

export const dhWords: Words = { 2: 'DHGroup2', 14: 'DHGroup14', 19: 'ECP256', 20: 'ECP384' }
export const pfsWords: Words = { 2: 'PFS2', 14: 'PFS2048', 19: 'ECP256', 20: 'ECP384' }

/** Who brings a connection up. */
export const modeWords: Readonly<Record<Start, string>> = {
  trap: 'Default',
  initiate: 'Default',
  respond: 'ResponderOnly',
}
