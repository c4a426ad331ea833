import {
  type Derivation,
  derivePolicies,
  emptyLock,
  type GatewayPolicy,
  hasErrors,
  limitsFrom,
  normalize,
  type Plan,
  planNetwork,
} from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingAccepts } from '../../packages/core/src/verify/missing-accepts.ts'
import { firewalls, worldWith, written } from '../property/vyatta-sets.ts'
import type { Written } from '../support/policies.ts'
import { networksAround } from '../support/random-networks.ts'
import { complaintsOf, type Member, members, newComplaints } from './device.ts'
import { othersOf } from './results.ts'

/** What others have on the gateway of a hub: rules of NAT around natplan's, and a route. */
function foreign(member: Member): string {
  const [root, name] =
    member === 'vyatta-5600' ? ['service nat source', ''] : ['nat source', /1\.[45]/.test(member) ? ' name' : '']
  const rules = [5, 995, 9990].flatMap((number) =>
    member === 'edgeos'
      ? [`service nat rule ${number} outbound-interface eth7`, `service nat rule ${number} type masquerade`]
      : [
          `${root} rule ${number} outbound-interface${name} eth7`,
          `${root} rule ${number} source address 172.29.0.0/16`,
          `${root} rule ${number} translation address masquerade`,
        ],
  )
  return [...rules, 'protocols static route 172.20.0.0/16 next-hop 10.255.0.1'].map((line) => `set ${line}\n`).join('')
}

function planned(network: Written, lock = emptyLock): Plan | undefined {
  const { value } = normalize({ version: 1, ...network })
  return value && planNetwork(value, lock).plan
}

/** The policy of the hub, and what else its gateway has. */
function hubOf(plan: Plan | undefined, derivation: Derivation | undefined) {
  const policy = derivation?.policies.find(({ site }) => site === 'hub')
  const { gateway, subnets = [] } = (policy && plan?.network.sites.get(policy.site)) ?? {}
  return policy && gateway ? { policy, others: othersOf(gateway, subnets, policy) } : undefined
}

function secretsOf({ tunnels }: GatewayPolicy): Map<string, Secret> {
  return new Map(tunnels.map(({ peer }) => [peer, key]))
}

const key = new Secret('Example-key.of_26-letters')

describe.each(members)('what brings a running %s to a plan', (member) => {
  const module = platformModule(member)
  const { compare } = module ?? {}
  if (!module || !compare) throw new Error(`${member} cannot be compared`)
  const networks = networksAround(member, members)

  it('is lines that it takes, one after the other', () => {
    let changed = 0
    fc.assert(
      fc.property(networks, networks, (older, newer) => {
        const before = planned(older)
        const first = before && derivePolicies(before)
        const plan = first && planned(newer, first.lock)
        const [old, wished] = [hubOf(before, first), hubOf(plan, plan && derivePolicies(plan))]
        if (!old || !plan || !wished) return
        const configure = module.render(old.policy, { secrets: secretsOf(old.policy) }).texts?.configure ?? ''
        const running = `${configure}${foreign(member)}`
        const { site, limits } = limitsFrom(compare.split(running, wished.policy).others.device, wished.policy)
        const placed = hubOf(plan, derivePolicies(plan, { limits: new Map([[site, limits]]) }))
        if (!placed) return
        const options = { secrets: secretsOf(placed.policy), showSecrets: true }
        const { operations, findings } = compare.diff(running, placed.policy, options)
        if (hasErrors(findings)) return
        const others = `${foreign(member)}${old.others}${placed.others}`
        const change = operations.map(({ text }) => text).join('')
        expect(complaintsOf(member, { others, texts: [configure, change] })).toEqual([])
        const off = compare.takeOff(running, 'hub').operations.map(({ text }) => text)
        expect(complaintsOf(member, { others, texts: [configure, off.join('')] })).toEqual([])
        if (change !== '') changed++
      }),
      { numRuns: 20 },
    )
    expect(changed).toBeGreaterThan(5)
  })
})

describe('rules that are missing in filters of others', () => {
  it('are lines that the device takes', () => {
    let met = 0
    fc.assert(
      fc.property(firewalls({ isOpen: false }), (firewall) => {
        const { platform } = firewall
        const others = written(firewall)
        const accepts = missingAccepts({ sites: worldWith(platform, others) })
        const lines = (platformModule(platform)?.acceptLines?.(accepts) ?? []).flatMap((one) => one.lines)
        expect(newComplaints(platform, { others, text: `${lines.join('\n')}\n` })).toEqual([])
        met += lines.length
      }),
      { numRuns: 100 },
    )
    expect(met).toBeGreaterThan(100)
  })
})

it('are no lines where rules cannot ask what they would have to', () => {
  const asks = fc
    .sample(firewalls({ isOpen: false }), 100)
    .flatMap((firewall) =>
      missingAccepts({ sites: worldWith(firewall.platform, written(firewall)) }).filter(
        ({ arrived, set }) => arrived?.kind === 'encrypted' && set.written !== undefined,
      ),
    )
  const linesOn = (member: Member, ask: (typeof asks)[number]) =>
    (platformModule(member)?.acceptLines?.([ask]) ?? []).flatMap(({ lines }) => lines)
  // Others find no number free in their set.
  const ask = asks.find((one) => linesOn('vyos-1.4', one).every((line) => !line.startsWith('#')))
  if (!ask) throw new Error('no rule asks for packets out of a tunnel')
  expect(linesOn('vyos-1.4', ask).join('\n')).toContain('ipsec match-ipsec')
  expect(linesOn('vyatta-5600', ask)).toEqual([expect.stringMatching(/^# accept by hand .* cannot ask whether/)])
})
