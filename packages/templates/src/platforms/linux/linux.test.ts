import {
  Address,
  type Device,
  type DeviceRule,
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
import { readDevice } from './read-device.ts'
import { espOffers, ikeOffers } from './strongswan/proposals.ts'

const near = Prefix.parse('10.0.1.0/24')
const visible = Prefix.parse('192.168.1.0/24')
const far = Prefix.parse('192.168.2.0/27')
const wide = Prefix.parse('192.168.0.0/16')

const rule: NatRule = {
  direction: 'source',
  number: 1000,
  interface: 'eth1',
  source: near,
  destination: far,
  action: { kind: 'map', to: visible },
  description: 'natplan: here to there',
}

const policy = {
  site: 'here',
  platform: 'linux',
  outside: { interface: 'eth1', address: { kind: 'known', address: Address.parse('192.0.2.1') } },
  inside: { interface: 'eth0' },
  tunnels: [
    {
      peer: 'there',
      local: { address: { kind: 'known', address: Address.parse('192.0.2.1') }, identity: '192.0.2.1' },
      remote: { address: { kind: 'known', address: Address.parse('192.0.2.2') }, identity: '@there' },
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
      authentication: { kind: 'key' },
      forceNatTraversal: true,
      selectors: [{ number: 1000, local: visible, remote: far, interface: undefined }],
    },
  ],
  nat: [rule],
  interfaces: [],
  vrfs: [],
  routes: [],
  discards: [visible],
  clamps: [
    { interface: 'eth0', mss: 1398 },
    { interface: 'eth1', mss: 1398 },
  ],
} as unknown as GatewayPolicy

const key = new Secret('A-key-that-nobody-should-see-anywhere')

function configure(one: GatewayPolicy = policy): string {
  const { texts, findings } = linux().render(one, { secrets: new Map([['there', key]]) })
  if (!texts) throw new Error(JSON.stringify(findings))
  return texts.configure
}

function read(text: string) {
  return readDevice(text).device
}

describe('proposals', () => {
  const encryptions: Encryption[] = ['aes128', 'aes192', 'aes256', 'aes128gcm128', 'aes256gcm128', '3des']
  const hashes: Hash[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']
  const groups: DhGroup[] = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21]

  it('read back as they were written, all of them', () => {
    for (const encryption of encryptions) {
      for (const hash of hashes) {
        for (const dhGroup of groups) {
          const integrity = isGcm(encryption) ? undefined : hash
          expect(ikeOffers(ikeProposal({ encryption, hash, dhGroup }))).toEqual({
            offers: [{ encryption, hash: integrity, prf: hash, dhGroup }],
            isWhole: true,
          })
          for (const group of [dhGroup, undefined]) {
            expect(espOffers(espProposal({ encryption, hash: integrity, dhGroup: group }))).toEqual({
              offers: [{ encryption, hash: integrity, dhGroup: group, extendedSequence: undefined }],
              isWhole: true,
            })
          }
        }
      }
    }
  })

  it.each<[string, string, number, boolean]>([
    ['two of them', 'aes256-sha256-modp2048,aes128-sha1-modp1024', 2, true],
    ['two groups', 'aes256-sha256-modp2048-ecp384', 2, true],
    ['a word that only ESP needs', 'aes256-sha256-modp2048-esn', 1, true],
    ['a word that nobody knows', 'aes256-sha256-modp2048-teleport', 0, false],
    ['no integrity', 'aes256-modp2048', 0, false],
    ['GCM without a PRF', 'aes256gcm16-ecp384', 0, false],
    ['an inherited name', 'constructor-sha256-modp2048', 0, false],
  ])('are as many as are known: %s', (_, text, count, isWhole) => {
    const read = ikeOffers(text)
    expect([read.offers.length, read.isWhole]).toEqual([count, isWhole])
  })
})

function natRules(device: Device): { readonly list: string; readonly rule: DeviceRule }[] {
  return device.lists.flatMap(({ name, kind, rules }) =>
    kind === 'filter' ? [] : rules.map((rule) => ({ list: name, rule })),
  )
}

/** Every doubt of a device, and every line of which nothing stands in its place. */
function doubtsOf({ lists, tunnels, unread }: Device): { readonly line: number | undefined; readonly text: string }[] {
  const rules = lists.flatMap((list) => list.rules)
  const placed = [...rules, ...tunnels].flatMap(({ doubt }) => doubt ?? [])
  const unknown = rules.flatMap(({ line, match }) =>
    match.unknown === undefined ? [] : [{ line, text: match.unknown }],
  )
  return [...placed.map(({ line, what }) => ({ line, text: what })), ...unknown, ...unread]
}

describe('what is read back', () => {
  const written = configure()

  it('is the same in what nft lists, with counters and tables of others around it', () => {
    const ruleset = written.slice(written.indexOf('table inet natplan {'), written.indexOf('NATPLAN\n'))
    const listed = ruleset.replaceAll(' counter ', ' counter packets 12 bytes 1008 ')
    const other = 'table ip others {\n\tchain x {\n\t\toifname "eth1" masquerade\n\t}\n}\n'
    const device = read(`${other}${listed}${other}`)
    const own = ({ list, rule: { number, action, description, doubt } }: ReturnType<typeof natRules>[number]) =>
      [list, number, action.kind, description, doubt] as const
    expect(doubtsOf(device)).toEqual([])
    expect(natRules(device).map(own)).toEqual(natRules(read(written)).map(own))
    expect(natRules(device).map(({ rule: { action } }) => action)).toContainEqual({ kind: 'map', to: visible })
    expect(device.clamps).toMatchObject(policy.clamps)
  })

  it('is the last of several tables and connections, as on the gateway', () => {
    const later = configure({ ...policy, nat: [{ ...rule, number: 7 }] })
    const { usedNumbers, tunnels } = read(written + later)
    expect(usedNumbers.map(({ number }) => number)).toEqual([7])
    expect(tunnels.map(({ name }) => name)).toEqual(['there'])
    expect(doubtsOf(read(written + later))).toEqual([])
  })

  it('says whether the gateway moves to another address', () => {
    const movesIn = (word: string) => read(written.replace('mobike = no', word)).tunnels.map(({ mobike }) => mobike)
    expect(movesIn('mobike = no')).toEqual([false])
    expect(movesIn('mobike = yes')).toEqual([undefined])
    expect(movesIn('')).toEqual([undefined])
  })

  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

  it.each([
    ['another size that is none', 'size set 1398', 'size set many', 'size set many'],
    ['a setting that natplan does not know', 'mobike = no', 'teleport = yes', 'teleport'],
    ['a statement that nobody knows', 'snat ip prefix', 'snot ip prefix', 'snot ip prefix'],
    ['a guard that asks for a limit', 'rt ipsec missing', 'limit rate 1/second', 'limit rate 1/second'],
    ['a label on a child', 'dpd_action = restart', 'dpd_action = restart\nlabel = x', 'label'],
    ['a setting twice', 'encap = yes', 'encap = no\nencap = perhaps', 'encap = perhaps'],
  ])('is in doubt where it says %s', (_, before, after, shown) => {
    const text = written.replace(before, after)
    expect(text).not.toBe(written)
    const doubts = doubtsOf(read(text))
    expect(doubts.map(({ line }) => line)).toContain(lineOf(text, shown))
    expect(doubts.map((one) => one.text).join('\n')).toContain(shown)
  })

  it('is in doubt about a mark that no interface has', () => {
    const [tunnel] = read(written.replace('dpd_action = restart', 'dpd_action = restart\nmark_in = 1')).tunnels
    expect(tunnel?.doubt?.what).toContain('which interface has its if_id or mark')
  })

  it('follows rules of others in chains of natplan', () => {
    const masquerade = read(written.replace('snat ip prefix', 'masquerade #'))
    expect(natRules(masquerade).map(({ rule: { action } }) => action.kind)).toContain('masquerade')
    const narrower = read(written.replace(': 192.168.1.0/24 }', ': 192.168.1.0/25 }'))
    const maps = natRules(narrower).map(({ rule: { action } }) =>
      action.kind === 'map' ? `${action.to}` : action.kind,
    )
    expect(maps).toContain('192.168.1.0/25')
    const later = read(written.replace('srcnat - 10', 'srcnat'))
    const priorityOf = ({ lists }: Device) => lists.find(({ kind }) => kind === 'source-nat')?.priority
    expect([priorityOf(read(written)), priorityOf(later)]).toEqual([90, 100])
  })

  it('knows another size, another authentication, and the last of two settings', () => {
    expect(read(written.replaceAll('size set 1398', 'size set 1200')).clamps).toMatchObject([
      { mss: 1200 },
      { mss: 1200 },
    ])
    const [tunnel] = read(written.replaceAll('auth = psk', 'auth = pubkey')).tunnels
    expect(tunnel).toMatchObject({ authentication: 'certificate' })
    expect(read(written.replace('encap = yes', 'encap = yes\nencap = no')).tunnels).toMatchObject([
      { forceNatTraversal: false },
    ])
  })

  it('guards by what the rules say', () => {
    const drops = (text: string) =>
      read(text).lists.flatMap(({ kind, rules }) =>
        kind === 'filter' ? rules.filter(({ action }) => action.kind === 'drop') : [],
      )
    const all = drops(written).length
    expect(all).toBeGreaterThan(2)
    expect(drops(written.replaceAll('counter drop', 'counter accept'))).toEqual([])
    const narrowed = drops(written.replace('ip daddr @own4 counter', 'ip daddr @own4 tcp dport 1 counter'))
    expect(narrowed).toHaveLength(all)
    expect(narrowed.flatMap(({ match }) => match.destinationPort?.ranges ?? [])).toEqual([{ first: 1, last: 1 }])
  })

  it.each<[string, RegExp, string, object]>([
    ['no proposal', /^ *proposals.*\n/m, '', { isWhole: false }],
    ['no end of its own', /^ *local \{[\s\S]*?\n {4}\}\n/m, '', { authentication: 'certificate', expects: 'key' }],
    [
      'a list of addresses',
      /(?<=^ *remote_addrs = \S+)()$/m,
      ', 192.0.2.9',
      { remote: { address: { kind: 'host', name: '192.0.2.2, 192.0.2.9' } } },
    ],
    ['an IKE version that there is not', /(?<=^ *version = )2/m, '3', { doubt: { what: 'version = 3' } }],
    ['no children', /^ *children \{[\s\S]*?\n {4}\}\n/m, '', { children: [] }],
  ])('keeps a connection with %s', (_, part, by, expected) => {
    const { tunnels } = read(written.replace(part, by))
    expect(tunnels).toMatchObject([{ name: 'there', ...expected }])
  })

  it('takes for what is left out what strongSwan does', () => {
    const device = read(`connections {
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
    expect(doubtsOf(device)).toEqual([])
    expect(JSON.parse(JSON.stringify(device.tunnels))).toMatchObject([
      {
        name: 'partner',
        local: { address: { kind: 'any' } },
        remote: { address: { kind: 'host', name: 'vpn.example.net' } },
        versions: [2, 1],
        ike: [{ encryption: 'aes256' }, { encryption: 'aes128' }],
        lifetimes: { ike: 14_400, esp: 3960 },
        deadPeer: { interval: 0, timeout: 0 },
        start: 'respond',
        children: [
          { local: '10.1.0.0/24', remote: '10.9.0.0/16' },
          { local: '10.2.0.0/24', remote: '10.9.0.0/16' },
        ],
      },
    ])
  })

  it('has the offers, the key, the lines, and what ip prints in the same text', () => {
    const addresses = '2: eth1@if5: <BROADCAST,UP> mtu 1500\n    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth1\n'
    const routes =
      'default via 192.0.2.254 dev eth1 proto static\n10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.1\n'
    const text = `${addresses}${routes}${written.replace(/(?<=^ *proposals = \S+)()$/m, ',aes128-sha1-modp1024')}`
    const { device, keys } = readDevice(text)
    expect(doubtsOf(device)).toEqual([])
    const [tunnel] = device.tunnels
    expect(tunnel).toMatchObject({
      ike: [{ encryption: 'aes256gcm128' }, { encryption: 'aes128', hash: 'sha1', dhGroup: 2 }],
      esp: [{ encryption: 'aes256gcm128' }],
      isWhole: true,
    })
    expect(keys.get('there')?.reveal()).toBe(key.reveal())
    expect(JSON.parse(JSON.stringify(device.interfaces))).toMatchObject([
      { name: 'eth1', addresses: [{ kind: 'known', address: '192.0.2.1', network: '192.0.2.0/24' }] },
    ])
    expect(device.routes.map(({ prefix, to }) => `${prefix} ${to.kind === 'via' ? to.address : to.kind}`)).toEqual([
      '0.0.0.0/0 192.0.2.254',
      '10.0.1.0/24 interface',
    ])
    const things = [tunnel, tunnel?.children[0], natRules(device)[0]?.rule, device.clamps[0]]
    expect(things.map((thing) => text.split('\n')[(thing?.line ?? 0) - 1]?.trim())).toEqual([
      'natplan-there {',
      'natplan-there-1000 {',
      expect.stringContaining('snat ip prefix'),
      expect.stringContaining('size set 1398'),
    ])
  })

  it('has rules of others that translate in their order', () => {
    const nft =
      'table ip nat {\n\tchain out {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\tmasquerade\n\t}\n}\n'
    const iptables = '*filter\n-A INPUT -j ACCEPT\nCOMMIT\n*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n'
    const rules = natRules(read(`${nft}${iptables}${written}`)).filter(
      ({ rule: { action } }) => action.kind === 'masquerade',
    )
    expect(rules.map(({ list, rule: { line, match } }) => [list, line, match.out?.names])).toEqual([
      [expect.stringContaining('out'), 4, undefined],
      [expect.stringContaining('POSTROUTING'), 11, ['eth1']],
    ])
  })

  it('shows nothing of a key, also under a wrong name', () => {
    const { device, keys } = readDevice(written.replace('secret = ', 'secert = '))
    expect(keys.size).toBe(0)
    expect(JSON.stringify(device)).not.toContain(key.reveal())
    expect(JSON.stringify(readDevice(written).device)).not.toContain(key.reveal())
  })

  it('is done at once with a list that never ends', () => {
    const list = 'a,'.repeat(50_000)
    const open = read(`connections {\n  x {\n    proposals = ${list} {\n  }\n}\n`)
    const quoted = read(`connections {\n  x {\n    proposals = ${list}"\n  }\n}\n`)
    expect([...open.tunnels, ...quoted.tunnels].map(({ isWhole }) => isWhole)).toEqual([false, false])
  })

  it('says that a text ends in the middle', () => {
    const cut = written.slice(0, written.indexOf('children {'))
    expect(read(cut).unread.map(({ text }) => text)).toContain('connections {')
  })
})

describe('render', () => {
  it.each<[string, string, Partial<GatewayPolicy>]>([
    ['a masquerade', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, action: { kind: 'masquerade' } }] }],
    ['lengths that differ', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, action: { kind: 'map', to: wide } }] }],
    ['any source', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, source: undefined }] }],
    [
      'a translated port',
      'POLICY_UNSUPPORTED',
      { nat: [{ ...rule, action: { kind: 'map', to: visible, ports: { first: 1, last: 2 } } }] },
    ],
    ['any interface', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, interface: undefined }] }],
    [
      'a route to a virtual interface',
      'POLICY_UNSUPPORTED',
      { routes: [{ prefix: far, to: { kind: 'interface', interface: 'vfp0' }, distance: 1 }] },
    ],
    ['a clamp everywhere', 'POLICY_UNSUPPORTED', { clamps: [{ interface: undefined, mss: 1398 }] }],
    ['a name of 16 bytes', 'VALUE_UNSAFE', { outside: { ...policy.outside, interface: 'abcdefghijklmnop' } }],
    ['a wildcard', 'VALUE_UNSAFE', { nat: [{ ...rule, interface: 'eth*' }] }],
    ['a comment that nft would refuse', 'VALUE_UNSAFE', { nat: [{ ...rule, description: 'x'.repeat(124) }] }],
  ])('refuses %s', (_, code, part) => {
    const { texts, findings } = linux().render({ ...policy, ...part }, { secrets: new Map() })
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
    expect(doubtsOf(read(configure({ ...policy, ...part })))).toEqual([])
  })

  it('keeps no packets from a subnet that keeps its addresses', () => {
    const exempt = { ...policy, discards: [], nat: [{ ...rule, action: { kind: 'exempt' } }] } as GatewayPolicy
    expect(configure(exempt)).not.toContain('own4')
  })

  it('writes the key into the one file for it and into the commands', () => {
    const { texts } = linux().render(policy, { secrets: new Map([['there', key]]) })
    const holding = texts?.files.filter(({ text }) => text.includes(key.reveal())).map(({ name }) => name)
    expect(holding).toEqual(['natplan-secrets.conf'])
    expect(texts?.configure).toContain(key.reveal())
    expect(`${texts?.remove}${texts?.check}`).not.toContain(key.reveal())
  })
})
