import { Prefix, type RuleAction, verify } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { DeviceRule } from '../../packages/core/src/device/device.ts'
import { flowsOfSelectors } from '../../packages/core/src/verify/intended-flows.ts'
import { type Asked, gateways, goodRules, listOf, ruleOf } from './gateways.ts'

const accept: RuleAction = { kind: 'accept' }
const nat = [listOf('destination-nat', [goodRules.destination]), listOf('source-nat', [goodRules.source])]
const inside = ruleOf(5, { in: 'eth0' }, accept)

function found(rules: readonly DeviceRule[], isPlanned = true) {
  const world = gateways({ lists: [...nat, listOf('filter', rules, { name: 'FORWARD', fallback: 'drop' })] })
  const { findings } = verify(world, isPlanned ? { flows: flowsOfSelectors(world) } : {})
  return findings.filter(({ code }) => code === 'FILTER_WIDER_THAN_PLAN')
}

/** Peers are 192.168.2.0/24 here, and may reach 10.1.0.0/24, which they call 192.168.1.0/24. */
const peer = '192.168.2.0/24'

describe('what a filter accepts of a peer', () => {
  it.each<[string, Asked, string]>([
    ['to everywhere', { source: peer, arrived: 'encrypted' }, 'from 192.168.2.0/24 to any address'],
    ['to a larger network', { source: peer, destination: '10.0.0.0/8' }, 'from 192.168.2.0/24 to 10.0.0.0/8'],
    [
      'to another one as well',
      { arrived: 'encrypted', destination: '10.1.0.0/24 10.7.0.0/24' },
      'out of tunnels to 10.1.0.0/24 (and 1 more)',
    ],
    ['for all that came out of tunnels', { arrived: 'encrypted' }, 'out of tunnels to any address'],
    ['for a summary of peers', { source: '192.168.0.0/16' }, 'from 192.168.0.0/16 to any address'],
    ['at the beginning', { arrived: 'encrypted', states: ['new', 'established'] }, 'out of tunnels to any address'],
  ])('is too much: %s', (_, asked, text) => {
    const [one, ...others] = found([inside, ruleOf(10, asked, accept)])
    expect(others).toEqual([])
    expect(one?.message).toContain(
      `rule 10 of FORWARD of a accepts packets ${text}; the plan has 10.1.0.0/24 (and 1 more) there`,
    )
  })

  it.each<[string, readonly DeviceRule[]]>([
    ['what the plan says', [ruleOf(10, { source: peer, destination: '10.1.0.0/24' }, accept)]],
    [
      'less',
      [
        ruleOf(10, { arrived: 'encrypted', destination: '10.1.0.0/25' }, accept),
        ruleOf(11, { arrived: 'encrypted', destination: '10.1.0.128/25' }, accept),
      ],
    ],
    [
      'what the plan says, as peers call it',
      [ruleOf(10, { arrived: 'encrypted', destination: '10.1.0.0/24 192.168.1.0/24' }, accept)],
    ],
    ['everything of everybody', [ruleOf(10, {}, accept)]],
    ['everything that comes in outside', [ruleOf(10, { in: 'eth1' }, accept)]],
    ['what is not for strangers', [ruleOf(10, { source: '!203.0.113.0/24' }, accept)]],
    [
      'what follows',
      [
        ruleOf(8, { arrived: 'encrypted', states: ['established'] }, accept),
        ruleOf(10, { destination: '10.1.0.0/24' }, accept),
      ],
    ],
    [
      'something perhaps',
      [
        ruleOf(8, { arrived: 'encrypted', unknown: 'a limit' }, accept),
        ruleOf(10, { destination: '10.1.0.0/24' }, accept),
      ],
    ],
    [
      'nothing that another rule did not accept before',
      [ruleOf(10, { destination: '10.1.0.0/24' }, accept), ruleOf(20, { arrived: 'encrypted' }, accept)],
    ],
    ['nothing', [ruleOf(10, { arrived: 'encrypted' }, { kind: 'drop' })]],
  ])('is as it should be: %s', (_, rules) => {
    expect(found([inside, ...rules])).toEqual([])
  })

  it('is as it should be where a hub hands it on to others', () => {
    const rule = ruleOf(10, { source: peer, destination: '10.1.0.0/24 192.168.9.0/24' }, accept)
    const world = gateways({ lists: [...nat, listOf('filter', [inside, rule], { name: 'FORWARD', fallback: 'drop' })] })
    const flows = flowsOfSelectors(world)
    const b = world.sites.get('b')
    const further = b
      ? [
          {
            from: b,
            peer: { site: 'c' },
            source: Prefix.parse('10.1.0.0/24'),
            destination: Prefix.parse('192.168.9.0/24'),
          },
        ]
      : []
    const codes = (all: typeof flows) => verify(world, { flows: all }).findings.map(({ code }) => code)
    expect(codes(flows)).toContain('FILTER_WIDER_THAN_PLAN')
    expect(codes([...flows, ...further])).not.toContain('FILTER_WIDER_THAN_PLAN')
  })

  it('is not held against selectors, which no plan wrote', () => {
    expect(found([inside, ruleOf(10, { source: peer, arrived: 'encrypted' }, accept)], false)).toEqual([])
  })
})
