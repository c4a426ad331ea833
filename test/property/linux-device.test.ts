import {
  type Device,
  type DeviceRule,
  deviceOfPolicy,
  type GatewayPolicy,
  type Range,
  type RangeSet,
  type RuleList,
} from '@natplan/core'
import { platformModules, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyedTunnels, withOpenEnds } from '../support/open-ends.ts'
import { derive } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { devices } from '../support/routers.ts'

const linux = platformModules.find(({ platform }) => platform === 'linux')
const everywhere = devices.map(({ platform }) => platform)
const policies = networksAround('linux', everywhere).map((written) => derive(written).policies)

function ranges(set: RangeSet | undefined): readonly Range[] | undefined {
  return set?.ranges
}

/** An exemption is written as a map onto itself, which later chains respect too. */
function ruleShown({ number, match, action, description }: DeviceRule, kind: RuleList['kind']) {
  const own = kind === 'source-nat' ? match.source : match.destination
  const to = action.kind === 'map' ? [{ first: action.to.bits, last: action.to.lastBits }] : ranges(own)
  return {
    number,
    description,
    to: kind === 'filter' ? action.kind : to,
    match: { ...match, source: ranges(match.source), destination: ranges(match.destination) },
  }
}

/** Guards come once for each family. */
function listsShown({ lists }: Device) {
  return lists.map(({ name, hook, priority, kind, fallback, rules }) => {
    const shown = rules.map((rule) => ruleShown(rule, kind))
    return { name, hook, priority, kind, fallback, rules: kind === 'filter' ? joined(shown) : shown }
  })
}

function joined(rules: ReturnType<typeof ruleShown>[]) {
  const all = rules.flatMap(({ match }) => [...(match.source ?? []), ...(match.destination ?? [])])
  const kinds = rules.map(({ to, match }) => JSON.stringify([to, match.in, match.out, match.arrived, match.leaving]))
  return { all: all.map(({ first, last }) => `${first}-${last}`).sort(), kinds: [...new Set(kinds)] }
}

function inOrder(lists: ReturnType<typeof listsShown>) {
  return [...lists].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function tunnelsShown({ tunnels }: Device) {
  return tunnels.map(({ line: _, keyDigest: __, children, ...tunnel }) => ({
    ...tunnel,
    children: children.map(({ line: _line, name: _name, ...child }) => child),
  }))
}

function clampsShown({ clamps }: Device) {
  return clamps.map(({ interface: name, mss }) => ({ interface: name, mss }))
}

function expectAlike(read: Device, policy: GatewayPolicy): void {
  const wanted = deviceOfPolicy(withOpenEnds(policy))
  const filters = inOrder(listsShown(wanted)).filter(
    ({ kind, rules }) => kind !== 'filter' || ('all' in rules && rules.all.length > 0),
  )
  expect(read.unread).toEqual([])
  expect(JSON.parse(JSON.stringify(tunnelsShown(read)))).toEqual(JSON.parse(JSON.stringify(tunnelsShown(wanted))))
  expect(inOrder(listsShown(read))).toEqual(filters)
  expect(clampsShown(read)).toEqual(clampsShown(wanted))
  expect(read.usedNumbers.length).toBe(wanted.usedNumbers.length)
}

it('is read back as the device that does what the policy says', () => {
  let tunnels = 0
  fc.assert(
    fc.property(policies, (all) => {
      for (const policy of all.filter((one) => one.platform === 'linux')) {
        tunnels += policy.tunnels.length
        const secrets = new Map(
          keyedTunnels(policy).map(({ peer }) => [peer as string, new Secret(`EXAMPLE-ONLY-${peer}-0123456789`)]),
        )
        const text = linux?.render(policy, { secrets }).texts?.configure ?? ''
        const read = linux?.readDevice?.(text)
        if (!read) throw new Error('linux cannot be read back')
        expectAlike(read.device, policy)
        for (const { peer } of keyedTunnels(policy))
          expect(read.keys.get(peer)?.reveal()).toBe(secrets.get(peer)?.reveal())
      }
    }),
    { numRuns: 60 },
  )
  expect(tunnels).toBeGreaterThan(60)
})
