import {
  derivePolicies,
  flowsOfPlan,
  normalize,
  type Plan,
  type Platform,
  parseSiteName,
  planNetwork,
  type SiteName,
  verify,
  worldOfDevices,
  worldOfPlan,
} from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../packages/app/src/configs/read-configuration.ts'
import { importedGateways } from '../../packages/app/src/import/gateways/imported-gateways.ts'
import type { Imported } from '../../packages/app/src/import/imported.ts'
import { mergedImports } from '../../packages/app/src/import/merge.ts'
import { planText } from '../../packages/app/src/import/plan-text.ts'
import { formedPlans, plans, plansThatHide, plansWithTimes } from '../support/random-plans.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from '../verify/configurations.ts'

type Texts = ReadonlyMap<string, { readonly platform: Platform; readonly text: string }>

/** What the gateways of a plan show: natplan's lines, their addresses and the way to the internet. */
function shownTexts(plan: Plan): Texts {
  const { texts, policies } = textsOf(plan)
  return new Map(
    policies.map(({ site: name, platform }) => {
      const site = plan.network.sites.get(name)
      const around = site?.gateway ? surroundingsOf(site.gateway, site.subnets) : ''
      return [name, { platform, text: `${texts.get(name) ?? ''}\n${around}` }]
    }),
  )
}

function imported(texts: Texts): Imported {
  const configs = [...texts].map(([site, { platform, text }]) =>
    readConfiguration({ site: parseSiteName(site), platform, text: { name: `${site}.txt`, text } }),
  )
  return mergedImports([importedGateways(configs)])
}

function planOf({ network, lock }: Imported): Plan {
  const { value, findings: shape } = normalize({ version: 1, ...network })
  const planning = value && planNetwork(value, lock)
  const said = [...shape, ...(planning?.findings ?? [])].map(({ code, message }) => `${code} ${message}`)
  if (!planning?.plan) throw new Error(`${said.join('\n')}\n${JSON.stringify(network, undefined, 1)}`)
  return planning.plan
}

/**
 * Everything that each gateway must do, with the numbers of rules, selectors and interfaces. What a text cannot tell is in no policy: whether a
 * prefix was a pin or drawn from a pool, `translate: never`, `sites: all` in place of pairs, and which of several MTUs gave a segment size.
 */
function policiesOf(plan: Plan): string[] {
  return derivePolicies(plan).policies.map((policy) => JSON.stringify(policy, undefined, 1))
}

/** Without those that no peer has the IP version for: texts show them as networks that no tunnel reaches. */
function subnetsOf({ network, peers }: Plan): string[] {
  const hasFamily = (site: SiteName, family: 4 | 6) =>
    network.sites.get(site)?.subnets.some(({ prefix }) => prefix.family === family)
  const all = [...network.sites.values()].flatMap(({ name, subnets }) =>
    subnets
      .filter(({ prefix }) => [...peers.of(name)].some((peer) => hasFamily(peer, prefix.family)))
      .map(({ prefix }) => `${name} ${prefix}`),
  )
  return all.sort()
}

/** What is called by which translated prefix, or hides behind which addresses, towards whom; of the same subnets. */
function namesOf(plan: Plan): string[] {
  const subnets = new Set(subnetsOf(plan))
  const entries = [...plan.lock.entries.values()].filter(({ site, real }) => subnets.has(`${site} ${real}`))
  return entries.map((entry) => JSON.stringify({ ...entry, path: [] }))
}

function carries(plan: Plan): boolean {
  return derivePolicies(plan).findings.every(
    ({ code, severity }) =>
      severity !== 'error' && code !== 'TUNNEL_EMPTY' && (code !== 'ROUTE_SINGLE_ADDRESS' || !hides(plan)),
  )
}

function hides({ mappings }: Plan): boolean {
  return mappings.some(({ kind }) => kind === 'many-to-one')
}

const carrying = fc.oneof(plans, formedPlans, plansThatHide, plansWithTimes).filter(carries)

describe('importing what natplan wrote', () => {
  it('gives the policies that it was written of, and nothing that differs or is made by hand', () => {
    fc.assert(
      fc.property(carrying, (plan) => {
        const made = imported(shownTexts(plan))
        const again = planOf(made)
        expect(policiesOf(again)).toEqual(policiesOf(plan))
        expect(subnetsOf(again)).toEqual(subnetsOf(plan))
        expect(namesOf(again)).toEqual(namesOf(plan))
        expect(made.findings.filter(({ code }) => code !== 'IMPORT_KEYS')).toEqual([])
        expect(made.leftOut).toEqual([])
        expect(() => planText(made, { explains: true })).not.toThrow()
      }),
      { numRuns: 60 },
    )
  })

  it('is proven with the texts, which the plan changes nothing of', () => {
    fc.assert(
      fc.property(carrying, (plan) => {
        const texts = shownTexts(plan)
        const mtus = new Map(
          [...plan.network.sites.values()].flatMap(({ name, gateway }) =>
            gateway ? [[name, gateway.outside.mtu]] : [],
          ),
        )
        const devices = [...texts].map(([site, text]) => sourceOf(site, text))
        if (verify(worldOfDevices(devices).world, { mtus }).result !== 'proven') return
        const again = planOf(imported(texts))
        const world = worldOfPlan(again, new Map(devices.map(({ site, device }) => [site, device])))
        expect(verify(world, { flows: flowsOfPlan(again, world), mtus }).result).toBe('proven')
        for (const policy of derivePolicies(again).policies) {
          const { compare } = platformModule(policy.platform) ?? {}
          const secrets = new Map(policy.tunnels.map(({ peer }) => [peer, new Secret('abcdefghijklmnopqrstuvwxyz')]))
          const text = texts.get(policy.site)?.text ?? ''
          const operations = compare?.diff(text, policy, { secrets, showSecrets: false }).operations
          expect(operations?.map((one) => one.text)).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  })
})
