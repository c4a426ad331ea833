import type { Family } from '../address/bits.ts'
import type { Encryption, EspSettings, Hash } from './gateway-policy.ts'

/** Initialization vector and cipher block in bytes: AES-CBC RFC 3602, 3DES-CBC RFC 2451, AES-GCM RFC 4106 (padded to 4, RFC 4303). */
const ciphers: Record<Encryption, { readonly iv: number; readonly block: number }> = {
  aes128: { iv: 16, block: 16 },
  aes192: { iv: 16, block: 16 },
  aes256: { iv: 16, block: 16 },
  aes128gcm128: { iv: 8, block: 4 },
  aes256gcm128: { iv: 8, block: 4 },
  '3des': { iv: 8, block: 8 },
}

/** Integrity check value in bytes: RFC 2403, 2404, 4868. */
const checkValues: Record<Hash, number> = { md5: 12, sha1: 12, sha256: 16, sha384: 24, sha512: 32 }

/** RFC 4106, section 6. */
const gcmCheckValue = 16

const outerHeader: Record<Family, number> = { 4: 20, 6: 40 }
/** RFC 3948: gateways agree on it by themselves when they find a NAT between them, so it is always counted. */
const udpHeader = 8
/** RFC 4303: SPI and sequence number in front; pad length and next header behind. */
const espHeader = 8
const espTrailer = 2
const innerHeader: Record<Family, number> = { 4: 20, 6: 40 }
const tcpHeader = 20

/**
 * The TCP maximum segment size that fits through an ESP tunnel on a path. aes256 with sha256 on 1500 bytes: 1382 (without UDP
 * encapsulation 1398, an inner packet of 1438 bytes).
 */
export function segmentSize(
  esp: EspSettings,
  { mtu, outer, inner }: { readonly mtu: number; readonly outer: Family; readonly inner: Family },
): number {
  const { iv, block } = ciphers[esp.encryption]
  const checkValue = esp.hash === undefined ? gcmCheckValue : checkValues[esp.hash]
  const room = mtu - outerHeader[outer] - udpHeader - espHeader - iv - checkValue
  const packet = Math.floor(room / block) * block - espTrailer
  return packet - innerHeader[inner] - tcpHeader
}
