import { type RuleAction, type RuleList, type RuleSet, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import type { PacketMatch } from '../../packages/core/src/match/packet-match.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { measured } from '../support/cost.ts'
import { type Asked, gateways, goodRules, listOf, ruleOf } from './gateways.ts'

const accept: RuleAction = { kind: 'accept' }
const drop: RuleAction = { kind: 'drop' }

function setOf(name: string, rules: readonly DeviceRule[], fallback: RuleSet['fallback'] = 'return'): RuleSet {
  return { name, rules, fallback, line: 800 }
}

function jump(to: RuleSet, asked: Asked = {}, isFinal = false): DeviceRule {
  return ruleOf(5, asked, { kind: 'jump', to, isFinal })
}

function found(rules: readonly DeviceRule[], more: Partial<RuleList> = {}) {
  const lists = [
    listOf('destination-nat', [goodRules.destination]),
    listOf('source-nat', [goodRules.source]),
    listOf('filter', rules, { name: 'FORWARD', ...more }),
  ]
  return verify(gateways({ lists })).findings.filter(({ code }) => code === 'FILTER_SHADOWED')
}

/** The rules that never decide, as findings name them. */
function shadowed(rules: readonly DeviceRule[], more: Partial<RuleList> = {}) {
  return found(rules, more).map(({ about }) => about?.rule)
}

function withMatch(number: number, match: PacketMatch): DeviceRule {
  return { ...ruleOf(number, {}, accept), match }
}

const peer = '192.168.2.0/24'
const late = ruleOf(90, { source: peer }, drop)
const halves = ['192.168.2.0/25', '192.168.2.128/25'].map((source, at) => ruleOf(10 + at, { source }, accept))
const some = { source: '192.168.2.0/25' }

describe('rules of a filter that are never reached', () => {
  it.each<[string, readonly DeviceRule[]]>([
    ['behind one for all', [ruleOf(10, {}, accept), late]],
    ['behind one for the same', [ruleOf(10, { source: peer }, accept), late]],
    ['behind several that hold its packets together', [...halves, late]],
    [
      'behind one that asks for the same state',
      [ruleOf(10, { states: ['new', 'established'] }, accept), ruleOf(90, { source: peer, states: ['new'] }, drop)],
    ],
    [
      'behind one for the same interface',
      [ruleOf(10, { in: 'eth1' }, accept), ruleOf(90, { source: peer, in: 'eth1' }, drop)],
    ],
    [
      'behind all that came encrypted',
      [ruleOf(10, { arrived: 'encrypted' }, accept), ruleOf(90, { source: peer, arrived: 'encrypted' }, drop)],
    ],
    ['behind the call of a set that decides all', [jump(setOf('ALL', [], 'accept')), late]],
    ['behind the call of a set that is not come back from', [jump(setOf('SOME', halves), {}, true), late]],
    ['behind rules of a set that is called', [jump(setOf('SOME', halves)), late]],
    [
      'behind rules of a set that is called for the same',
      [jump(setOf('ALL', [ruleOf(10, {}, accept)]), { source: peer }), late],
    ],
    ['behind rules of a set in a set', [jump(setOf('OUTER', [jump(setOf('INNER', halves))])), late]],
    [
      'although it asks what nobody knows',
      [ruleOf(10, {}, accept), ruleOf(90, { source: peer, unknown: 'a limit' }, drop)],
    ],
    ['although it asks nothing', [ruleOf(10, {}, accept), ruleOf(90, {}, drop)]],
    ['being the call of a set', [ruleOf(10, {}, accept), { ...jump(setOf('ALL', [])), number: 90 }]],
  ])('%s', (_, rules) => {
    expect(shadowed(rules)).toEqual(['rule 90 of FORWARD'])
  })

  it.each<[string, readonly DeviceRule[]]>([
    ['before it', [late, ruleOf(91, {}, accept)]],
    ['a part of its packets', [ruleOf(10, some, accept), late]],
    ['all but one address', [ruleOf(10, { source: '!192.168.2.77/32' }, accept), late]],
    ['some ports', [ruleOf(10, { protocol: 6, destinationPort: 443 }, accept), late]],
    ['one protocol', [ruleOf(10, { protocol: 6 }, accept), late]],
    ['another interface', [ruleOf(10, { in: 'eth0' }, accept), ruleOf(90, { source: peer, in: 'eth1' }, drop)]],
    ['one interface', [ruleOf(10, { in: 'eth1' }, accept), late]],
    ['what is established', [ruleOf(10, { states: ['established', 'related'] }, accept), late]],
    ['what came encrypted', [ruleOf(10, { arrived: 'encrypted' }, accept), late]],
    ['what a limit lets it', [ruleOf(10, { unknown: 'a limit' }, accept), late]],
    ['what was not understood', [ruleOf(10, {}, accept, { doubt: { line: 3, what: 'rule 10 foo' } }), late]],
    ['what could be anything', [ruleOf(10, {}, { kind: 'unknown' }), late]],
    ['what leaves by one interface', [ruleOf(10, { out: 'eth0' }, accept), late]],
    ['types of ICMP', [withMatch(10, { icmpType: RangeSet.ofValues([8]) }), late]],
    ['flags of TCP', [withMatch(10, { tcpFlags: { set: ['syn'], clear: ['ack'] } }), late]],
    ['what a set takes for some', [jump(setOf('SET', [ruleOf(10, { source: peer }, accept)]), some), late]],
    ['what a set does not hand back', [jump(setOf('SET', [ruleOf(1, some, { kind: 'return' })], 'accept')), late]],
    [
      'what a set does not hand back by another',
      [jump(setOf('SET', [jump(setOf('NONE', []), some, true)], 'accept')), late],
    ],
    ['all of one that was not understood', [ruleOf(10, {}, accept), { ...late, doubt: { line: 9, what: 'foo' } }]],
    ['as it would itself', [ruleOf(10, {}, drop), late]],
    ['and rejects as it would drop', [ruleOf(10, {}, { kind: 'reject' }), late]],
    ['of nobody: it calls a set that comes back', [jump(setOf('NONE', [])), late]],
    [
      'of those that a set lets come back before',
      [jump(setOf('SOME', [ruleOf(1, { source: '192.168.2.0/26' }, { kind: 'return' }), ...halves])), late],
    ],
    ['of some: it calls a set for them', [jump(setOf('ALL', [], 'accept'), some), late]],
    [
      'of no tunnel',
      [ruleOf(10, {}, accept), ruleOf(90, { source: '203.0.113.0/24', destination: '203.0.113.0/24' }, drop)],
    ],
  ])('are reached where an earlier one takes, %s', (_, rules) => {
    expect(shadowed(rules)).toEqual([])
  })

  it('are not those of which a part is reached', () => {
    const parts = [ruleOf(90, some, drop, { line: 70 }), ruleOf(90, { source: '192.168.2.128/25' }, drop, { line: 70 })]
    expect(shadowed([ruleOf(10, some, accept), ...parts])).toEqual([])
    expect(shadowed([...halves, ...parts])).toEqual(['rule 90 of FORWARD'])
  })

  it('are told once for each that shadows them', () => {
    const rest = [91, 92, 93].map((number) => ruleOf(number, some, drop))
    const [one, ...others] = found([ruleOf(10, {}, accept), late, ...rest])
    expect(others).toEqual([])
    expect(one?.message).toBe(
      'rule 90 of FORWARD of a never decides (and 3 more behind it): rule 10 of FORWARD accepts everything that it would take',
    )
  })

  it('are left out where the packets are told to be dropped', () => {
    const dropped = [ruleOf(10, { source: peer, in: 'eth1' }, drop), ruleOf(90, { source: peer, in: 'eth1' }, accept)]
    expect(shadowed(dropped)).toEqual([])
  })

  it('are looked for in the sets of both families only where both meet them', () => {
    const rules = [
      ruleOf(10, { source: '0.0.0.0/0' }, accept),
      ruleOf(90, { destination: '10.1.0.0/24 2001:db8::/32' }, drop),
    ]
    expect(shadowed(rules, { family: 4 })).toEqual(['rule 90 of FORWARD'])
    expect(shadowed(rules)).toEqual([])
  })

  it('are found among thousands', () => {
    const ports = Array.from({ length: 5_000 }, (_, at) =>
      ruleOf(100 + at, { protocol: 6, destinationPort: 1_000 + at }, accept),
    )
    const last = ruleOf(9_000, { protocol: 6, destinationPort: 1_234, source: peer }, drop)
    const { result, cost } = measured(() => shadowed([...ports, last]))
    expect(result).toEqual(['rule 9000 of FORWARD'])
    expect(cost).toBeLessThan(2000)
  })
})
