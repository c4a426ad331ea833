import { Address, type DeviceRule, type PacketMatch, type RangeSet } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { readDevice } from '../read-device.ts'

function shownSet(set: RangeSet): string {
  const text = (bits: number | bigint) =>
    bits < 70_000 && bits >= 0 ? String(bits) : Address.fromBits(bits).toString()
  return set.ranges.map(({ first, last }) => (first === last ? text(first) : `${text(first)}-${text(last)}`)).join(' ')
}

function shownMatch(match: PacketMatch): string {
  const parts = Object.entries(match).map(([key, value]) => {
    if (value && typeof value === 'object' && 'ranges' in value) return `${key} ${shownSet(value as RangeSet)}`
    if (key === 'in' || key === 'out') return `${key} ${value.negated ? '!' : ''}${value.names}`
    return `${key} ${value}`
  })
  return parts.sort().join(', ')
}

function shownRule({ match, action, doubt }: DeviceRule): string {
  const { kind } = action
  const ports = 'ports' in action && action.ports ? `:${action.ports.first}-${action.ports.last}` : ''
  const to = kind === 'map' ? ` ${action.to}` : kind === 'pool' ? ` ${action.first}-${action.last}` : ''
  return `${shownMatch(match)} => ${kind}${to}${ports}${doubt ? ' ?' : ''}`
}

const hooks = {
  post: 'type nat hook postrouting priority srcnat; policy accept;',
  pre: 'type nat hook prerouting priority dstnat; policy accept;',
  forward: 'type filter hook forward priority filter; policy accept;',
  input: 'type filter hook input priority filter; policy accept;',
}

function device(rules: string, { chain = 'post' as keyof typeof hooks, family = 'inet', before = '' } = {}) {
  return readDevice(`table ${family} t {\n${before}\nchain c {\n${hooks[chain]}\n${rules}\n}\n}\n`).device
}

function rulesOf(rules: string, options?: Parameters<typeof device>[1]): string[] {
  return device(rules, options).lists.flatMap((list) => list.rules.map(shownRule))
}

const lan = 'source 10.1.0.0-10.1.0.255'

describe('a NAT rule of nftables', () => {
  it.each([
    [
      'keeps host bits with "prefix"',
      'ip saddr 10.1.0.0/24 snat ip prefix to 10.9.0.0/24',
      [`${lan} => map 10.9.0.0/24`],
    ],
    ['has a pool without it', 'ip saddr 10.1.0.0/24 snat to 10.9.0.0/30', [`${lan} => pool 10.9.0.0-10.9.0.3`]],
    ['has one address', 'ip saddr 10.1.0.0/24 snat to 10.9.0.1:1024-2047', [`${lan} => map 10.9.0.1/32:1024-2047`]],
    [
      'is one for each key of a map',
      'snat ip prefix to ip saddr map { 10.1.0.0/24 : 10.9.1.0/24, 10.2.0.0/24 : 10.9.2.0/24 }',
      [`${lan} => map 10.9.1.0/24`, 'source 10.2.0.0-10.2.0.255 => map 10.9.2.0/24'],
    ],
    [
      'joins keys that nobody put blanks around',
      'dnat to tcp dport map {80:10.1.0.5}',
      ['destinationPort 80, protocol 6 => map 10.1.0.5/32'],
    ],
    ['exempts by accept', 'ip saddr 10.1.0.0/24 accept', [`${lan} => exempt`]],
    ['exempts by return', 'ip saddr 10.1.0.0/24 return', [`${lan} => exempt`]],
    [
      'masquerades behind ports',
      'oifname "eth0" masquerade to :1024-65535 random',
      ['out eth0 => masquerade:1024-65535'],
    ],
    ['takes patterns and sets of names', 'oifname { "ppp*", eth1 } masquerade', ['out ppp*,eth1 => masquerade']],
    ['takes any but these', 'oifname != "eth1" masquerade', ['out !eth1 => masquerade']],
    ['asks for protocols by name and number', 'meta l4proto { tcp, 132 } masquerade', ['protocol 6 132 => masquerade']],
    [
      'asks for ports in sets, by name and range',
      'tcp dport { 22, https, 1000-1010 } masquerade',
      ['destinationPort 22 443 1000-1010, protocol 6 => masquerade'],
    ],
    [
      'asks for ports from one on',
      'udp sport >= 1024 masquerade',
      ['protocol 17, sourcePort 1024-65535 => masquerade'],
    ],
    ['asks for what leaves encrypted', 'rt ipsec exists accept', ['leaving encrypted => exempt']],
    ['asks for both families alike', 'meta nfproto ipv4 masquerade', ['source 0-255.255.255.255 => masquerade']],
    ['never meets two things at once', 'ip saddr 10.1.0.0/24 ip saddr 10.2.0.0/24 masquerade', []],
    ['asks for a state', 'ct state new,established masquerade', ['states new,established => masquerade']],
    [
      'negates addresses within their family',
      'ip daddr != 10.0.0.0/8 masquerade',
      ['destination 0-9.255.255.255 11.0.0.0-255.255.255.255 => masquerade'],
    ],
  ])('%s', (_, rule, expected) => {
    expect(rulesOf(rule)).toEqual(expected)
    expect(device(rule).unread).toEqual([])
  })

  it.each([
    ['a mark, with what stands behind it', 'meta mark 0x1 oifname "eth0" masquerade', ['out eth0 => masquerade ?']],
    ['a limit', 'ip saddr 10.1.0.0/24 limit rate 5/second masquerade', [`${lan} => masquerade ?`]],
    ['a set that is not there', 'ip saddr @nowhere snat to 10.9.0.1', [' => map 10.9.0.1/32 ?']],
    ['a target that is worked out', 'snat to numgen inc mod 2 map { 0 : 10.9.0.1, 1 : 10.9.0.2 }', [' => unknown ?']],
    ['a redirection', 'udp dport 53 redirect to :5353', ['destinationPort 53, protocol 17 => unknown ?']],
    ['statements of another program', 'xt match "policy" counter xt target "MASQUERADE"', [' => unknown ?']],
    ['what the reply looks like', 'ct original ip saddr 10.1.0.0/24 masquerade', [' => masquerade ?']],
    ['a variable that nobody defined', 'oifname $wan masquerade', [' => masquerade ?']],
  ])('stays in its place with what was understood of it: %s', (_, rule, expected) => {
    expect(rulesOf(rule)).toEqual(expected)
    expect(device(rule).unread.map(({ touches, isPlaced, text }) => [touches, isPlaced, text])).toEqual([
      ['nat', true, rule],
    ])
  })

  it('is followed into chains, and back out of them', () => {
    const before = 'chain x {\nip daddr 10.5.0.0/16 return\nip daddr 10.6.0.0/16 accept\n}\nchain y {\nmasquerade\n}'
    expect(rulesOf('ip saddr 10.1.0.0/24 jump x\nip saddr 10.1.0.0/24 goto y', { before })).toEqual([
      `destination 10.6.0.0-10.6.255.255, ${lan} => exempt`,
      `${lan} => masquerade`,
      `${lan} => exempt`,
    ])
  })

  it('looks chains up by what a packet has', () => {
    const before = 'chain a {\nsnat to 10.9.0.1\n}'
    const rule = 'oifname vmap { "eth0" : jump a, "eth1" : accept }'
    expect(rulesOf(rule, { before })).toEqual(['out eth0 => map 10.9.0.1/32', 'out eth1 => exempt'])
  })

  it('takes what a map says of all others last', () => {
    const before = 'chain a {\nsnat to 10.9.0.1\n}'
    expect(rulesOf('oifname vmap { * : accept, "eth0" : jump a }', { before })).toEqual([
      'out eth0 => map 10.9.0.1/32',
      ' => exempt',
    ])
  })

  it('reads named sets and maps, also of several fields', () => {
    const before = `set s {\ntype ipv4_addr\nflags interval\nelements = { 10.1.0.0/24,\n 10.2.0.1-10.2.0.9 }\n}
map m {\ntype inet_service : ipv4_addr . inet_service\nelements = { 80 : 10.1.0.5 . 8080 }\n}
set pairs {\ntype ipv4_addr . inet_service\nelements = { 10.1.0.1 . 22, 10.1.0.2 . 23 }\n}`
    expect(rulesOf('ip saddr @s masquerade', { before })).toEqual([`${lan} 10.2.0.1-10.2.0.9 => masquerade`])
    expect(rulesOf('dnat ip to tcp dport map @m', { before, chain: 'pre' })).toEqual([
      'destinationPort 80, protocol 6 => map 10.1.0.5/32:8080-8080',
    ])
    expect(rulesOf('ip daddr . tcp dport @pairs masquerade', { before })).toEqual([
      'destination 10.1.0.1, destinationPort 22, protocol 6 => masquerade',
      'destination 10.1.0.2, destinationPort 23, protocol 6 => masquerade',
    ])
  })

  it('does not know the members of a set that changes', () => {
    const before = 'set s {\ntype ipv4_addr\nflags dynamic,timeout\nelements = { 10.1.0.1 timeout 5m }\n}'
    expect(rulesOf('ip saddr @s masquerade', { before })).toEqual([' => masquerade ?'])
  })

  it('sees packets of its own family only', () => {
    expect(rulesOf('masquerade', { family: 'ip' })).toEqual(['source 0-255.255.255.255 => masquerade'])
    expect(rulesOf('masquerade', { family: 'bridge' })).toEqual([])
  })
})

describe('chains of nftables', () => {
  it('stand by hook and priority, whoever wrote them', () => {
    const text = `table ip a {\nchain p {\ntype nat hook postrouting priority srcnat + 5;\nmasquerade\n}\n}
table inet natplan {\nchain source {\ntype nat hook postrouting priority srcnat - 10; policy accept;
oifname "eth0" ip daddr 10.9.0.0/24 snat ip prefix to ip saddr map { 10.1.0.0/24 : 10.1.0.0/24 } comment "10 natplan: own"\n}\n}`
    const { lists, usedNumbers } = readDevice(text).device
    expect(lists.map(({ name, priority }) => `${name} ${priority}`)).toEqual(['source 90', 'table ip a chain p 105'])
    expect(lists[0]?.rules[0]).toMatchObject({ number: 10, description: 'natplan: own', line: 10 })
    expect(usedNumbers).toEqual([{ direction: 'source', number: 10 }])
  })

  it('are taken from commands one by one, the last table after it was deleted', () => {
    const text = `nft add table ip t\nnft 'add chain ip t c { type nat hook postrouting priority 100 ; }'
nft add rule ip t c oifname eth0 masquerade\nnft insert rule ip t c ip saddr 10.1.0.0/24 accept`
    const shown = (own: string) => readDevice(own).device.lists.flatMap(({ rules }) => rules.map(shownRule))
    expect(shown(text)).toEqual([`${lan} => exempt`, 'out eth0, source 0-255.255.255.255 => masquerade'])
    expect(shown(`${text}\nnft delete table ip t`)).toEqual([])
    expect(shown(`${text}\nflush ruleset`)).toEqual([])
  })

  it('puts in what was defined', () => {
    const text = `define wan = { eth0, ppp0 }\ntable inet t {\nchain c {\n${hooks.post}\noifname $wan masquerade\n}\n}`
    expect(readDevice(text).device.lists.flatMap(({ rules }) => rules.map(shownRule))).toEqual([
      'out eth0,ppp0 => masquerade',
    ])
  })
})

describe('filters of nftables', () => {
  const unreadOf = (...parameters: Parameters<typeof device>) =>
    device(...parameters).unread.map(({ line, touches, isPlaced }) => `${line} ${touches} ${isPlaced}`)

  it.each([
    [
      'a guard',
      'ip daddr 10.2.0.0/16 rt ipsec missing counter packets 1 bytes 2 drop',
      ['destination 10.2.0.0-10.2.255.255, leaving clear => drop'],
    ],
    [
      'what comes in clear',
      'iifname != "eth1" ip saddr 10.2.0.0/16 meta ipsec missing drop',
      ['arrived clear, in !eth1, source 10.2.0.0-10.2.255.255 => drop'],
    ],
    ['addresses and ports', 'tcp dport 25 reject with tcp reset', ['destinationPort 25, protocol 6 => reject']],
  ])('are lists when all of them is understood: %s', (_, rule, expected) => {
    expect(rulesOf(rule, { chain: 'forward' })).toEqual(expected)
    expect(unreadOf(rule, { chain: 'forward' })).toEqual([])
  })

  it.each([
    ['they drop by what is not followed', 'ct state invalid drop', 'forward', ['5 filters false']],
    [
      'a limit stands before',
      'limit rate over 5/second drop\nip saddr 10.1.0.0/24 drop',
      'forward',
      ['5 filters false', '6 filters false'],
    ],
    ['a queue decides', 'queue num 0', 'forward', ['5 filters false']],
    ['a map decides', 'ct state vmap { invalid : drop, new : accept }', 'forward', ['5 filters false']],
    ['they are for the gateway itself', 'ip protocol esp drop', 'input', ['5 filters false']],
  ] as const)('are not read when %s', (_, rules, chain, expected) => {
    expect(rulesOf(rules, { chain })).toEqual([])
    expect(unreadOf(rules, { chain })).toEqual(expected)
  })

  it.each([
    [
      'nothing in them drops',
      'ct state established accept\nlimit rate 5/second log prefix "x: " level info\ncounter',
      'forward',
    ],
    ['they mark only', 'meta mark set 0x1\nct mark set meta mark', 'forward'],
    ['they are empty', '', 'input'],
  ] as const)('touch nothing when %s', (_, rules, chain) => {
    expect(device(rules, { chain })).toMatchObject({ lists: [], unread: [] })
  })

  it('names the policy when that drops', () => {
    const text =
      'table inet t {\nchain c {\ntype filter hook forward priority 0; policy drop;\nct state established accept\n}\n}'
    expect(readDevice(text).device.unread).toEqual([
      { line: 2, text: 'chain c: policy drop', touches: 'filters', isPlaced: false },
    ])
  })

  it('does not call a rule understood that could drop the tunnel’s own packets', () => {
    const tunnel = `connections {\ngw {\nlocal_addrs = 192.0.2.1\nremote_addrs = 192.0.2.2\nchildren {\nn {\nlocal_ts = 10.1.0.0/24\nremote_ts = 10.2.0.0/24\n}\n}\n}\n}\n`
    const chain = (rule: string) =>
      `table inet t {\nchain c {\ntype filter hook postrouting priority 150;\n${rule}\n}\n}\n`
    const touched = (rule: string) => readDevice(tunnel + chain(rule)).device.unread.map(({ touches }) => touches)
    expect(touched('ip daddr 192.0.2.2 drop')).toEqual(['filters'])
    expect(touched('udp dport 500 drop')).toEqual(['filters'])
    expect(touched('ip daddr 192.0.2.3 drop')).toEqual([])
    expect(touched('tcp dport 500 drop')).toEqual([])
  })

  it.each([
    ['a number', 'tcp flags syn / syn,rst tcp option maxseg size > 1382 tcp option maxseg size set 1382', [1382]],
    ['no number', 'tcp flags syn tcp option maxseg size set rt mtu', []],
  ])('limit the size of segments by %s', (_, rule, sizes) => {
    const { clamps, unread } = device(`oifname "eth0" ${rule}`, { chain: 'forward' })
    expect(clamps.map(({ mss }) => mss)).toEqual(sizes)
    expect(unread).toEqual([])
  })

  it('says that addresses are changed outside of NAT', () => {
    expect(unreadOf('ip daddr set 10.9.0.1', { chain: 'forward' })).toEqual(['5 nat false'])
  })
})

describe('a ruleset that is meant to hurt', () => {
  it.each([
    ['chains that call each other', 'chain a {\njump b\n}\nchain b {\njump a\n}', 'jump a'],
    [
      'chains that call the next one often',
      Array.from({ length: 15 }, (_, n) => `chain c${n} {\n${`jump c${n + 1}\n`.repeat(8)}}`).join('\n'),
      'jump c0',
    ],
    [
      'a map with very many members',
      `map m {\ntype ipv4_addr : verdict\nelements = { ${'10.1.0.1 : accept, '.repeat(20_000)} }\n}`,
      'ip saddr vmap @m\n'.repeat(100),
    ],
    ['braces that never close', `chain z {\n${'{ '.repeat(50_000)}`, 'masquerade'],
  ])('is read at once, and what was not followed is named: %s', (_, before, rules) => {
    const start = performance.now()
    const { unread } = device(rules, { before })
    expect(performance.now() - start).toBeLessThan(4000)
    expect(unread.length).toBeGreaterThan(0)
  })

  it('has one set for many rules', () => {
    const before = `set s {\ntype ipv4_addr\nelements = { ${'10.1.0.1, '.repeat(60_000)} }\n}`
    const start = performance.now()
    expect(rulesOf('ip saddr @s masquerade\n'.repeat(400), { before }).at(-1)).toBe('source 10.1.0.1 => masquerade')
    expect(performance.now() - start).toBeLessThan(4000)
  })
})
