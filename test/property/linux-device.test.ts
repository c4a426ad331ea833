import {
  type Device,
  type DeviceRule,
  deviceOfPolicy,
  type GatewayPolicy,
  type PacketMatch,
  type Range,
  type RangeSet,
  type RuleList,
} from '@natplan/core'
import { platformModules } from '@natplan/templates'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyedTunnels, keysOf, withOpenEnds } from '../support/open-ends.ts'
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

/** Guards come once for each family, and are asked again where packets have the name of a VRF. */
function listsShown({ lists }: Device, vrfs: readonly string[]) {
  const shown = lists.map(({ name, hook, priority, kind, fallback, rules }) => {
    const each = rules.map((rule) => ruleShown(rule, kind))
    return { name, hook, priority, kind, fallback, rules: kind === 'filter' ? joined(each, vrfs) : each }
  })
  return [...new Map(shown.map((list) => [JSON.stringify(list, bitsAsText), list])).values()]
}

function bitsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function joined(rules: ReturnType<typeof ruleShown>[], vrfs: readonly string[]) {
  const all = rules.flatMap(({ match }) => [...(match.source ?? []), ...(match.destination ?? [])])
  const named = (one: PacketMatch['in']) =>
    one && [one.negated, ...one.names.filter((name) => !vrfs.includes(name)).sort()]
  const kinds = rules.map(({ to, match }) =>
    JSON.stringify([to, named(match.in), named(match.out), match.arrived, match.leaving]),
  )
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
  const vrfs = policy.vrfs.map(({ name }) => name)
  const filters = inOrder(listsShown(wanted, vrfs)).filter(
    ({ kind, rules }) => kind !== 'filter' || ('all' in rules && rules.all.length > 0),
  )
  expect(read.unread).toEqual([])
  expect(JSON.parse(JSON.stringify(tunnelsShown(read)))).toEqual(JSON.parse(JSON.stringify(tunnelsShown(wanted))))
  expect(inOrder(listsShown(read, vrfs))).toEqual(filters)
  // What comes out of a tunnel in a VRF is limited where it leaves by the cable.
  const cables = policy.interfaces.filter(({ kind, vrf }) => kind === 'cable' && vrf !== undefined)
  const isElsewhere = (one: { readonly interface: string | undefined }) =>
    cables.some(({ name }) => name === one.interface)
  expect(clampsShown(read).filter((one) => !isElsewhere(one))).toEqual(clampsShown(wanted))
  expect(read.usedNumbers.length).toBe(wanted.usedNumbers.length)
}

it('is read back as the device that does what the policy says', () => {
  let tunnels = 0
  fc.assert(
    fc.property(policies, (all) => {
      for (const policy of all.filter((one) => one.platform === 'linux')) {
        tunnels += policy.tunnels.length
        const secrets = keysOf(policy)
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
