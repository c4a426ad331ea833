import { type Device, fulfils, type GatewayPolicy } from '@natplan/core'
import { type Parsed, type PlatformModule, platformModules, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derive } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { braceForm, doubleQuoted, fullyQuoted } from '../support/set-lines.ts'

const readable = platformModules.filter(({ parse }) => parse !== undefined)
const everywhere = platformModules.map(({ platform }) => platform)

/** What a configuration shows of a policy. */
function visiblePart({ tunnels, nat, interfaces, routes, clamps }: GatewayPolicy) {
  return { tunnels, nat, interfaces, routes, clamps }
}

function keyOf(peer: string): string {
  return `The-key-for_${peer}.0123456789`
}

function keysOf({ tunnels }: GatewayPolicy) {
  return new Map(tunnels.map(({ peer }) => [peer as string, new Secret(keyOf(peer))]))
}

/** Each tunnel has its key and offers, and everything begins on some line. */
function expectBesides({ policy, keys, proposals, lines }: Parsed, text: string): void {
  const { tunnels, nat, interfaces, routes, clamps } = policy
  for (const { peer, ike, esp } of tunnels) {
    expect(keys.get(peer)?.reveal()).toBe(keyOf(peer))
    expect(proposals.get(peer)?.ike).toEqual([{ encryption: ike.encryption, hash: ike.hash, dhGroup: ike.dhGroup }])
    expect(proposals.get(peer)?.esp).toEqual([{ encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup }])
  }
  const count = text.split('\n').length
  for (const thing of [
    ...nat,
    ...interfaces,
    ...routes,
    ...clamps,
    ...tunnels,
    ...tunnels.flatMap((one) => one.selectors),
  ]) {
    const line = lines.get(thing) ?? 0
    expect(line).toBeGreaterThan(0)
    expect(line).toBeLessThanOrEqual(count)
  }
}

/** The device with both shares, as whoever reads a configuration as a whole sees it. */
function shownBy({ compare }: PlatformModule, text: string, policy: GatewayPolicy): Device {
  const shares = compare?.split(text, policy)
  if (!shares) throw new Error('nothing to compare')
  const [own, others] = [shares.own.device, shares.others.device]
  const interfaces = [...own.interfaces, ...others.interfaces.filter(({ name }) => name !== own.interfaces[0]?.name)]
  return { ...own, interfaces, clamps: [...own.clamps, ...others.clamps] }
}

describe.each(readable.map((module) => [module.platform, module] as const))('%s', (platform, module) => {
  const policies = networksAround(platform, everywhere).map((written) => derive(written).policies)

  it('reads back what it wrote, in every form in which a device shows it', () => {
    let tunnels = 0
    fc.assert(
      fc.property(policies, (all) => {
        for (const policy of all.filter((one) => one.platform === platform)) {
          tunnels += policy.tunnels.length
          const { texts, findings } = module.render(policy, { secrets: keysOf(policy) })
          expect(findings).toEqual([])
          const written = texts?.configure ?? ''
          const forms =
            platform === 'linux'
              ? [written]
              : [written, doubleQuoted(written), fullyQuoted(written), braceForm(written)]
          for (const form of forms) {
            const parsed = module.parse?.(form)
            expect(parsed?.notUnderstood).toEqual([])
            expect(parsed?.findings).toEqual([])
            expect(parsed?.policy).toEqual(visiblePart(policy))
            if (parsed) expectBesides(parsed, form)
            expect(fulfils(shownBy(module, form, policy), policy)).toEqual([])
          }
        }
      }),
      { numRuns: 60 },
    )
    expect(tunnels).toBeGreaterThan(60)
  })
})
