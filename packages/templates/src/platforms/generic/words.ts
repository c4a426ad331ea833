import type { DeadPeer, DhGroup, Encryption, Hash, Start } from '@natplan/core'

/** Algorithms as the forms of most products spell them. */
export const encryptionWords: Readonly<Record<Encryption, string>> = {
  aes128: 'AES-CBC, 128 bits',
  aes192: 'AES-CBC, 192 bits',
  aes256: 'AES-CBC, 256 bits',
  aes128gcm128: 'AES-GCM, 128 bits, ICV of 16 bytes (GCM-16)',
  aes256gcm128: 'AES-GCM, 256 bits, ICV of 16 bytes (GCM-16)',
  '3des': '3DES-CBC',
}

export const hashWords: Readonly<Record<Hash, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256 (SHA2-256)',
  sha384: 'SHA-384 (SHA2-384)',
  sha512: 'SHA-512 (SHA2-512)',
}

export const dhGroupWords: Readonly<Record<DhGroup, string>> = {
  2: '2 (MODP, 1024 bits)',
  5: '5 (MODP, 1536 bits)',
  14: '14 (MODP, 2048 bits)',
  15: '15 (MODP, 3072 bits)',
  16: '16 (MODP, 4096 bits)',
  17: '17 (MODP, 6144 bits)',
  18: '18 (MODP, 8192 bits)',
  19: '19 (NIST P-256, ECP 256 bits)',
  20: '20 (NIST P-384, ECP 384 bits)',
  21: '21 (NIST P-521, ECP 521 bits)',
}

export const startWords: Readonly<Record<Start, string>> = {
  trap: 'on demand: the first packet brings it up, and none leaves unencrypted before (trap, route, on-demand)',
  initiate: 'this gateway, at once and always (initiate, auto-negotiate, keep-alive)',
  respond: 'the peer; this gateway waits (respond, passive)',
}

export const deadPeerWords: Readonly<Record<DeadPeer['action'], string>> = {
  restart: 'connect again',
  clear: 'give up, until a packet or the peer asks for the tunnel',
  trap: 'hold packets back and connect again for the first',
}

export function isGcm(encryption: Encryption): boolean {
  return encryption.includes('gcm')
}
