import { readdirSync } from 'node:fs'
import { normalize, type Plan, planNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { formed } from '../golden/platforms/cases.ts'
import { root } from '../support/command.ts'
import type { Written } from '../support/policies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { planOfExample } from '../verify/configurations.ts'
import { casesOf } from './cases.ts'
import { commandsOfNodeDefs, commandsOfXml } from './extract/operations.ts'
import { isOperated, operated, strangeCommands } from './operations.ts'
import { resultsOf } from './results.ts'

function planned(written: Written): Plan | undefined {
  const { value } = normalize({ version: 1, ...written })
  return value && planNetwork(value).plan
}

/** The checks of a plan's VyOS gateways, and what of them their releases do not have. */
function said(plan: Plan) {
  const results = resultsOf(plan).flatMap(({ member, check }) => (isOperated(member) ? [{ member, check }] : []))
  const strange = results.flatMap(({ member, check }) =>
    strangeCommands(member, check).map((command) => `${member}: ${command}`),
  )
  return { checks: results.map(({ check }) => check), strange }
}

describe.each(operated)('every command that checks a gateway with %s', (member) => {
  const forms: Record<string, Written> = {
    routes: formed(member, { mode: 'route' }),
    'routes and a link': formed(member, { mode: 'route', link: '169.254.10.0/30' }),
    ...(member === 'vyos-1.3' ? {} : { 'both translations': formed(member, { translateAt: 'left' }) }),
  }

  it.each(Object.entries({ ...casesOf(member), ...forms }))('is one that it has: %s', (_, written) => {
    const plan = planned(written)
    expect(plan && said(plan).strange).toEqual([])
  })

  it('is met: there are routes of both families, virtual interfaces and VRFs among them', () => {
    const all = Object.values({ ...casesOf(member), ...forms }).flatMap((written) => {
      const plan = planned(written)
      return plan ? said(plan).checks : []
    })
    const text = all.join('')
    for (const start of ['show vpn ipsec sa', 'show nat source rules', 'show interfaces vti', 'show ip route ']) {
      expect(text).toContain(start)
    }
    if (member !== 'vyos-1.3') expect(text).toContain('show ip route vrf natplan100')
  })

  it('is told when it has not', () => {
    const text =
      '# a remark\nsudo ip neighbor show proxy\nshow vpn ike sa\nshow vpn ike\nshow nat source rule\nshow ip route a b\n'
    expect(strangeCommands(member, text)).toEqual(['show vpn ike', 'show nat source rule', 'show ip route a b'])
  })
})

const withoutPlan = ['must-not-translate', 'pool-exhausted']
const ofClouds = ['aws-peer', 'azure-peer']
const examples = readdirSync(`${root}/examples`).filter((name) => !withoutPlan.includes(name))

describe('every command of the examples', () => {
  it.each(examples)('is one that its gateways have: %s', (name) => {
    const path = `${root}/examples/${name}/natplan.yaml`
    expect(said(planOfExample(path).plan).strange).toEqual([])
    const others = ofClouds.includes(name) ? [] : operated.map((member) => said(planOfExample(path, member).plan))
    expect(others.flatMap(({ strange }) => strange)).toEqual([])
    if (others.length > 0) expect(others.flatMap(({ checks }) => checks)).not.toEqual([])
  })
})

describe('the reader of operational commands', () => {
  it('takes what runs something from the definitions of VyOS, with values', () => {
    const command = '<command>run</command>'
    const folder = temporaryFolder({
      'one.xml.in': `<?xml version="1.0"?>
<interfaceDefinition><node name="show"><children>
  <node name="a"><children><leafNode name="b">${command}</leafNode><node name="c"><command>echo later</command></node></children></node>
  <tagNode name="d">${command}<children><node name="e">${command}</node></children></tagNode>
  <node name="d">${command}<children><node name="node.tag">${command}</node></children></node>
</children></node></interfaceDefinition>`,
    })
    expect(commandsOfXml(folder).sort()).toEqual(['show a b', 'show d', 'show d <>', 'show d <>', 'show d <> e'])
  })

  it('takes what has a field `run` from the templates of Vyatta', () => {
    const folder = temporaryFolder({
      'show/node.def': 'help: Show\n',
      'show/a/node.def': 'help: A\nrun: one\n  two\n',
      'show/a/node.tag/node.def.in': 'help: B\nrun: three\n',
      'show/b/node.def': 'help: C\nrun: echo later\n',
    })
    expect(commandsOfNodeDefs(folder).sort()).toEqual(['show a', 'show a <>'])
  })
})
