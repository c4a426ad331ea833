import { type Device, fulfils, type GatewayPolicy } from '@natplan/core'
import { platformModules, type ReadDevice, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyedTunnels } from '../support/open-ends.ts'
import { derive } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { devices, routers } from '../support/routers.ts'
import { braceForm, doubleQuoted, fullyQuoted } from '../support/set-lines.ts'

const readable = platformModules.filter(({ readDevice }) => readDevice !== undefined)
const everywhere = devices.map(({ platform }) => platform)

/** Tunnels to one peer may have the same identities, and then one key. */
function keyOf(peer: string): string {
  return `EXAMPLE-ONLY-${peer}.0123456789abcdef`
}

function keysOf(policy: GatewayPolicy) {
  return new Map(keyedTunnels(policy).map(({ peer, site }) => [peer as string, new Secret(keyOf(site))]))
}

/** Each tunnel has its key, nothing was left unread, and everything begins on some line. */
function expectBesides({ device, keys, findings }: ReadDevice, policy: GatewayPolicy, text: string): void {
  expect(findings).toEqual([])
  expect(device.unread).toEqual([])
  for (const { peer, site } of keyedTunnels(policy)) expect(keys.get(peer)?.reveal()).toBe(keyOf(site))
  const count = text.split('\n').length
  const { lists, tunnels, routes, clamps } = device
  for (const { line = 0 } of [...lists.flatMap(({ rules }) => rules), ...tunnels, ...routes, ...clamps]) {
    expect(line).toBeGreaterThan(0)
    expect(line).toBeLessThanOrEqual(count)
  }
}

/** The device without one of the things that a policy wants of it. */
function lackingOne(device: Device, policy: GatewayPolicy, at: number): Device {
  const numbers = policy.nat.map(({ direction, number }) => `${direction}-nat ${number}`)
  const gone = numbers[at % Math.max(numbers.length, 1)]
  const tunnel = device.tunnels[at % Math.max(device.tunnels.length, 1)]
  const lists = device.lists.map((list) => ({
    ...list,
    rules: list.rules.filter(({ number }, index) =>
      number === undefined
        ? list.kind === 'filter' || index !== at % list.rules.length
        : `${list.kind} ${number}` !== gone,
    ),
  }))
  const tunnels = device.tunnels.map((one) => (one === tunnel ? { ...one, children: one.children.slice(1) } : one))
  return at % 2 === 0 && gone !== undefined ? { ...device, lists } : { ...device, tunnels }
}

describe.each(readable.map((module) => [module.platform, module] as const))('%s', (platform, module) => {
  const policies = networksAround(platform, everywhere).map((written) => derive(written).policies)
  const forms = routers.includes(module)
    ? [(text: string) => text, doubleQuoted, fullyQuoted, braceForm]
    : [(text: string) => text]

  it('reads back a device that does what the policy wants, in every form in which it is shown', () => {
    let tunnels = 0
    fc.assert(
      fc.property(policies, fc.nat(1000), (all, at) => {
        for (const policy of all.filter((one) => one.platform === platform)) {
          tunnels += policy.tunnels.length
          const written = module.render(policy, { secrets: keysOf(policy) }).texts?.configure ?? ''
          for (const text of forms.map((form) => form(written))) {
            const read = module.readDevice?.(text)
            if (!read) throw new Error('no device')
            expect(fulfils(read.device, policy)).toEqual([])
            expectBesides(read, policy, text)
            if (policy.tunnels.length > 0) expect(fulfils(lackingOne(read.device, policy, at), policy)).not.toEqual([])
          }
        }
      }),
      { numRuns: 60 },
    )
    expect(tunnels).toBeGreaterThan(60)
  })
})
