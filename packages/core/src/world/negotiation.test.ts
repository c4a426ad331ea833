import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { DeviceInterface, DeviceTunnel } from '../device/device.ts'
import { negotiationFaults } from './negotiation.ts'
import { sampleEnd, sampleSite, sampleTunnel } from './sample-world.ts'
import type { WorldSite } from './world.ts'

function kinds(
  here: DeviceTunnel,
  there: DeviceTunnel,
  more: readonly (Partial<WorldSite> | undefined)[] = [],
): string[] {
  const faults = negotiationFaults(
    { site: sampleSite('here', { tunnels: [here] }, more[0]), tunnel: here },
    { site: sampleSite('there', { tunnels: [there] }, more[1]), tunnel: there },
  )
  return faults.map(({ kind, isDelayed, isCertain }) => `${kind}${isDelayed ? ' later' : ''}${isCertain ? '' : '?'}`)
}

const here = sampleTunnel(1, 2)
const there = sampleTunnel(2, 1)
const [ike] = there.ike
const [esp] = there.esp
if (!ike || !esp) throw new Error('the sample has no offers')

const gcm = { encryption: 'aes256gcm128', hash: undefined, prf: undefined, dhGroup: 14 }
const withIke = (...offers: readonly (typeof ike)[]): DeviceTunnel => ({ ...there, ike: offers })
const open: DeviceTunnel['local'] = { address: { kind: 'any' }, identity: undefined }

describe('negotiationFaults', () => {
  it.each<[string, DeviceTunnel, DeviceTunnel, string[]]>([
    ['two ends that agree', here, there, []],
    ['a version', here, { ...there, versions: [1] }, ['version']],
    [
      'a version that one end has as well, and the other begins',
      { ...here, versions: [2, 1] },
      { ...there, versions: [1] },
      [],
    ],
    [
      'a version that one end has as well, but never begins with',
      { ...here, versions: [2, 1] },
      { ...there, versions: [1], start: 'respond' },
      ['version'],
    ],
    ['encryption', here, withIke({ ...ike, encryption: 'aes128' }), ['ike-proposal']],
    [
      'encryption beside offers that were not read',
      here,
      { ...withIke({ ...ike, encryption: 'aes128' }), isWhole: false },
      ['ike-proposal?'],
    ],
    ['a Diffie-Hellman group', here, withIke({ ...ike, dhGroup: 31 }), ['ike-proposal']],
    ['a PRF', here, withIke({ ...ike, prf: 'sha512' }), ['ike-proposal']],
    ['the PRF that belongs to the hash', here, withIke({ ...ike, prf: 'sha256' }), []],
    ['a PRF that only one end writes beside GCM', { ...here, ike: [{ ...gcm, prf: 'sha384' }] }, withIke(gcm), []],
    [
      'two PRFs beside GCM',
      { ...here, ike: [{ ...gcm, prf: 'sha384' }] },
      withIke({ ...gcm, prf: 'sha256' }),
      ['ike-proposal'],
    ],
    ['one of several offers', here, withIke({ ...ike, encryption: 'aes128' }, ike), []],
    ['a hash of ESP', here, { ...there, esp: [{ ...esp, hash: 'sha1' }] }, ['esp-proposal']],
    [
      'extended sequence numbers',
      { ...here, esp: [{ ...esp, extendedSequence: true }] },
      { ...there, esp: [{ ...esp, extendedSequence: false }] },
      ['esp-proposal'],
    ],
    [
      'extended sequence numbers that one end leaves open',
      { ...here, esp: [{ ...esp, extendedSequence: true }] },
      there,
      [],
    ],
    ['no forward secrecy', here, { ...there, esp: [{ ...esp, dhGroup: undefined }] }, ['pfs later']],
    [
      'no forward secrecy with several children',
      { ...here, children: [...here.children, ...here.children] },
      { ...there, esp: [{ ...esp, dhGroup: undefined }] },
      ['pfs'],
    ],
    ['a certificate and a key', here, { ...there, authentication: 'certificate' }, ['authentication']],
    [
      'a certificate and a public key',
      { ...here, authentication: 'public-key' },
      { ...there, authentication: 'certificate' },
      ['authentication?'],
    ],
    ['another way that is not known', here, { ...there, authentication: 'unknown' }, []],
    ['another way than a key', here, { ...there, authentication: 'other' }, ['authentication?']],
    [
      'other ways at both ends',
      { ...here, authentication: 'other' },
      { ...there, authentication: 'other' },
      ['authentication?'],
    ],
    [
      'a certificate where a key is wanted',
      { ...here, authentication: 'certificate', expects: 'key' },
      there,
      ['authentication'],
    ],
    [
      'a certificate of one end, a key of the other',
      { ...here, authentication: 'certificate', expects: 'key' },
      { ...there, authentication: 'key', expects: 'certificate' },
      [],
    ],
    ['an end that takes everything', { ...here, expects: 'unknown' }, { ...there, expects: 'key' }, []],
    ['an identity', here, { ...there, local: { ...there.local, identity: 'other' } }, ['identity']],
    [
      'a name with and without its sign',
      { ...here, remote: { ...here.remote, identity: '@Two.example' } },
      { ...there, local: { ...there.local, identity: 'two.example' } },
      [],
    ],
    ['any address and identity', sampleTunnel(1, 0), there, []],
    [
      'the address of nobody',
      sampleTunnel(1, 3, { remote: { ...sampleEnd(3), identity: '192.0.2.2' } }),
      there,
      ['address'],
    ],
    [
      'a host name',
      { ...here, remote: { address: { kind: 'host', name: 'two.example' }, identity: '192.0.2.2' } },
      there,
      ['address?'],
    ],
    ['an address and identity that are not written', here, { ...there, local: open }, ['address?', 'identity?']],
    ['both wait', { ...here, start: 'respond' }, { ...there, start: 'respond' }, ['start']],
    ['keys that differ', { ...here, keyDigest: 'a' }, { ...there, keyDigest: 'b' }, ['key']],
    ['keys that are equal', { ...here, keyDigest: 'a' }, { ...there, keyDigest: 'a' }, []],
    ['a key for nobody', { ...here, keyLack: { what: 'none', isCertain: true } }, there, ['no-key']],
    ['one of two keys', { ...here, keyLack: { what: 'two', isCertain: false } }, there, ['no-key?']],
    [
      'no key where nobody wants one',
      { ...here, authentication: 'certificate', keyLack: { what: 'none', isCertain: true } },
      { ...there, authentication: 'certificate' },
      [],
    ],
    ['a key that is not known', { ...here, keyDigest: 'a' }, there, []],
  ])('%s', (_, one, other, expected) => {
    expect(kinds(one, other)).toEqual(expected)
    expect(kinds(other, one).sort()).toEqual([...expected].sort())
  })

  it('takes the addresses of the gateway where the tunnel leaves its own open', () => {
    const own = { addresses: [Address.parse('192.0.2.2')] }
    expect(kinds(here, { ...there, local: open }, [undefined, own])).toEqual([])
    const others = { addresses: [Address.parse('192.0.2.9')] }
    expect(kinds(here, { ...there, local: open }, [undefined, others])).toEqual(['address', 'identity'])
  })

  it.each([
    ['another address of its network', ['192.0.2.9/24'], ['own-address?']],
    ['a public network elsewhere', ['198.51.100.9/24'], ['own-address?']],
    ['another address of its network inside', ['198.51.100.9/24', '192.0.2.9/24'], ['own-address?']],
    ['the address', ['192.0.2.9/24', '192.0.2.1/24'], []],
    ['the address alone', ['198.51.100.9/24', '192.0.2.1/32'], []],
    ['a private address, behind a NAT', ['172.16.0.9/24'], []],
    ['an address that others give', ['192.0.2.9/24', 'dhcp'], []],
    ['no address that is shown', [], []],
  ])('looks for the own address at interfaces that have %s', (_, written, expected) => {
    const interfaces = written.map((text, at): DeviceInterface => {
      const [host = '', length = '0'] = text.split('/')
      const address = Address.tryParse(host)
      const one: DeviceInterface['addresses'][number] = address
        ? { kind: 'known', address, network: Prefix.fromBits(address.bits, Number(length)), line: 1 }
        : { kind: 'dynamic', line: 1 }
      return { name: `eth${1 + at}`, kind: 'physical', addresses: [one], table: 'main', line: 1 }
    })
    const device = sampleSite('here', { tunnels: [here], interfaces }).device
    expect(kinds(here, there, [{ device }])).toEqual(expected)
    expect(kinds(here, there, [{ device: { ...device, file: undefined } }])).toEqual([])
  })

  it('knows the address of the NAT in front of a gateway', () => {
    const behind: DeviceTunnel = {
      ...there,
      local: { address: { kind: 'known', address: Address.parse('10.0.0.5') }, identity: '192.0.2.2' },
    }
    const addresses = [Address.parse('10.0.0.5'), Address.parse('192.0.2.2')]
    expect(kinds(here, behind, [undefined, { addresses }])).toEqual([])
    expect(kinds(here, behind)).toEqual(['address'])
  })
})
