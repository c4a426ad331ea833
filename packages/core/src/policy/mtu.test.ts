import { describe, expect, it } from 'vitest'
import type { EspSettings } from './gateway-policy.ts'
import { segmentSize } from './mtu.ts'

const esp = (encryption: EspSettings['encryption'], hash: EspSettings['hash']): EspSettings => ({
  encryption,
  hash,
  dhGroup: 14,
  lifetime: 3600,
})

describe('segmentSize', () => {
  it.each([
    // Without the 8 bytes of UDP an inner packet of 1438 bytes was measured on a real kernel.
    ['aes256-sha256 on Ethernet', esp('aes256', 'sha256'), { mtu: 1500, outer: 4, inner: 4 }, 1382],
    ['the same with those 8 bytes to spare', esp('aes256', 'sha256'), { mtu: 1508, outer: 4, inner: 4 }, 1398],
    ['aes256gcm128', esp('aes256gcm128', undefined), { mtu: 1500, outer: 4, inner: 4 }, 1398],
    ['on PPPoE', esp('aes256gcm128', undefined), { mtu: 1492, outer: 4, inner: 4 }, 1390],
    ['over IPv6', esp('aes256gcm128', undefined), { mtu: 1500, outer: 6, inner: 4 }, 1378],
    ['for IPv6 inside', esp('aes256gcm128', undefined), { mtu: 1500, outer: 4, inner: 6 }, 1378],
    ['3des-sha1', esp('3des', 'sha1'), { mtu: 1500, outer: 4, inner: 4 }, 1398],
  ] as const)('%s', (_, settings, path, size) => {
    expect(segmentSize(settings, path)).toBe(size)
  })
})
