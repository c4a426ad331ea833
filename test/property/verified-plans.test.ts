import {
  type Device,
  derivePolicies,
  type Finding,
  flowsOfPlan,
  type Plan,
  type Platform,
  type Verification,
  verify,
  worldOfDevices,
  worldOfPlan,
} from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plans } from '../support/random-plans.ts'
import { sourceOf, textsOf } from '../verify/configurations.ts'

type Texts = ReadonlyMap<string, { readonly platform: Platform; readonly text: string }>

function textsBySite(plan: Plan): { texts: Texts; findings: readonly Finding[] } {
  const { texts, policies, findings } = textsOf(plan)
  const bySite = policies.map(({ site, platform }) => [site, { platform, text: texts.get(site) ?? '' }] as const)
  return { texts: new Map(bySite), findings }
}

function mtusOf(plan: Plan): Map<string, number> {
  return new Map(
    [...plan.network.sites.values()].flatMap(({ name, gateway }) => (gateway ? [[name, gateway.outside.mtu]] : [])),
  )
}

function verifyAlone(texts: Texts, mtus: ReadonlyMap<string, number>): Verification {
  return verify(worldOfDevices([...texts].map(([site, text]) => sourceOf(site, text))).world, { mtus })
}

function verifyPlanned(plan: Plan, texts: Texts): Verification {
  const devices = new Map<string, Device>([...texts].map(([site, text]) => [site, sourceOf(site, text).device]))
  const world = worldOfPlan(plan, devices)
  return verify(world, { flows: flowsOfPlan(plan, world), mtus: mtusOf(plan) })
}
const seen = new Map<string, number>()
function expectProven({ result, proofs, findings }: Verification, said: ReadonlySet<string>) {
  for (const {code} of findings) seen.set(code, (seen.get(code) ?? 0) + 1)
  expect(findings.filter(({ code }) => !said.has(code)).map(({ code, message }) => `${code} ${message}`)).toEqual([])
  expect(proofs.filter(({ isProven }) => !isProven)).toEqual([])
  expect(result).toBe('proven')
}

it('proves', () => {
  let n = 0
  const start = Date.now()
  fc.assert(
    fc.property(plans, (plan) => {
      const { texts, findings } = textsBySite(plan)
      const said = new Set(findings.map(({ code }) => (code === 'MSS_BY_HAND' ? 'MSS_MISSING' : code)))
      if (texts.size === 0 || findings.some(({ code }) => code === 'TUNNEL_EMPTY')) return
      n++
      try {
      expectProven(verifyAlone(texts, mtusOf(plan)), said)
      expectProven(verifyPlanned(plan, texts), said)
      } catch (e) { console.log(String(e).slice(0, 600)); throw e }
    }),
    { numRuns: 150 },
  )
  console.log(n, Date.now() - start, seen)
})
