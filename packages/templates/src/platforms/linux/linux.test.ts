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
import { espProposal, ikeProposal, isGcm, tryParseEsp, tryParseIke } from './algorithms.ts'
import { linux } from './index.ts'

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

function parse(text: string) {
  const parsed = linux.parse?.(text)
  if (!parsed) throw new Error('linux has no parser')
  return parsed
}

describe('proposals', () => {
  const encryptions: Encryption[] = ['aes128', 'aes192', 'aes256', 'aes128gcm128', 'aes256gcm128', '3des']
  const hashes: Hash[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']
  const groups: DhGroup[] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21]

  it('read back as they were written, all of them', () => {
    for (const encryption of encryptions) {
      for (const hash of hashes) {
        for (const dhGroup of groups) {
          expect(tryParseIke(ikeProposal({ encryption, hash, dhGroup }))).toEqual({ encryption, hash, dhGroup })
          for (const group of [dhGroup, undefined]) {
            const esp = { encryption, hash: isGcm(encryption) ? undefined : hash, dhGroup: group }
            expect(tryParseEsp(espProposal(esp))).toEqual(esp)
          }
        }
      }
    }
  })

  it.each([
    ['two of them', 'aes256-sha256-modp2048,aes128-sha1-modp1024'],
    ['two groups', 'aes256-sha256-modp2048-ecp384'],
    ['a word that natplan does not know', 'aes256-sha256-modp2048-esn'],
    ['no integrity', 'aes256-modp2048'],
    ['GCM without a PRF', 'aes256gcm16-ecp384'],
    ['an inherited name', 'constructor-sha256-modp2048'],
  ])('are not understood: %s', (_, text) => {
    expect(tryParseIke(text)).toBeUndefined()
  })
})

describe('parse', () => {
  const written = configure()

  it('reads what nft lists, with counters and tables of others around it', () => {
    const ruleset = written.slice(written.indexOf('table inet natplan {'), written.indexOf('NATPLAN\n'))
    const listed = ruleset.replaceAll(' counter ', ' counter packets 12 bytes 1008 ')
    const other = 'table ip others {\n\tchain x {\n\t\toifname "eth1" masquerade\n\t}\n}\n'
    const parsed = parse(`${other}${listed}${other}`)
    expect(parsed.notUnderstood).toEqual([])
    expect(parsed.policy.nat).toEqual(policy.nat)
    expect(parsed.policy.clamps).toEqual(policy.clamps)
  })

  it('takes the last of several tables and connections, as the gateway does', () => {
    const later = configure({ ...policy, nat: [{ ...rule, number: 7 }] })
    const parsed = parse(written + later)
    expect(parsed.policy.nat.map(({ number }) => number)).toEqual([7])
    expect(parsed.policy.tunnels).toEqual(policy.tunnels)
  })

  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

  it.each([
    ['a rule of others in natplan’s chain', 'snat ip prefix', 'masquerade #', 'masquerade #'],
    ['lengths that differ', ': 192.168.1.0/24 }', ': 192.168.1.0/25 }', '192.168.1.0/25'],
    ['another priority', 'srcnat - 10', 'srcnat', 'priority srcnat;'],
    ['another size', 'size set 1398', 'size set 1200', 'size set 1200'],
    ['a setting that natplan does not write', 'mobike = no', 'if_id_out = 7', 'if_id_out'],
    ['a mark on a child', 'dpd_action = restart', 'dpd_action = restart\nmark_in = 1', 'mark_in'],
    ['another way to prove who it is', 'auth = psk', 'auth = pubkey', 'auth = pubkey'],
    ['a guard that drops nothing', 'counter drop', 'counter accept', 'counter accept'],
    ['a guard that asks for more', 'ip daddr @own4 counter', 'ip daddr @own4 tcp dport 1 counter', 'tcp dport 1'],
    ['a setting twice', 'encap = yes', 'encap = no\nencap = yes', 'encap = no'],
  ])('says where it does not understand %s', (_, before, after, shown) => {
    const text = written.replace(before, after)
    const { notUnderstood } = parse(text)
    expect(notUnderstood.map(({ line }) => line)).toContain(lineOf(text, shown))
    expect(notUnderstood.map((one) => one.text).join('\n')).toContain(shown)
  })

  it.each([
    ['no proposal', /^ *proposals.*\n/m],
    ['no end of its own', /^ *local \{[\s\S]*?\n {4}\}\n/m],
    ['a list of addresses', /(?<=^ *remote_addrs = \S+)()$/m, ', 192.0.2.9'],
    ['an IKE version that there is not', /(?<=^ *version = )2/m, '3'],
    ['no children', /^ *children \{[\s\S]*?\n {4}\}\n/m],
  ])('leaves out a connection with %s', (_, part, by = '') => {
    const { policy: read, findings } = parse(written.replace(part, by))
    expect(read.tunnels).toEqual([])
    expect(findings.map(({ code }) => code)).toEqual(['CONFIG_TUNNEL_INCOMPLETE'])
  })

  it('takes for what is left out what strongSwan does', () => {
    const { policy: read, notUnderstood } = parse(`connections {
  partner {
    remote_addrs = vpn.example.net
    proposals = aes256-sha256-modp2048,aes128-sha1-modp1024
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
    children {
      net {
        local_ts = 10.1.0.0/24, 10.2.0.0/24
        remote_ts = 10.9.0.0/16
        esp_proposals = aes256-sha256
      }
    }
  }
}
`)
    expect(notUnderstood).toEqual([])
    expect(JSON.parse(JSON.stringify(read.tunnels))).toMatchObject([
      {
        peer: 'partner',
        local: { address: '0.0.0.0', identity: '%any' },
        remote: { address: '0.0.0.0', identity: '%any' },
        ike: { version: 2, encryption: 'aes256', lifetime: 14_400, deadPeer: { interval: 0, timeout: 0 } },
        esp: { lifetime: 3960 },
        start: 'respond',
        selectors: [
          { local: '10.1.0.0/24', remote: '10.9.0.0/16' },
          { local: '10.2.0.0/24', remote: '10.9.0.0/16' },
        ],
      },
    ])
  })

  it('gives the offers, the key, the lines, and what ip prints in the same text', () => {
    const addresses = '2: eth1@if5: <BROADCAST,UP> mtu 1500\n    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth1\n'
    const routes =
      'default via 192.0.2.254 dev eth1 proto static\n10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.1\n'
    const text = `${addresses}${routes}${written.replace(/(?<=^ *proposals = \S+)()$/m, ',aes128-sha1-modp1024')}`
    const parsed = parse(text)
    expect(parsed.notUnderstood).toEqual([])
    expect(parsed.proposals.get('there')).toMatchObject({
      ike: [{ encryption: 'aes256gcm128' }, { encryption: 'aes128', hash: 'sha1', dhGroup: 2 }],
      esp: [{ encryption: 'aes256gcm128' }],
      isWhole: true,
    })
    expect(parsed.keys.get('there')?.reveal()).toBe(key.reveal())
    expect(`${parsed.addresses.map((one) => `${one.interface} ${one.address} ${one.prefix}`)}`).toBe(
      'eth1 192.0.2.1 192.0.2.0/24',
    )
    expect(parsed.otherRoutes?.map(({ prefix, via }) => `${prefix} ${via}`)).toEqual([
      '0.0.0.0/0 192.0.2.254',
      '10.0.1.0/24 eth0',
    ])
    const [tunnel] = parsed.policy.tunnels
    const things = [tunnel, tunnel?.selectors[0], parsed.policy.nat[0], parsed.policy.clamps[0]]
    expect(things.map((thing) => thing && text.split('\n')[(parsed.lines.get(thing) ?? 0) - 1]?.trim())).toEqual([
      'natplan-there {',
      'natplan-there-1000 {',
      expect.stringContaining('snat ip prefix'),
      expect.stringContaining('size set 1398'),
    ])
  })

  it('says which rules of others translate', () => {
    const nft =
      'table ip nat {\n\tchain out {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\tmasquerade\n\t}\n}\n'
    const iptables = '*filter\n-A INPUT -j ACCEPT\nCOMMIT\n*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n'
    expect(parse(`${nft}${iptables}${written}`).notUnderstood.map(({ text }) => text)).toEqual([
      'masquerade',
      '-A POSTROUTING -o eth1 -j MASQUERADE',
    ])
  })

  it('shows nothing of a key in a line that it does not understand', () => {
    const parsed = parse(written.replace('secret = ', 'secert = '))
    expect(parsed.notUnderstood.map(({ text }) => text)).toEqual(['secert = [hidden]'])
    expect(JSON.stringify(parsed)).not.toContain(key.reveal())
  })

  it('is done at once with a list that never ends', () => {
    const text = `connections {\n  x {\n    proposals = ${'a,'.repeat(50_000)} {\n  }\n}\n`
    expect(parse(text).policy.tunnels).toEqual([])
    expect(parse(`connections {\n  x {\n    proposals = ${'a,'.repeat(50_000)}"\n  }\n}\n`).policy.tunnels).toEqual([])
  })

  it('reports a text that ends in the middle', () => {
    const cut = written.slice(0, written.indexOf('children {'))
    expect(parse(cut).notUnderstood.map(({ text }) => text)).toContain('connections {')
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
    expect(parse(configure({ ...policy, ...part })).notUnderstood).toEqual([])
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
