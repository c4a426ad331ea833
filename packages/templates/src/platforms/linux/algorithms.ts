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

/** `undefined` for a proposal that natplan would not write: several, an unknown word, a part missing. */
export function tryParseIke(text: string): IkeAlgorithms | undefined {
  const { encryption, hash, prf, dhGroup, isWhole } = wordsOf(text)
  const used = encryption && isGcm(encryption) ? prf : hash
  if (!isWhole || !encryption || !used || !dhGroup || (hash !== undefined && prf !== undefined)) return undefined
  return { encryption, hash: used, dhGroup }
}

export function tryParseEsp(text: string): EspAlgorithms | undefined {
  const { encryption, hash, prf, dhGroup, isWhole } = wordsOf(text)
  if (!isWhole || !encryption || prf !== undefined || isGcm(encryption) === (hash !== undefined)) return undefined
  return { encryption, hash, dhGroup }
}

interface Words {
  readonly encryption: Encryption | undefined
  readonly hash: Hash | undefined
  readonly prf: Hash | undefined
  readonly dhGroup: DhGroup | undefined
  /** No word was unknown or there twice. */
  readonly isWhole: boolean
}

function wordsOf(text: string): Words {
  const words = text.split('-')
  const encryptions = words.flatMap((word) => keyOf(encryptionWords, word) ?? [])
  const hashes = words.flatMap((word) => keyOf(hashWords, word) ?? [])
  const prfs = words.flatMap((word) => (word.startsWith('prf') ? (keyOf(hashWords, word.slice(3)) ?? []) : []))
  const groups = words.flatMap((word) => keyOf(dhGroupWords, word) ?? [])
  const parts = [encryptions, hashes, prfs, groups]
  const known = parts.reduce((sum, part) => sum + part.length, 0)
  return {
    encryption: encryptions[0] as Encryption | undefined,
    hash: hashes[0] as Hash | undefined,
    prf: prfs[0] as Hash | undefined,
    dhGroup: groups[0] === undefined ? undefined : (Number(groups[0]) as DhGroup),
    isWhole: known === words.length && parts.every((part) => part.length <= 1),
  }
}

function keyOf(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.keys(table).find((key) => table[key] === word)
}

export function isGcm(encryption: Encryption): boolean {
  return encryption.includes('gcm')
}
