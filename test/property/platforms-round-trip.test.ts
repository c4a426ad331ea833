import type { GatewayPolicy } from '@natplan/core'
import { platformModules } from '@natplan/templates'
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

describe.each(readable.map((module) => [module.platform, module] as const))('%s', (platform, module) => {
  const policies = networksAround(platform, everywhere).map((written) => derive(written).policies)

  it('reads back what it wrote, in every form in which a device shows it', () => {
    let tunnels = 0
    fc.assert(
      fc.property(policies, (all) => {
        for (const policy of all.filter((one) => one.platform === platform)) {
          tunnels += policy.tunnels.length
          const { texts, findings } = module.render(policy, { secrets: new Map() })
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
          }
        }
      }),
      { numRuns: 60 },
    )
    expect(tunnels).toBeGreaterThan(60)
  })
})
