import { flowsOfPlan, normalize, type Plan, type Platform, Prefix, PrefixSet, planNetwork, verify } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plannedWorld } from '../../packages/app/src/verify/planned-world.ts'
import { terraformSchema } from '../platforms/terraform/schema.ts'
import { derive, type Written } from '../support/policies.ts'
import { clouds } from '../support/routers.ts'

type Subnet = Written['sites'][string]['subnets'][number]
type Tunnel = NonNullable<Written['tunnels']>[number]

const isTerraform = new Ajv({ allErrors: true }).compile(terraformSchema)
const peers = ['vyos-1.4', 'vyos-1.5', 'linux'] as const

/** Some that all sites may have, and one of the site's own. */
function subnets(index: number): fc.Arbitrary<readonly Subnet[]> {
  const one = fc.constantFrom<Subnet>(
    '10.0.0.0/24',
    '10.0.1.0/27',
    '10.1.0.0/16',
    { prefix: '10.0.2.8/29', translate: 'always' },
    `10.${40 + index}.0.0/24`,
  )
  const prefixOf = (subnet: Subnet) => (typeof subnet === 'string' ? subnet : subnet.prefix)
  return fc.uniqueArray(one, { minLength: 1, maxLength: 3, selector: prefixOf })
}

/** Who may translate for both ends: azure or its peer, or nobody; of the others only the peer. */
function translators(platform: Platform, peer: string): fc.Arbitrary<string | undefined> {
  return platform === 'azure' ? fc.constantFrom(undefined, 'cloud', peer) : fc.constant(peer)
}

function network(platform: Platform): fc.Arbitrary<Written> {
  const site = (index: number) =>
    fc.record({ subnets: subnets(index), peer: fc.constantFrom(...peers), at: translators(platform, `peer${index}`) })
  const others = fc
    .integer({ min: 1, max: platform === 'aws' ? 1 : 3 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => site(index))))
  return fc.record({ own: subnets(9), others, isLinked: fc.boolean(), isDouble: fc.boolean() }).map(
    ({ own, others: all, isLinked, isDouble }): Written => ({
      sites: {
        cloud: {
          subnets: [...own],
          gateway: {
            platform,
            outside: { address: '203.0.113.1' },
            ...(isDouble ? { uplinks: { second: { address: '203.0.113.2' } } } : {}),
          },
        },
        ...Object.fromEntries(
          all.map((one, index) => [
            `peer${index}`,
            {
              subnets: [...one.subnets],
              gateway: { platform: one.peer, outside: { interface: 'eth1', address: `192.0.2.${index + 1}` } },
            },
          ]),
        ),
      },
      tunnels: all.flatMap(({ at }, index) =>
        (isDouble ? [undefined, 'second'] : [undefined]).map(
          (uplink): Tunnel => ({
            sites: ['cloud', `peer${index}`],
            mode: 'route',
            ...(at === undefined ? {} : { translateAt: at }),
            ...(isLinked && platform === 'aws'
              ? { link: uplink === undefined ? '169.254.10.0/30' : '169.254.11.0/30' }
              : {}),
            ...(uplink === undefined ? {} : { uplinks: { cloud: uplink } }),
          }),
        ),
      ),
    }),
  )
}

function planOf(written: Written): Plan {
  const { value, findings } = normalize({ version: 1, ...written })
  const plan = value && planNetwork(value).plan
  if (!plan) throw new Error(JSON.stringify(findings))
  return plan
}

interface Rule {
  readonly mode: string
  readonly internal_mapping: readonly { readonly address_space: string }[]
  readonly external_mapping: readonly { readonly address_space: string }[]
}

/** Two instances have each rule once. */
function eachOnce(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((one) => [JSON.stringify([one.internal_mapping, one.external_mapping]), one])).values()]
}

function rulesOf(text: string): readonly Rule[] {
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Rule>> }
  return Object.values(resource['azurerm_virtual_network_gateway_nat_rule'] ?? {})
}

describe.each(clouds.map(({ platform }) => platform))('random networks around %s', (platform) => {
  it('are proven', () => {
    fc.assert(
      fc.property(network(platform), (written) => {
        const plan = planOf(written)
        const { world, findings } = plannedWorld(plan)
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
        if (!world) throw new Error('no world')
        const { proofs } = verify(world, { flows: flowsOfPlan(plan, world) })
        expect(proofs.filter(({ isProven }) => !isProven)).toEqual([])
        expect(proofs).toHaveLength(new Set(written.tunnels?.map(({ sites }) => String(sites))).size)
      }),
      { numRuns: 40 },
    )
  })

  it('become what the providers take', () => {
    fc.assert(
      fc.property(network(platform), (written) => {
        const policy = derive(written).policies.find((one) => one.platform === platform)
        const { texts } = (policy && platformModule(platform)?.render(policy, { secrets: new Map() })) ?? {}
        const text = texts?.files[0]?.text ?? ''
        isTerraform(JSON.parse(text))
        expect(isTerraform.errors ?? []).toEqual([])
        const spaces = eachOnce(rulesOf(text)).map(({ internal_mapping: [internal], external_mapping: [external] }) => [
          Prefix.parse(internal?.address_space ?? ''),
          Prefix.parse(external?.address_space ?? ''),
        ])
        for (const [internal, external] of spaces) expect(internal?.length).toBe(external?.length)
        const external = spaces.flatMap(([, one]) => one ?? [])
        const apart = external.every((one, index) => !PrefixSet.of(external.slice(index + 1)).overlaps(one))
        expect(apart).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
