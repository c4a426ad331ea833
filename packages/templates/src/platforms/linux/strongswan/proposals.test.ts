import { describe, expect, it } from 'vitest'
import { measured } from '../../../../../../test/support/cost.ts'
import { espOffers, ikeOffers } from './proposals.ts'

describe('proposals', () => {
  it.each([
    [
      'the word with a hash',
      'aes256-sha256-modp2048',
      [{ encryption: 'aes256', hash: 'sha256', prf: 'sha256', dhGroup: 14 }],
    ],
    [
      'GCM by bytes, bits and alone',
      'aes128gcm16-prfsha256-x25519',
      [{ encryption: 'aes128gcm128', hash: undefined, prf: 'sha256', dhGroup: 31 }],
    ],
    [
      'GCM by bits',
      'aes128gcm128-prfsha256-curve25519',
      [{ encryption: 'aes128gcm128', hash: undefined, prf: 'sha256', dhGroup: 31 }],
    ],
    [
      'GCM with a hash for the keys',
      'aes256gcm-sha384-ecp384',
      [{ encryption: 'aes256gcm128', hash: undefined, prf: 'sha384', dhGroup: 20 }],
    ],
    [
      'a shorter tag',
      'aes256gcm8-prfsha512-ecp521',
      [{ encryption: 'aes256gcm64', hash: undefined, prf: 'sha512', dhGroup: 21 }],
    ],
    [
      'ChaCha20',
      'chacha20poly1305-prfsha256-x448',
      [{ encryption: 'chacha20poly1305', hash: undefined, prf: 'sha256', dhGroup: 32 }],
    ],
    [
      'another PRF than the hash',
      'aes256-sha256-prfsha512-modp2048',
      [{ encryption: 'aes256', hash: 'sha256', prf: 'sha512', dhGroup: 14 }],
    ],
    [
      'the strict sign of ipsec.conf',
      'aes256-sha1-modp1024!',
      [{ encryption: 'aes256', hash: 'sha1', prf: 'sha1', dhGroup: 2 }],
    ],
  ])('are read: %s', (_, text, offers) => {
    expect(ikeOffers(text)).toEqual({ offers, isWhole: true })
  })

  it('stand for all their combinations', () => {
    const { offers, isWhole } = ikeOffers('aes256-aes128-sha384-sha256-ecp384-ecp256')
    expect([offers.length, isWhole]).toEqual([8, true])
  })

  it.each([
    ['a word that nobody knows', 'aes256-sha256-ke1_mlkem768-x25519'],
    ['no group', 'aes256-sha256'],
    ['no hash for the keys', 'aes256gcm16-x25519'],
    ['an inherited name', 'constructor-sha256-modp2048'],
  ])('are left out, and known to be: %s', (_, text) => {
    expect(ikeOffers(text)).toEqual({ offers: [], isWhole: false })
    expect(ikeOffers(`${text},aes256-sha256-x25519`)).toMatchObject({ offers: [{ dhGroup: 31 }], isWhole: false })
  })

  it('are strongSwan’s own where none is named, and not all of them are known', () => {
    expect(ikeOffers(undefined).isWhole).toBe(false)
    expect(ikeOffers('default').offers).toContainEqual({
      encryption: 'aes256',
      hash: 'sha256',
      prf: 'sha256',
      dhGroup: 31,
    })
    expect(espOffers(undefined).offers).toContainEqual({
      encryption: 'aes128gcm128',
      hash: undefined,
      dhGroup: undefined,
      extendedSequence: undefined,
    })
  })

  it.each([
    [
      'aes128gcm128-x25519',
      [{ encryption: 'aes128gcm128', hash: undefined, dhGroup: 31, extendedSequence: undefined }],
    ],
    ['aes256-sha256', [{ encryption: 'aes256', hash: 'sha256', dhGroup: undefined, extendedSequence: undefined }]],
    [
      'aes256-sha256-esn-noesn',
      [true, false].map((extendedSequence) => ({
        encryption: 'aes256',
        hash: 'sha256',
        dhGroup: undefined,
        extendedSequence,
      })),
    ],
    [
      'aes256-sha256-none-modp2048',
      [undefined, 14].map((dhGroup) => ({
        encryption: 'aes256',
        hash: 'sha256',
        dhGroup,
        extendedSequence: undefined,
      })),
    ],
  ])('of ESP: %s', (text, offers) => {
    expect(espOffers(text)).toEqual({ offers, isWhole: true })
  })

  it('never grow without end', () => {
    expect(
      measured(() =>
        ikeOffers(Array.from({ length: 20_000 }, () => 'aes128-aes256-sha256-sha384-x25519-ecp384').join(',')),
      ).cost,
    ).toBeLessThan(200)
  })
})
