import { type RuleAction, type RuleList, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import { type Changes, child, gateways, goodRules, listOf, ruleOf } from './gateways.ts'

const accept: RuleAction = { kind: 'accept' }
const drop: RuleAction = { kind: 'drop' }
const nat = [listOf('destination-nat', [goodRules.destination]), listOf('source-nat', [goodRules.source])]

function withLists(...lists: readonly RuleList[]): Changes {
  return { lists: [...nat, ...lists] }
}

function filter(rules: readonly DeviceRule[], more: Partial<RuleList> = {}): RuleList {
  return listOf('filter', rules, { name: 'FILTER', fallback: 'drop', line: 900, ...more })
}

function found(code: string, a: Changes, b: Changes = {}) {
  return verify(gateways(a, b)).findings.filter((one) => one.code === code)
}

const begins = ruleOf(10, { states: ['new'] }, accept)
const answers = { states: ['established'] } as const
const established = ruleOf(5, answers, accept)
const both = ruleOf(5, { states: ['established', 'related'] }, accept)

describe('errors about connections that are established', () => {
  it.each<[string, RuleList]>([
    ['what the set does with the rest', filter([established, begins])],
    ['a rule for them', filter([established, ruleOf(6, { states: ['related'] }, drop), begins])],
    [
      'a rule behind, in one direction',
      filter([established, begins, ruleOf(20, { in: 'eth1' }, drop)], { fallback: 'accept' }),
    ],
    ['the output chain', filter([established, ruleOf(6, { out: 'eth1' }, accept)], { hook: 'output' })],
    [
      'a set that is called',
      filter([
        ruleOf(
          1,
          {},
          {
            kind: 'jump',
            to: { name: 'SET', rules: [established, begins], fallback: 'drop', line: 800 },
            isFinal: false,
          },
        ),
      ]),
    ],
  ])('are dropped by %s', (_, list) => {
    expect(found('FILTER_DROPS_RELATED', withLists(list))).toHaveLength(1)
  })

  it.each<[string, readonly DeviceRule[], Partial<RuleList>?]>([
    ['with what is established', [both, begins]],
    ['by a rule of their own', [established, ruleOf(6, { states: ['related'] }, accept), begins]],
    ['as ICMP', [established, ruleOf(6, { protocol: 1 }, accept), begins]],
    ['because all is', [established], { fallback: 'accept' }],
    ['by addresses', [established, ruleOf(6, { source: '192.168.2.0/24 10.1.0.0/24' }, accept)]],
    ['perhaps', [established, ruleOf(6, { protocol: 1, unknown: 'a limit' }, accept), begins]],
    ['by no filter that knows states', [ruleOf(6, { protocol: 6 }, accept)]],
    [
      'in a filter for what the gateway gets',
      [established, ruleOf(6, { protocol: 17 }, accept), ruleOf(7, { protocol: 50 }, accept)],
      { hook: 'input' },
    ],
    ['as far as anybody knows what is established', [ruleOf(5, { ...answers, unknown: 'a limit' }, accept), begins]],
    ['in a filter of the other family', [established, begins], { family: 6 }],
  ])('pass %s', (_, rules, more) => {
    expect(found('FILTER_DROPS_RELATED', withLists(filter(rules, more)))).toEqual([])
  })

  it('are worse to lose where nothing limits segments', () => {
    const changes = withLists(filter([established, begins]))
    const [limited] = found('FILTER_DROPS_RELATED', changes)
    expect(limited?.message).toContain('TCP is limited to what fits')
    const [open] = found('FILTER_DROPS_RELATED', { ...changes, clamps: [] }, { clamps: [] })
    expect(open?.message).toContain('nothing that natplan knows of clamps the MSS')
    expect(open?.hint).toBe('let rule 5 of FILTER accept related as well as established packets')
  })
})

const esp = ruleOf(20, { protocol: 50 }, accept)
const ike = ruleOf(10, { protocol: 17 }, accept)
const answered = filter([established, esp], { hook: 'input' })
const starts = { tunnel: { start: 'initiate' } } as const
const own = gateways().sites.get('b')?.device.lists ?? []
const waiting = {
  tunnel: { start: 'respond' },
  children: [child('192.168.2.0/24', '192.168.1.0/24', { start: 'respond' })],
} as const

describe('a tunnel that one end cannot begin', () => {
  it('is a risk where the other end does', () => {
    const [one, ...others] = found('TUNNEL_ONE_SIDED', { ...withLists(answered), ...starts }, starts)
    expect(others).toEqual([])
    expect(one?.message).toMatch(
      /^only a can initiate its tunnel with b: FILTER, which drops .* of a drops UDP 500 from 192.0.2.2, unless it answers/,
    )
  })

  it.each<[string, Changes, Changes]>([
    ['both can', { ...withLists(filter([ike, esp], { hook: 'input' })), ...starts }, starts],
    ['the other end never begins', { ...withLists(answered), ...starts }, waiting],
    ['packets wait for it in vain, which is told', withLists(answered), {}],
    [
      'nobody knows',
      {
        ...withLists(filter([established, esp, ruleOf(21, { unknown: 'a limit' }, accept)], { hook: 'input' })),
        ...starts,
      },
      starts,
    ],
    [
      'nobody knows of the other end',
      { ...withLists(answered), ...starts },
      {
        ...starts,
        lists: [...own, filter([ruleOf(21, { unknown: 'a limit' }, accept)], { hook: 'input', line: 902 })],
      },
    ],
  ])('is none where %s', (_, a, b) => {
    expect(found('TUNNEL_ONE_SIDED', a, b)).toEqual([])
  })

  it('is told once where both directions wait for it', () => {
    const shut = withLists(filter([], { hook: 'input' }))
    const [one, ...others] = found('FLOW_IKE_BLOCKED', shut)
    expect(others).toEqual([])
    expect(one?.message).toMatch(
      /^a to b and b to a, 10.1.0.0\/24 → 192.168.2.0\/24 \(and 1 more\): the tunnel of a and b does not come up: /,
    )
    expect(found('FLOW_ESP_BLOCKED', withLists(filter([ike], { hook: 'input' })))).toHaveLength(1)
  })

  it('is told twice where two gateways stand in the way, each of one direction', () => {
    const input = (line: number) => filter([ike], { hook: 'input', line })
    const both = found('FLOW_ESP_BLOCKED', withLists(input(900)), { lists: [...own, input(901)] })
    expect(both.map(({ about }) => about?.site)).toEqual(['b', 'a'])
  })
})
