import {
  type Device,
  deviceOfPolicy,
  type Finding,
  findingOf,
  inConfig,
  inPlan,
  normalize,
  planNetwork,
} from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { judgeMerged, withoutTwice } from '../../packages/app/src/gateways/judge-merged.ts'
import { derive } from '../support/policies.ts'

const gateway = (address: string) => ({ platform: 'vyos-1.4' as const, outside: { interface: 'eth1', address } })
const written = {
  sites: {
    here: { subnets: ['10.1.0.0/24'], gateway: gateway('203.0.113.1') },
    there: { subnets: ['10.2.0.0/24'], gateway: gateway('192.0.2.1') },
  },
  tunnels: [{ sites: ['here', 'there'] as [string, string] }],
}

function planned() {
  const { value } = normalize({ version: 1, ...written })
  const plan = value && planNetwork(value).plan
  if (!plan) throw new Error('no plan')
  return plan
}

describe('judgeMerged', () => {
  const plan = planned()
  const [policy] = derive(written).policies
  if (!policy) throw new Error('no policy')
  const merged = new Map<string, Device>([['here', { ...deviceOfPolicy(policy), file: 'running.txt' }]])
  const judged = (findings: readonly Finding[]) => judgeMerged(plan, merged, () => ({ findings, accepts: [] })).findings
  const said = (site: string) => ({ message: 'x', about: { site } })

  it('tells what is about these gateways, by site or by file', () => {
    const findings = [
      findingOf('FLOW_UNENCRYPTED', inPlan([]), said('here')),
      findingOf('FLOW_UNENCRYPTED', inPlan([]), said('there')),
      findingOf('ADDRESSES_DIFFER', inConfig(7, 'running.txt'), { message: 'x' }),
      findingOf('ADDRESSES_DIFFER', inConfig(7, 'other.txt'), { message: 'x' }),
    ]
    expect(judged(findings)).toEqual([findings[0], findings[2]])
  })

  it('leaves tunnels to somebody else as they were', () => {
    const to = (peer: string) =>
      findingOf('TUNNEL_MAY_LEAK', inPlan([]), { message: 'x', about: { site: 'here', peer } })
    expect(judged([to('there'), to('OLD')])).toEqual([to('there')])
  })

  it('tells a line that was not followed once', () => {
    const at = (line: number) => findingOf('EXISTING_NOT_FOLLOWED', inConfig(line, 'running.txt'), { message: 'x' })
    const judged = findingOf('FLOW_UNENCRYPTED', inConfig(3, 'running.txt'), { message: 'y' })
    expect(withoutTwice([at(3), at(4)], [judged])).toEqual([at(4), judged])
  })

  it('tells a route to the inside once', () => {
    const at = (code: 'EXISTING_ROUTE' | 'REMOTE_ROUTED_INSIDE', line: number) =>
      findingOf(code, inConfig(line, 'running.txt'), { message: 'x' })
    const clash = at('EXISTING_ROUTE', 3)
    const judged = [at('REMOTE_ROUTED_INSIDE', 3), at('REMOTE_ROUTED_INSIDE', 4)]
    expect(withoutTwice([clash], judged)).toEqual([clash, judged[1]])
  })

  it('asks nothing without a gateway, and hands on no notes', () => {
    const note = { ...findingOf('FLOW_UNENCRYPTED', inPlan([]), said('here')), severity: 'note' as const }
    expect(judged([note])).toEqual([])
    const stray = findingOf('FLOW_UNENCRYPTED', inPlan([]), said('here'))
    expect(judgeMerged(plan, new Map(), () => ({ findings: [stray], accepts: [] })).findings).toEqual([])
  })
})
