import { type RuleAction, type RuleList, type RuleSet, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import { withAccepts } from '../../packages/core/src/verify/accepts.ts'
import { missingAccepts } from '../../packages/core/src/verify/missing-accepts.ts'
import { type Asked, type Changes, gateways, goodRules, listOf, ruleOf } from './gateways.ts'

const accept: RuleAction = { kind: 'accept' }
const drop: RuleAction = { kind: 'drop' }
const back: RuleAction = { kind: 'return' }

const nat = [listOf('destination-nat', [goodRules.destination]), listOf('source-nat', [goodRules.source])]

/** Gateway a with filters beside its NAT. */
function withLists(...lists: readonly RuleList[]): Changes {
  return { lists: [...nat, ...lists] }
}

function filter(hook: RuleList['hook'], rules: readonly DeviceRule[], more: Partial<RuleList> = {}): RuleList {
  return listOf('filter', rules, { hook, priority: 0, name: `${hook} filter`, line: 900, ...more })
}

function setOf(name: string, rules: readonly DeviceRule[], fallback: RuleSet['fallback'] = 'return'): RuleSet {
  return { name, rules, fallback, line: 800 }
}

function jump(to: RuleSet, asked: Asked = {}, isFinal = false): DeviceRule {
  return ruleOf(undefined, asked, { kind: 'jump', to, isFinal })
}

function verdict(a: Changes, b: Changes = {}): string {
  const { result, findings } = verify(gateways(a, b))
  const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  return [result, ...new Set(codes)].join(' ')
}

const peers = '10.1.0.0/24'
const answers = { states: ['established'] } as const
const begins = { states: ['new'] } as const

describe('packets of a tunnel in filters', () => {
  it.each<[string, readonly RuleList[], string]>([
    ['a list that accepts', [filter('forward', [], { fallback: 'accept' })], 'proven'],
    ['a list that drops what nothing accepts', [filter('forward', [], { fallback: 'drop' })], 'fault FLOW_FILTERED'],
    ['one that rejects it', [filter('forward', [], { fallback: 'reject' })], 'fault FLOW_FILTERED'],
    [
      'what is accepted from both sides',
      [filter('forward', [ruleOf(10, { source: `${peers} 192.168.2.0/24` }, accept)], { fallback: 'drop' })],
      'proven',
    ],
    [
      'what is accepted one way, without the answers',
      [filter('forward', [ruleOf(10, { in: 'eth1' }, accept)], { fallback: 'drop' })],
      'fault FLOW_FILTERED',
    ],
    [
      'what is accepted one way, with the answers',
      [filter('forward', [ruleOf(5, answers, accept), ruleOf(10, { in: 'eth1' }, accept)], { fallback: 'drop' })],
      'fault FLOW_FILTERED',
    ],
    [
      'first packets of both sides, and what follows them',
      [filter('forward', [ruleOf(5, answers, accept), ruleOf(10, begins, accept)], { fallback: 'drop' })],
      'proven',
    ],
    [
      'first packets only',
      [filter('forward', [ruleOf(10, begins, accept)], { fallback: 'drop' })],
      'fault FLOW_FILTERED',
    ],
    [
      'what came encrypted, and all else from inside',
      [
        filter('forward', [ruleOf(5, { in: 'eth0' }, accept), ruleOf(10, { arrived: 'encrypted' }, accept)], {
          fallback: 'drop',
        }),
      ],
      'proven',
    ],
    ['a list of the other family', [filter('forward', [], { fallback: 'drop', family: 6 })], 'proven'],
  ])('%s', (_, lists, expected) => {
    expect(verdict(withLists(...lists))).toBe(expected)
  })

  it('is accepted by a list and dropped by a later one', () => {
    const first = filter('forward', [ruleOf(10, {}, accept)], { fallback: 'drop' })
    const zones = filter('forward', [ruleOf(20, { in: 'eth1' }, drop)], { priority: 1 })
    expect(verdict(withLists(first))).toBe('proven')
    expect(verdict(withLists(first, zones))).toBe('fault FLOW_FILTERED')
  })
})

describe('sets that rules call', () => {
  const rest = ruleOf(99, {}, drop)
  it.each<[string, readonly DeviceRule[], string]>([
    ['a set that accepts', [jump(setOf('ALL', [ruleOf(1, {}, accept)])), rest], 'proven'],
    ['a set that takes nothing comes back', [jump(setOf('NONE', [])), ruleOf(98, {}, accept), rest], 'proven'],
    ['a set that returns comes back', [jump(setOf('BACK', [ruleOf(1, {}, back), ruleOf(2, {}, drop)]))], 'proven'],
    ['a set that drops what it does not take', [jump(setOf('SHUT', [], 'drop'))], 'fault FLOW_FILTERED'],
    ['a set that is called for others', [jump(setOf('SHUT', [], 'drop'), { in: 'eth7' })], 'proven'],
    ['a set that is not come back from', [jump(setOf('NONE', []), {}, true), rest], 'proven'],
    [
      'a set in a set',
      [jump(setOf('OUTER', [jump(setOf('INNER', [ruleOf(1, {}, back)])), ruleOf(2, {}, drop)]))],
      'fault FLOW_FILTERED',
    ],
  ])('%s', (_, rules, expected) => {
    expect(verdict(withLists(filter('forward', rules)))).toBe(expected)
  })
})

describe('what is not known of a filter', () => {
  const limited = { unknown: 'a limit' }
  it.each<[string, readonly DeviceRule[], RuleList['fallback'], string]>([
    ['a rule that may accept, where the rest is accepted', [ruleOf(1, limited, accept)], 'accept', 'proven'],
    ['a rule that may accept, where the rest is dropped', [ruleOf(1, limited, accept)], 'drop', 'unknown'],
    ['a rule that may drop, where the rest is dropped', [ruleOf(1, limited, drop)], 'drop', 'fault FLOW_FILTERED'],
    ['a rule that may drop, where the rest is accepted', [ruleOf(1, limited, drop)], 'accept', 'unknown'],
    ['a rule that nobody understands', [ruleOf(1, {}, { kind: 'unknown' })], 'accept', 'unknown'],
    [
      'a rule that nobody understands behind one that accepts',
      [ruleOf(1, {}, accept), ruleOf(2, {}, { kind: 'unknown' })],
      'drop',
      'proven',
    ],
    ['a set that may be called and drops', [jump(setOf('SHUT', [], 'drop'), limited)], 'accept', 'unknown'],
    ['a set that may be called and comes back', [jump(setOf('NONE', []), limited)], 'accept', 'proven'],
  ])('%s', (_, rules, fallback, expected) => {
    expect(verdict(withLists(filter('forward', rules, { fallback })))).toBe(expected)
  })
})

const ike = { protocol: 17, destinationPort: 500 }
const moved = { protocol: 17, destinationPort: 4500 }
const esp = { protocol: 50 }
const public_ = '192.0.2.2/32'

describe('what the gateways send to each other', () => {
  const all = [ruleOf(1, ike, accept), ruleOf(2, moved, accept), ruleOf(3, esp, accept)]
  it.each<[string, RuleList, string]>([
    ['nothing comes in', filter('input', [], { fallback: 'drop' }), 'fault FLOW_IKE_BLOCKED'],
    ['all of it comes in', filter('input', all, { fallback: 'drop' }), 'proven'],
    ['IKE only', filter('input', all.slice(0, 2), { fallback: 'drop' }), 'fault FLOW_ESP_BLOCKED'],
    ['ESP only', filter('input', all.slice(2), { fallback: 'drop' }), 'fault FLOW_IKE_BLOCKED'],
    [
      'all but UDP 4500, which MOBIKE may need',
      filter('input', [all[0], all[2]] as DeviceRule[], { fallback: 'drop' }),
      'unknown',
    ],
    ['nothing goes out', filter('output', [], { fallback: 'drop' }), 'fault FLOW_IKE_BLOCKED'],
    ['all of it goes out', filter('output', all, { fallback: 'drop' }), 'proven'],
    [
      'a filter for what is forwarded in the same way',
      filter('forward', [ruleOf(1, esp, drop)]),
      'fault FLOW_PARTLY_FILTERED',
    ],
    [
      'ESP of another peer is dropped',
      filter('input', [ruleOf(1, { ...esp, source: '192.0.2.99/32' }, drop)]),
      'proven',
    ],
    [
      'ESP of the peer is dropped',
      filter('input', [ruleOf(1, { ...esp, source: public_ }, drop)]),
      'fault FLOW_ESP_BLOCKED',
    ],
    ['ESP on another interface is dropped', filter('input', [ruleOf(1, { ...esp, in: 'eth0' }, drop)]), 'proven'],
    [
      'ESP is dropped early',
      filter('prerouting', [ruleOf(1, esp, drop)], { priority: -300 }),
      'fault FLOW_ESP_BLOCKED FLOW_FILTERED',
    ],
    ['a limit for IKE', filter('input', [ruleOf(1, { ...ike, unknown: 'a limit' }, drop)]), 'unknown'],
    [
      'only what answers comes in',
      filter('input', [ruleOf(1, answers, accept)], { fallback: 'drop' }),
      'fault FLOW_IKE_BLOCKED',
    ],
    [
      'IKE comes in at its beginning only',
      filter('input', [ruleOf(1, { ...ike, states: ['new'] }, accept), ruleOf(2, esp, accept)], { fallback: 'drop' }),
      'fault FLOW_IKE_BLOCKED',
    ],
  ])('%s', (_, list, expected) => {
    expect(verdict(withLists(list))).toBe(expected)
  })

  it('needs UDP 4500 behind a NAT, and no ESP', () => {
    const forced = { tunnel: { forceNatTraversal: true } }
    const at = (...rules: readonly DeviceRule[]) =>
      verdict({ ...withLists(filter('input', rules, { fallback: 'drop' })), ...forced })
    expect(at(ruleOf(1, ike, accept), ruleOf(2, moved, accept))).toBe('proven')
    expect(at(ruleOf(1, ike, accept), ruleOf(2, esp, accept))).toBe('fault FLOW_IKE_BLOCKED')
  })

  it('needs no UDP 4500 where the end that begins never moves', () => {
    const list = filter('input', [ruleOf(1, ike, accept), ruleOf(2, esp, accept)], { fallback: 'drop' })
    const put = { tunnel: { mobike: false } }
    expect(verdict({ ...withLists(list), ...put }, put)).toBe('proven')
    expect(verdict({ ...withLists(list), ...put })).toBe('unknown')
    expect(verdict(withLists(list), { tunnel: { mobike: true } })).toBe('unknown')
  })

  it('is not handed on to a host', () => {
    const forward = ruleOf(5, { ...ike, in: 'eth1' }, { kind: 'map', to: goodTarget })
    const lists = [
      listOf('destination-nat', [forward, goodRules.destination]),
      listOf('source-nat', [goodRules.source]),
    ]
    expect(verdict({ lists })).toContain('FLOW_IKE_BLOCKED')
  })
})

const goodTarget = (goodRules.destination.action as Extract<RuleAction, { kind: 'map' }>).to

describe('the rules that are missing', () => {
  const shut = (hook: RuleList['hook'], more: Partial<RuleList> = {}) => filter(hook, [], { fallback: 'drop', ...more })
  const named = setOf('WAN_IN', [ruleOf(5, answers, accept), ruleOf(20, { in: 'eth1' }, drop)])
  it.each<[string, Changes, number]>([
    ['none where all pass', {}, 0],
    ['forward and input', withLists(shut('forward'), shut('input')), 4],
    ['one filter behind another', withLists(shut('forward'), shut('forward', { priority: 1 })), 4],
    [
      'before NAT and behind it',
      withLists(shut('prerouting', { priority: -300 }), shut('postrouting', { priority: 150 })),
      8,
    ],
    ['a set that is called', withLists(filter('forward', [jump(named, { in: 'eth1' })])), 1],
    [
      'in front of a rule that drops',
      withLists(filter('forward', [ruleOf(10, { source: '192.168.0.0/16' }, drop)])),
      1,
    ],
    [
      'in front of a rule that drops a part, where the rest is dropped as well',
      withLists(shut('forward', { rules: [ruleOf(10, { destination: '10.1.0.128/32' }, drop)] })),
      2,
    ],
    ['what the gateway sends', withLists(shut('output')), 2],
  ])('%s', (_, changes, count) => {
    const world = gateways(changes)
    const accepts = missingAccepts(world)
    expect(accepts).toHaveLength(count)
    expect(verify(withAccepts(world, accepts)).result).toBe('proven')
  })

  it('names addresses as the filter sees them', () => {
    const texts = (...lists: readonly RuleList[]) =>
      missingAccepts(gateways(withLists(...lists))).map(({ source, destination, arrived, protocol, ports }) =>
        `${source} ${destination ?? 'any'} ${arrived?.kind ?? protocol ?? ''} ${ports.join(' ')}`.trim(),
      )
    expect(texts(shut('forward')).sort()).toEqual([
      '10.1.0.0/24 192.168.2.0/24',
      '192.168.2.0/24 10.1.0.0/24 encrypted',
    ])
    expect(texts(shut('prerouting', { priority: -300 }))).toContain('192.168.2.0/24 192.168.1.0/24 encrypted')
    expect(texts(shut('postrouting', { priority: 150 }))).toContain('192.168.1.0/24 192.168.2.0/24')
    expect(texts(shut('input')).sort()).toEqual(['192.0.2.2/32 any 17 500 4500', '192.0.2.2/32 any 50'])
  })
})

describe('packets in clear with the addresses of a peer', () => {
  const inside = ruleOf(5, { in: 'eth0' }, accept)
  const codes = (...rules: readonly DeviceRule[]) =>
    verify(gateways(withLists(filter('forward', rules, { fallback: 'drop' })))).findings.map(({ code }) => code)
  it.each<[string, readonly DeviceRule[], readonly string[]]>([
    [
      'are accepted with those out of the tunnel',
      [inside, ruleOf(10, { source: '192.168.2.0/24' }, accept)],
      ['FILTER_ADMITS_CLEAR'],
    ],
    [
      'are not, where the rule asks how they came',
      [inside, ruleOf(10, { source: '192.168.2.0/24', arrived: 'encrypted' }, accept)],
      [],
    ],
    [
      'are not, where a rule in front drops them',
      [inside, ruleOf(8, { in: 'eth1', arrived: 'clear' }, drop), ruleOf(10, { source: '192.168.2.0/24' }, accept)],
      [],
    ],
    ['are as good as those of strangers where all pass', [inside, ruleOf(10, {}, accept)], []],
  ])('%s', (_, rules, expected) => {
    expect(codes(...rules)).toEqual(expected)
  })
})

describe('a peer that may be anywhere', () => {
  it('is let in from anywhere', () => {
    const anywhere = { remote: { address: { kind: 'any' }, identity: '192.0.2.2' }, start: 'respond' } as const
    const changes = { ...withLists(filter('input', [], { fallback: 'drop' })), tunnel: anywhere }
    const accepts = missingAccepts(gateways(changes))
    expect(accepts.map(({ source, protocol }) => [source, protocol])).toEqual([
      [undefined, 17],
      [undefined, 50],
    ])
  })
})
