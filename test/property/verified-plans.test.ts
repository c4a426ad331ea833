import {
  type Device,
  derivePolicies,
  flowsOfPlan,
  type Plan,
  type Platform,
  type SiteName,
  type TunnelPolicy,
  type Verification,
  verify,
  worldOfDevices,
  worldOfPlan,
} from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Breaking, breakings } from '../support/random-breaks.ts'
import { formedPlans, plans, plansThatHide } from '../support/random-plans.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from '../verify/configurations.ts'

type Texts = ReadonlyMap<string, { readonly platform: Platform; readonly text: string }>

/** What the gateways of a plan show: natplan's lines alone, or with their addresses and routes. */
function textsBySite(plan: Plan, wished: boolean): Texts {
  const { texts, policies } = textsOf(plan)
  // Where a tunnel takes everything, only addresses of interfaces show what is behind its ends.
  const isSurrounded = wished || policies.some(({ tunnels }) => tunnels.some(takesEverything))
  return new Map(
    policies.map(({ site: name, platform, tunnels }) => {
      const site = plan.network.sites.get(name)
      const around = isSurrounded && site?.gateway ? surroundingsOf(site.gateway, site.subnets, tunnels) : ''
      return [name, { platform, text: `${texts.get(name) ?? ''}\n${around}` }]
    }),
  )
}

function takesEverything({ through }: TunnelPolicy): boolean {
  return through?.kind === 'route' && through.takes === 'any'
}

function mtusOf(plan: Plan): Map<string, number> {
  return new Map(
    [...plan.network.sites.values()].flatMap(({ name, gateway }) => (gateway ? [[name, gateway.outside.mtu]] : [])),
  )
}

const verifications = {
  'texts alone': (plan, texts) =>
    verify(worldOfDevices([...texts].map(([site, text]) => sourceOf(site, text))).world, { mtus: mtusOf(plan) }),
  'texts with the plan': (plan, texts) => {
    const world = worldOfPlan(
      plan,
      new Map<string, Device>([...texts].map(([site, text]) => [site, sourceOf(site, text).device])),
    )
    return verify(world, { flows: flowsOfPlan(plan, world), mtus: mtusOf(plan) })
  },
} satisfies Record<string, (plan: Plan, texts: Texts) => Verification>

/** What a gateway cannot do is refused, a tunnel that has nothing to carry is in no text, and a single address that a dataplane calls is not reached from there. */
function carries(plan: Plan): boolean {
  return derivePolicies(plan).findings.every(
    ({ code, severity }) =>
      severity !== 'error' && code !== 'TUNNEL_EMPTY' && (code !== 'ROUTE_SINGLE_ADDRESS' || !hides(plan)),
  )
}

function hides({ mappings }: Plan): boolean {
  return mappings.some(({ kind }) => kind === 'many-to-one')
}

/** Two sites that hide all from each other open no connections, which texts alone show nothing about. */
function isCalled({ network }: Plan): boolean {
  const hidesAll = (site: SiteName) =>
    network.sites.get(site)?.subnets.every(({ prefix, hideBehind }) => prefix.family === 6 || hideBehind) ?? true
  return (network.tunnels ?? []).every(({ sites }) => !sites.every(hidesAll))
}

const carrying = plans.filter(carries)
const formed = formedPlans.filter(carries)
const hiding = plansThatHide.filter((plan) => carries(plan) && isCalled(plan))

/** What a platform cannot do better, as the plan says it and as verify does. */
const unavoidable: ReadonlyMap<string, string> = new Map([
  // Neither a trap nor a guard holds packets back.
  ['TUNNEL_MAY_LEAK', 'TUNNEL_MAY_LEAK'],
  // The strongest that both platforms have is weak.
  ['PROPOSAL_WEAK', 'PROPOSAL_WEAK'],
  // A route cannot be halved.
  ['ROUTE_SINGLE_ADDRESS', 'ROUTE_SINGLE_ADDRESS'],
  // The platform has no word for it.
  ['MSS_BY_HAND', 'MSS_MISSING'],
])

describe('a random network', () => {
  it('is proven as it is rendered, and nothing is reported that the plan did not say', () => {
    fc.assert(
      fc.property(fc.oneof(carrying, formed, hiding), fc.boolean(), (plan, isSurrounded) => {
        const said = derivePolicies(plan).findings.map(({ code }) => unavoidable.get(code))
        if (hides(plan)) said.push('NAT_ONE_WAY')
        const texts = textsBySite(plan, isSurrounded)
        for (const verified of Object.values(verifications)) {
          const { result, proofs, findings } = verified(plan, texts)
          const unexpected = findings.filter(({ code, severity }) => severity === 'error' || !said.includes(code))
          expect(unexpected.map(({ code, message }) => `${code} ${message}`)).toEqual([])
          expect(proofs.filter(({ isProven }) => !isProven)).toEqual([])
          expect(result).toBe('proven')
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** The texts of a plan of which one is broken, at the first gateway that has something of the kind. */
function broken(breaking: Breaking, { plan, isSurrounded, picks }: Drawn): Texts | undefined {
  const texts = textsBySite(plan, isSurrounded)
  for (const policy of derivePolicies(plan).policies) {
    const text = texts.get(policy.site)?.text ?? ''
    const left = [...picks]
    const changed = breaking({ text, policy, pick: (all) => all[(left.shift() ?? 0) % Math.max(1, all.length)] })
    if (changed === undefined || changed === text) continue
    return new Map([...texts, [policy.site, { platform: policy.platform, text: changed }]])
  }
  return undefined
}

interface Drawn {
  readonly plan: Plan
  readonly isSurrounded: boolean
  readonly picks: readonly number[]
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  plan: fc.oneof(carrying, formed),
  isSurrounded: fc.boolean(),
  picks: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
})

/** Texts alone do not tell the public address of a gateway behind a NAT: what a peer sends to is taken for it. */
const seenByPlanOnly = 'the address of a peer'

describe('a random network of which one text is broken', () => {
  it.each(Object.entries(breakings))('is never proven: %s', (name, breaking) => {
    fc.assert(
      fc.property(drawn, (one) => {
        const changed = broken(breaking, one)
        fc.pre(changed !== undefined)
        const asked = Object.entries(verifications).filter(
          ([how]) => name !== seenByPlanOnly || how === 'texts with the plan',
        )
        const results = asked.map(([how, verified]) => `${how}: ${verified(one.plan, changed).result}`)
        expect(results.filter((result) => result.endsWith('proven'))).toEqual([])
      }),
      { numRuns: 10 },
    )
  })
})
