import { readdirSync } from 'node:fs'
import { hasErrors, inPlan, normalize, type Plan, type Platform, planNetwork } from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  acceptance,
  behindNat,
  changingAddress,
  formed,
  hiding,
  hub,
  partialOverlap,
} from '../golden/platforms/cases.ts'
import { root } from '../support/command.ts'
import type { Written } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { formedPlans, plans, plansThatHide } from '../support/random-plans.ts'
import { planOfExample } from '../verify/configurations.ts'
import { casesOf } from './cases.ts'
import { complaintsOf, type Member, members } from './device.ts'
import { resultsOf } from './results.ts'

function planned(written: Written): Plan | undefined {
  const { value } = normalize({ version: 1, ...written })
  return value && planNetwork(value).plan
}

/** What is a comment until somebody wants it. */
function proposed(text: string): string {
  return text.replace(/^(?!# (?:set|delete) ).*\n/gm, '').replace(/^# /gm, '')
}

/** What the devices of a plan say to what natplan writes for them, and to what takes it away again. */
function said(
  plan: Plan,
  key?: Secret,
): { readonly written: readonly Member[]; readonly complaints: readonly string[] } {
  const results = resultsOf(plan, key)
  const complaints = results.flatMap(({ member, site, others, configure, remove }) =>
    complaintsOf(member, { others, texts: [configure, proposed(configure), remove, proposed(remove)] }).map(
      (one) => `${member} at ${site}: ${one}`,
    ),
  )
  return { written: results.map(({ member }) => member), complaints }
}

/** Those that natplan refuses, with a finding, on a platform that has no word for them. */
const refused: Partial<Record<Member, readonly string[]>> = {
  'vyos-1.3': ['a hub that translates for its spokes'],
  'vyatta-5400': ['a hub that translates for its spokes', 'IPv6 outside', 'UDP always'],
  edgeos: ['a hub that translates for its spokes', 'IPv6 outside'],
  'vyatta-5600': ['a hub that translates for its spokes', 'IPv6 outside', 'UDP always'],
}

/** What everybody can break is refused everywhere. */
const broken = ['md5', 'group 2']

describe.each(members)('every line for %s', (member) => {
  it.each(Object.entries(casesOf(member)))('is one that it takes: %s', (name, written) => {
    const plan = planned(written)
    if (!plan) throw new Error(`there is no plan: ${name}`)
    const { written: made, complaints } = said(plan)
    expect(complaints).toEqual([])
    expect(made.includes(member)).toBe(!broken.includes(name) && !refused[member]?.includes(name))
  })

  it.each<[string, (platform: Platform) => readonly Written[]]>([
    ['each other platform', (platform) => members.map((other) => acceptance(platform, other))],
    ['a hub', (platform) => [hub(platform)]],
    ['an exemption', (platform) => [partialOverlap(platform)]],
    ['a NAT in front', (platform) => [behindNat(platform)]],
    ['addresses that change', (platform) => [changingAddress(platform, 'branch'), changingAddress(platform, 'hub')]],
    ['subnets that hide', (platform) => [hiding(platform)]],
    ['a virtual interface', (platform) => [formed(platform, { mode: 'route', link: '169.254.10.0/30' })]],
  ])('is one that it takes: %s', (_, networks) => {
    for (const written of networks(member)) {
      const plan = planned(written)
      if (!plan) throw new Error('there is no plan')
      expect(said(plan)).toMatchObject({ written: expect.arrayContaining([member]), complaints: [] })
    }
  })

  it('is one that it takes, with every key that natplan takes for it', () => {
    const { checkKey } = platformModule(member) ?? {}
    const isTaken = (text: string) => !hasErrors(checkKey?.(new Secret(text), inPlan([])) ?? [])
    const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at))
    const letters = printable.filter((letter) => isTaken(`An-example-key-0123${letter}456789`))
    expect(letters.length).toBeGreaterThan(60)
    const plan = planned(acceptance(member, 'generic'))
    if (!plan) throw new Error('there is no plan')
    for (const letter of letters) {
      expect(said(plan, new Secret(`An-example-key-0123${letter}456789`)).complaints).toEqual([])
    }
  })

  it('is one that it takes, in random networks with every setting', () => {
    let met = 0
    fc.assert(
      fc.property(networksAround(member, members), (written) => {
        const plan = planned(written)
        if (!plan) return
        const { written: made, complaints } = said(plan)
        expect(complaints).toEqual([])
        met += made.length
      }),
      { numRuns: 25 },
    )
    expect(met).toBeGreaterThan(10)
  })
})

/** Examples whose point is that there is no plan. */
const withoutPlan = ['must-not-translate', 'pool-exhausted']
const ofClouds = ['aws-peer', 'azure-peer']
const examples = readdirSync(`${root}/examples`).filter((name) => !withoutPlan.includes(name))

describe('every line of the examples', () => {
  it.each(examples)('is one that its gateways take: %s', (name) => {
    const path = `${root}/examples/${name}/natplan.yaml`
    expect(said(planOfExample(path).plan).complaints).toEqual([])
    for (const member of ofClouds.includes(name) ? [] : members) {
      expect(said(planOfExample(path, member).plan).complaints).toEqual([])
    }
  })
})

describe('every line of a random plan', () => {
  it.each(Object.entries({ plans, formedPlans, plansThatHide }))('is one that its gateways take: %s', (_, all) => {
    const met = new Map<Member, number>()
    fc.assert(
      fc.property(all, (plan) => {
        const { written, complaints } = said(plan)
        expect(complaints).toEqual([])
        for (const member of written) met.set(member, (met.get(member) ?? 0) + 1)
      }),
      { numRuns: 40 },
    )
    for (const member of members) expect(met.get(member) ?? 0).toBeGreaterThan(3)
  })
})
