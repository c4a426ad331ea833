import {
  Address,
  type DhGroup,
  type Encryption,
  type GatewayPolicy,
  type Hash,
  type NatRule,
  Prefix,
} from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../secret.ts'
import { espProposal, ikeProposal, isGcm } from './algorithms.ts'
import { linux } from './index.ts'
import { espOffers, ikeOffers } from './strongswan/proposals.ts'

const near = Prefix.parse('10.0.1.0/24')
const visible = Prefix.parse('192.168.1.0/24')
const far = Prefix.parse('192.168.2.0/27')

function only(prefix: Prefix) {
  return { kind: 'prefix', prefix, negated: false } as const
}

const rule: NatRule = {
  direction: 'source',
  number: 1000,
  interface: 'eth1',
  source: only(near),
  destination: only(far),
  protocol: undefined,
  action: { kind: 'map', to: visible },
  description: 'natplan: here to there',
}

const policy = {
  site: 'here',
  platform: 'linux',
  outside: { interface: 'eth1', address: Address.parse('192.0.2.1') },
  inside: { interface: 'eth0' },
  tunnels: [
    {
      peer: 'there',
      local: { address: Address.parse('192.0.2.1'), identity: '192.0.2.1' },
      remote: { address: Address.parse('192.0.2.2'), identity: '@there' },
      ike: {
        version: 2,
        encryption: 'aes256gcm128',
        hash: 'sha384',
        dhGroup: 20,
        lifetime: 28_800,
        deadPeer: { action: 'restart', interval: 30, timeout: 120 },
      },
      esp: { encryption: 'aes256gcm128', hash: undefined, dhGroup: 20, lifetime: 3600 },
      start: 'trap',
      forceNatTraversal: true,
      selectors: [{ number: 1000, local: visible, remote: far, interface: undefined }],
    },
  ],
  nat: [rule],
  interfaces: [],
  routes: [],
  clamps: [
    { interface: 'eth0', mss: 1398 },
    { interface: 'eth1', mss: 1398 },
  ],
} as unknown as GatewayPolicy

const key = new Secret('A-key-that-nobody-should-see-anywhere')

function configure(one: GatewayPolicy = policy): string {
  const { texts, findings } = linux.render(one, { secrets: new Map([['there', key]]) })
  if (!texts) throw new Error(JSON.stringify(findings))
  return texts.configure
}

function read(text: string) {
  const device = linux.readDevice?.(text)
  if (!device) throw new Error('linux cannot be read back')
  return device
}

describe('proposals', () => {
  const encryptions: Encryption[] = ['aes128', 'aes192', 'aes256', 'aes128gcm128', 'aes256gcm128', '3des']
  const hashes: Hash[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']
  const groups: DhGroup[] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21]

  it('read back as they were written, all of them', () => {
    for (const encryption of encryptions) {
      for (const hash of hashes) {
        for (const dhGroup of groups) {
          const prf = hash
          const used = isGcm(encryption) ? undefined : hash
          expect(ikeOffers(ikeProposal({ encryption, hash, dhGroup }))).toEqual({
            offers: [{ encryption, hash: used, prf, dhGroup }],
            isWhole: true,
          })
          for (const group of [dhGroup, undefined]) {
            const esp = { encryption, hash: used, dhGroup: group }
            expect(espOffers(espProposal(esp))).toEqual({
              offers: [{ ...esp, extendedSequence: undefined }],
              isWhole: true,
            })
          }
        }
      }
    }
  })
})

describe('what was written', () => {
  const written = configure()
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

  it('is read alike out of what nft lists, with counters and tables of others around it', () => {
    const ruleset = written.slice(written.indexOf('table inet natplan {'), written.indexOf('NATPLAN\n'))
    const listed = ruleset.replaceAll(' counter ', ' counter packets 12 bytes 1008 ')
    const other = 'table ip others {\n\tchain x {\n\t\toifname "eth1" masquerade\n\t}\n}\n'
    const shown = (text: string) => read(text).device.lists.map(({ name, rules }) => [name, rules.length])
    expect(read(other + listed).device.unread).toEqual([])
    expect(shown(other + listed)).toEqual(shown(written))
  })

  it('is replaced by what is written later', () => {
    const { device } = read(written + configure({ ...policy, nat: [{ ...rule, number: 7 }] }))
    expect(device.usedNumbers).toEqual([{ direction: 'source', number: 7 }])
    expect(device.tunnels.map(({ name }) => name)).toEqual(['there'])
  })

  it.each([
    ['a statement that nobody knows', 'snat ip prefix', 'snot ip prefix', 'snot ip prefix'],
    ['a setting that natplan does not write', 'mobike = no', 'if_id_out = 7', 'natplan-there-1000 {'],
    ['a mark on a child', 'dpd_action = restart', 'dpd_action = restart\nmark_in = 1', 'natplan-there-1000 {'],
    ['a guard that asks for more', 'rt ipsec missing', 'limit rate 1/second', 'limit rate 1/second'],
  ])('says where somebody changed it: %s', (_, before, after, shown) => {
    const text = written.replace(before, after)
    expect(read(text).device.unread.map(({ line }) => line)).toContain(lineOf(text, shown))
  })

  it('shows nothing of a key in a line that is not understood', () => {
    const { device, keys } = read(written.replace('secret = ', 'secert = '))
    expect(keys.size).toBe(0)
    expect(JSON.stringify(device)).not.toContain(key.reveal())
  })

  it('is known to be cut off', () => {
    const cut = written.slice(0, written.indexOf('children {'))
    expect(read(cut).device.unread.map(({ text }) => text)).toContain('connections {')
  })
})

describe('render', () => {
  it.each<[string, string, Partial<GatewayPolicy>]>([
    ['a masquerade', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, action: { kind: 'masquerade' } }] }],
    ['lengths that differ', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, action: { kind: 'map', to: far } }] }],
    ['any source', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, source: undefined }] }],
    ['one protocol', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, protocol: 'tcp' }] }],
    [
      'one port',
      'POLICY_UNSUPPORTED',
      {
        nat: [
          { ...rule, ports: { source: undefined, destination: { ranges: [{ first: 1, last: 2 }], negated: false } } },
        ],
      },
    ],
    [
      'a translated port',
      'POLICY_UNSUPPORTED',
      { nat: [{ ...rule, action: { kind: 'map', to: visible, ports: { first: 1, last: 2 } } }] },
    ],
    ['any interface', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, interface: undefined }] }],
    ['a route to a virtual interface', 'POLICY_UNSUPPORTED', { routes: [{ prefix: far, interface: 'vfp0' }] }],
    ['a clamp everywhere', 'POLICY_UNSUPPORTED', { clamps: [{ interface: undefined, mss: 1398 }] }],
    ['a name of 16 bytes', 'VALUE_UNSAFE', { outside: { ...policy.outside, interface: 'abcdefghijklmnop' } }],
    ['a wildcard', 'VALUE_UNSAFE', { nat: [{ ...rule, interface: 'eth*' }] }],
    ['a comment that nft would refuse', 'VALUE_UNSAFE', { nat: [{ ...rule, description: 'x'.repeat(124) }] }],
  ])('refuses %s', (_, code, part) => {
    const { texts, findings } = linux.render({ ...policy, ...part }, { secrets: new Map() })
    expect(texts).toBeUndefined()
    expect(findings.map((finding) => finding.code)).toEqual([code])
  })

  const guards = (one: GatewayPolicy) => configure(one).match(/^.* counter drop$/gm)

  it('guards every interface but the inside one, and what only the peers call this site on all of them', () => {
    expect(guards(policy)).toEqual([
      '\t\toifname != "eth0" ip daddr @peers4 rt ipsec missing counter drop',
      '\t\tip daddr @own4 counter drop',
      '\t\tiifname != "eth0" ip saddr @peers4 meta ipsec missing counter drop',
    ])
    expect(configure()).toContain(`elements = { ${visible} }`)
  })

  it.each<[string, Partial<GatewayPolicy>]>([
    ['no inside interface is known', { inside: undefined }],
    ['the hosts are behind the outside one', { inside: { interface: 'eth1' } }],
  ])('guards every interface where %s', (_, part) => {
    expect(guards({ ...policy, ...part })).toEqual([
      '\t\tip daddr @peers4 rt ipsec missing counter drop',
      '\t\tip daddr @own4 counter drop',
      '\t\tip saddr @peers4 meta ipsec missing counter drop',
    ])
    expect(read(configure({ ...policy, ...part })).device.unread).toEqual([])
  })

  it('keeps no packets from a subnet that keeps its addresses', () => {
    const exempt = { ...policy, nat: [{ ...rule, action: { kind: 'exempt' } }] } as GatewayPolicy
    expect(configure(exempt)).not.toContain('own4')
  })

  it('writes the key into the one file for it and into the commands, and says so', () => {
    const { texts } = linux.render(policy, { secrets: new Map([['there', key]]) })
    const holding = texts?.files.filter(({ text }) => text.includes(key.reveal())).map(({ name }) => name)
    expect(holding).toEqual(['natplan-secrets.conf'])
    expect(texts?.files.filter((file) => file.holdsSecret).map(({ name }) => name)).toEqual(holding)
    expect(texts).toMatchObject({ holdsSecret: true })
    expect(`${texts?.remove}${texts?.check}`).not.toContain(key.reveal())
  })
})
