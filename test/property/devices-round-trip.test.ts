import {
  type Device,
  type DeviceRoute,
  type DeviceRule,
  type DeviceTunnel,
  deviceOfPolicy,
  type GatewayPolicy,
} from '@natplan/core'
import type { ReadDevice, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keysOf, withOpenEnds } from '../support/open-ends.ts'
import { derive } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { devices } from '../support/routers.ts'
import { braceForm, doubleQuoted, fullyQuoted } from '../support/set-lines.ts'

const family = devices.filter(({ platform }) => platform !== 'linux' && platform !== 'generic')
const everywhere = devices.map(({ platform }) => platform)

/** Without where it was read, since a policy was not. */
function ruleWithoutLine({ number, match, action, description, doubt }: DeviceRule) {
  const sets = Object.entries(match).map(([field, set]) => [field, 'ranges' in set ? set.ranges : set])
  return { number, match: Object.fromEntries(sets), action: JSON.stringify(action), description, doubt }
}

function tunnelWithoutLines({ children, line: _, ...tunnel }: DeviceTunnel) {
  const own = children.filter(({ kind }) => kind === 'protect')
  return { ...tunnel, children: own.map(({ line: __, ...child }) => child) }
}

/** Of a next hop a configuration shows the address alone. */
function wayOf({ to }: Pick<DeviceRoute, 'to'>): string | undefined {
  return to.kind === 'interface' ? to.interface : undefined
}

function routeText({ table, prefix, distance }: Pick<DeviceRoute, 'table' | 'prefix' | 'distance'>): string {
  return `${table} ${prefix} ${distance}`
}

/** What a configuration shows of a policy; the kinds of interfaces follow from their names on the device only. */
function visiblePart({ lists, tunnels, clamps, routes, installsRoutes, order, usedNumbers, unread }: Device) {
  return {
    lists: lists.map(({ name, hook, priority, kind, fallback, rules }) => ({
      name,
      hook,
      priority,
      kind,
      fallback,
      rules: rules.map(ruleWithoutLine),
    })),
    tunnels: tunnels.map(tunnelWithoutLines),
    clamps: clamps.map(({ interface: name, mss }) => ({ name, mss })),
    routes: routes
      .map(({ line: _, ...route }) => ({ ...route, to: JSON.stringify({ ...route.to, interface: wayOf(route) }) }))
      .sort((a, b) => (routeText(a) < routeText(b) ? -1 : 1)),
    installsRoutes,
    order,
    usedNumbers: usedNumbers.map(({ direction, number }) => `${direction} ${number}`).sort(),
    unread,
  }
}

function expected(policy: GatewayPolicy) {
  const device = visiblePart(deviceOfPolicy(withOpenEnds(policy)))
  return policy.platform === 'edgeos' ? { ...device, usedNumbers: bothWays(device.usedNumbers) } : device
}

/** EdgeOS has one list, so a number is taken in both directions. */
function bothWays(numbers: readonly string[]): string[] {
  const bare = [...new Set(numbers.map((one) => one.split(' ')[1]))]
  return bare.flatMap((number) => [`source ${number}`, `destination ${number}`]).sort()
}

function shown(keys: ReadonlyMap<string, Secret>): string[] {
  return [...keys].map(([name, key]) => `${name} ${key.reveal()}`).sort()
}

function expectLines({ device: { lists, tunnels, clamps, routes } }: ReadDevice, text: string): void {
  const count = text.split('\n').length
  const things = [...lists.flatMap(({ rules }) => rules), ...tunnels, ...tunnels.flatMap((one) => one.children)]
  for (const { line } of [...things, ...clamps, ...routes]) {
    expect(line).toBeGreaterThan(0)
    expect(line).toBeLessThanOrEqual(count)
  }
}

describe.each(family.map((module) => [module.platform, module] as const))('%s', (platform, module) => {
  const policies = networksAround(platform, everywhere).map((written) => derive(written).policies)

  it('reads what it wrote as the device that does what the policy says', () => {
    let tunnels = 0
    fc.assert(
      fc.property(policies, (all) => {
        for (const policy of all.filter((one) => one.platform === platform)) {
          tunnels += policy.tunnels.length
          const keys = keysOf(policy)
          const written = module.render(policy, { secrets: keys }).texts?.configure ?? ''
          for (const form of [written, doubleQuoted(written), fullyQuoted(written), braceForm(written)]) {
            const read = module.readDevice?.(form)
            if (!read) throw new Error('no device')
            expect(visiblePart(read.device)).toEqual(expected(policy))
            expect(read.findings).toEqual([])
            expect(shown(read.keys)).toEqual(shown(keys))
            expectLines(read, form)
          }
        }
      }),
      { numRuns: 40 },
    )
    expect(tunnels).toBeGreaterThan(40)
  })
})
