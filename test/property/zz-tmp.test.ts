import {
  derivePolicies,
  normalize,
  type Plan,
  type Platform,
  parseSiteName,
  planNetwork,
} from '@natplan/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../packages/app/src/configs/read-configuration.ts'
import { importedGateways } from '../../packages/app/src/import/gateways/imported-gateways.ts'
import type { Imported } from '../../packages/app/src/import/imported.ts'
import { formedPlans, plans, plansThatHide } from '../support/random-plans.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { textsOf } from '../verify/configurations.ts'

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
  return importedGateways(
    [...texts].map(([site, { platform, text }]) =>
      readConfiguration({ site: parseSiteName(site), platform, text: { name: `${site}.txt`, text } }),
    ),
  )
}

function planOf({ network, lock }: Imported): Plan {
  const { value, findings: shape } = normalize({ version: 1, ...network })
  const planning = value && planNetwork(value, lock)
  const said = [...shape, ...(planning?.findings ?? [])].map(({ code, message }) => `${code} ${message}`)
  if (!planning?.plan) throw new Error(`${said.join('\n')}\n${JSON.stringify(network, undefined, 1)}`)
  return planning.plan
}

/** Everything that each gateway must do, in words; numbers of rules, of selectors and of interfaces are among it. */
function policiesOf(plan: Plan): string[] {
  return derivePolicies(plan).policies.map((policy) => JSON.stringify(policy, undefined, 1))
}

function carries(plan: Plan): boolean {
  return derivePolicies(plan).findings.every(({ code, severity }) => severity !== 'error' && code !== 'TUNNEL_EMPTY')
}

describe('importing what natplan wrote', () => {
  it('gives the policies that it was written of', () => {
    fc.assert(
      fc.property(fc.oneof(plans, formedPlans, plansThatHide).filter(carries), (plan) => {
        const again = planOf(imported(shownTexts(plan)))
        expect(policiesOf(again)).toEqual(policiesOf(plan))
      }),
      { numRuns: 400 },
    )
  })
})
