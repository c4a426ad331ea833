import { Address, type DeviceRule, type PacketMatch, type RangeSet } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { measured } from '../../../../../../test/support/cost.ts'
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
const ipv4 = 'source 0-255.255.255.255'

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
    ['a set that is not there', 'ip saddr @nowhere snat to 10.9.0.1', [`${ipv4} => map 10.9.0.1/32 ?`]],
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
      'out !eth0 => exempt',
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
    expect(rulesOf('ip saddr @s masquerade', { before })).toEqual([`${ipv4} => masquerade ?`])
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
    ['a state', 'ct state invalid drop', 'forward', ['states invalid => drop']],
    [
      'a limit',
      'ip saddr 10.1.0.0/24 limit rate over 5/second drop',
      'forward',
      [`${lan}, unknown limit rate over 5/second => drop`],
    ],
    [
      'a map',
      'ct state vmap { invalid : drop, new : accept }',
      'forward',
      ['states invalid => drop', 'states new => accept'],
    ],
    ['types of IPv6', 'icmpv6 type echo-request drop', 'forward', ['icmpType 128, protocol 58 => drop']],
    [
      'all types of IPv6 but some',
      'icmpv6 type != { 133, 134 } drop',
      'forward',
      ['icmpType 0-132 135-255, protocol 58 => drop'],
    ],
    ['what was too large', 'icmp type 3 icmp code 4 drop', 'forward', ['icmpType 3, protocol 1 => drop']],
    [
      'what was too large by name',
      'icmp type destination-unreachable icmp code frag-needed drop',
      'forward',
      ['icmpType 3, protocol 1 => drop'],
    ],
    ['other codes of that', 'icmp type destination-unreachable icmp code host-unreachable drop', 'forward', []],
    ['all codes but that', 'icmp type destination-unreachable icmp code != frag-needed drop', 'forward', []],
    ['the first code', 'icmp code 0 drop', 'forward', ['icmpType 0-2 4-255, protocol 1 => drop']],
    ['what is for the gateway itself', 'ip protocol esp drop', 'input', [`protocol 50, ${ipv4} => drop`]],
  ] as const)('ask %s', (_, rules, chain, expected) => {
    expect(rulesOf(rules, { chain })).toEqual(expected)
    expect(unreadOf(rules, { chain })).toEqual([])
  })

  it('stand in their place where nobody knows what they do', () => {
    expect(rulesOf('ip daddr 10.9.0.1 queue num 0', { chain: 'forward' })).toEqual([
      'destination 10.9.0.1 => unknown ?',
    ])
    expect(unreadOf('ip daddr 10.9.0.1 queue num 0', { chain: 'forward' })).toEqual(['5 filters true'])
  })

  it.each([
    ['a device', 'type filter hook ingress device "eth0" priority 0; policy accept;', 'netdev'],
    ['a priority of nobody', 'type filter hook forward priority teleport; policy accept;', 'inet'],
  ])('are not followed at %s, and what drops there is named', (_, head, family) => {
    const text = (rule: string) => `table ${family} t {\nchain c {\n${head}\njump x\n}\nchain x {\n${rule}\n}\n}`
    expect(readDevice(text('ip saddr 10.1.0.0/24 drop')).device).toMatchObject({
      lists: [],
      unread: [{ line: 7, touches: 'filters', isPlaced: false }],
    })
    expect(readDevice(text('ip saddr 10.1.0.0/24 accept')).device).toMatchObject({ lists: [], unread: [] })
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

  it('name where the policy is written', () => {
    const text =
      'table ip t {\nchain c {\ntype filter hook forward priority 0; policy drop;\nct state established accept\n}\n}'
    expect(readDevice(text).device).toMatchObject({
      unread: [],
      lists: [{ name: 'table ip t chain c', family: 4, fallback: 'drop', line: 2, fallbackLine: 3 }],
    })
  })

  it('have one set for a chain, however many rules call it', () => {
    const before = 'chain x {\nip saddr 10.9.0.0/16 drop\n}\nchain y {\njump x\n}'
    const { lists } = device('iifname "eth1" jump x\njump y\nip daddr 10.9.0.0/16 goto x', { chain: 'forward', before })
    const called = (rules: readonly DeviceRule[]) =>
      rules.map(({ action }) => (action.kind === 'jump' ? action.to : undefined))
    const [x, y] = called(lists[0]?.rules ?? [])
    expect(called(y?.rules ?? [])).toEqual([x])
    expect(called(y?.rules ?? [])[0]).toBe(x)
    expect(lists[0]?.rules[2]?.action).toEqual({
      kind: 'jump',
      to: expect.objectContaining({ rules: [expect.anything()] }),
      isFinal: true,
    })
  })

  it('have no call of a chain that does nothing', () => {
    const before = 'chain x {\nlog prefix "seen: "\n}'
    expect(rulesOf('jump x\nip saddr 10.1.0.0/24 drop', { chain: 'forward', before })).toEqual([`${lan} => drop`])
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
    ['braces that never close', `chain z {\n${'{ '.repeat(50_000)}`, 'masquerade'],
  ])('is read at once, and what was not followed is named: %s', (_, before, rules) => {
    const { result, cost } = measured(() => device(rules, { before }))
    expect(cost).toBeLessThan(400)
    const { unread } = result
    expect(unread.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'one set for many rules',
      `set s {\ntype ipv4_addr\nelements = { ${'10.1.0.1, '.repeat(60_000)} }\n}`,
      'ip saddr @s masquerade\n'.repeat(400),
      'source 10.1.0.1 => masquerade',
    ],
    [
      'one map for many rules',
      `map m {\ntype ipv4_addr : verdict\nelements = { ${many((host) => `${host} : accept`)} }\n}`,
      'ip saddr vmap @m\n'.repeat(100),
      'source 10.1.0.0-10.2.134.159 => exempt',
    ],
    [
      'one set of several fields for many rules',
      `set s {\ntype ipv4_addr . inet_service\nelements = { ${many((host) => `${host} . 80`)} }\n}`,
      'ip saddr . tcp dport @s masquerade\n'.repeat(100),
      'destinationPort 80, protocol 6, source 10.1.0.0-10.2.134.159 => masquerade',
    ],
  ])('has %s', (_, before, rules, expected) => {
    expect(measured(() => expect(rulesOf(rules, { before }).at(-1)).toBe(expected)).cost).toBeLessThan(400)
  })
})

/** 100,000 addresses from 10.1.0.0 on. */
function many(member: (host: Address) => string): string {
  return Array.from({ length: 100_000 }, (_, at) => member(Address.fromBits(0x0a010000 + at))).join(', ')
}

describe('filters that are meant to hurt', () => {
  const hostile: readonly [string, string, string][] = [
    ['chains that call each other', 'chain a {\njump b\n}\nchain b {\njump a\n}', 'jump a'],
    [
      'chains that call the next one often',
      Array.from({ length: 15 }, (_, n) => `chain c${n} {\n${`jump c${n + 1}\n`.repeat(8)}}`).join('\n') +
        '\nchain c15 {\nip saddr 10.9.0.0/16 drop\n}',
      'jump c0',
    ],
    [
      'chains that call each other very deep',
      `${Array.from({ length: 20_000 }, (_, n) => `chain c${n} {\njump c${n + 1}\n}`).join('\n')}\nchain c20000 {\ndrop\n}`,
      'jump c0',
    ],
  ]

  it.each(hostile)('are read at once, and what was not followed is named: %s', (_, before, rules) => {
    const { result, cost } = measured(() => device(rules, { before, chain: 'forward' }))
    expect(cost).toBeLessThan(400)
    const { unread, lists } = result
    expect(unread.length).toBeGreaterThan(0)
    expect(unread.every(({ touches, isPlaced }) => touches === 'filters' && isPlaced)).toBe(true)
    expect(lists.length).toBe(1)
  })

  it('are read at once where they are many', () => {
    const rules = Array.from({ length: 5000 }, (_, at) => `ip daddr ${Address.fromBits(0x0a020000 + at)} jump x`)
    const before = `set s {\ntype ipv4_addr\nelements = { ${many(String)} }\n}\nchain x {\n${'ip saddr @s drop\n'.repeat(5000)}}`
    const { result, cost } = measured(() => device(rules.join('\n'), { before, chain: 'forward' }))
    expect(cost).toBeLessThan(400)
    const { unread, lists } = result
    expect([unread.length, lists[0]?.rules.length]).toEqual([0, 5000])
  })
})
