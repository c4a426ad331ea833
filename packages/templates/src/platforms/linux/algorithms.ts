import type { DhGroup, Encryption, EspSettings, Hash, IkeSettings } from '@natplan/core'

/** The words of strongSwan's proposals (swanctl.conf(5), `proposals` and `esp_proposals`). */
const encryptionWords: Readonly<Record<Encryption, string>> = {
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes128gcm128: 'aes128gcm16',
  aes256gcm128: 'aes256gcm16',
  '3des': '3des',
}

const dhGroupWords: Readonly<Record<DhGroup, string>> = {
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
}

const hashWords: Readonly<Record<Hash, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
}

type IkeAlgorithms = Pick<IkeSettings, 'encryption' | 'hash' | 'dhGroup'>
type EspAlgorithms = Pick<EspSettings, 'encryption' | 'hash' | 'dhGroup'>

/** `aes256gcm16-prfsha384-ecp384`, `aes256-sha256-modp2048`. */
export function ikeProposal({ encryption, hash, dhGroup }: IkeAlgorithms): string {
  const integrity = isGcm(encryption) ? `prf${hashWords[hash]}` : hashWords[hash]
  return [encryptionWords[encryption], integrity, dhGroupWords[dhGroup]].join('-')
}

/** `aes256gcm16-ecp384`, `aes256-sha256-modp2048`; without a group when there is no perfect forward secrecy. */
export function espProposal({ encryption, hash, dhGroup }: EspAlgorithms): string {
  const words = [encryptionWords[encryption], hash && hashWords[hash], dhGroup && dhGroupWords[dhGroup]]
  return words.filter((word) => word !== undefined).join('-')
}

export function isGcm(encryption: Encryption): boolean {
  return encryption.includes('gcm')
}
