import { type Finding, findingOf, inPlan } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { groupFindings } from './group-findings.ts'

function weak(site: string, hash = 'sha1'): Finding {
  return findingOf('PROPOSAL_WEAK', inPlan(['tunnels', 0]), {
    message: `tunnel hub of ${site}: ${hash} is weak by today's standards`,
    hint: `look at ${site}`,
    about: { site, peer: 'hub' },
  })
}

const sites = ['branch1', 'branch2', 'east', 'west']

describe('groupFindings', () => {
  it('joins what is said of many sites, in the order of the first', () => {
    const other = findingOf('TUNNEL_EMPTY', inPlan(['tunnels', 1]), { message: 'nothing to carry' })
    const groups = groupFindings([...sites.map((site) => weak(site)), other])
    expect(groups.map(({ first, others }) => [first.code, others.length])).toEqual([
      ['PROPOSAL_WEAK', 3],
      ['TUNNEL_EMPTY', 0],
    ])
  })

  it('leaves a few apart', () => {
    expect(groupFindings(sites.slice(0, 3).map((site) => weak(site)))).toHaveLength(3)
  })

  it('does not join what is said of other things', () => {
    const findings = sites.flatMap((site) => [weak(site), weak(site, 'md5 in the clear')])
    expect(groupFindings(findings).map(({ others }) => others.length)).toEqual([3, 3])
  })

  it('knows the names of sites by their place in the plan as well', () => {
    const findings = sites.map((site) =>
      findingOf('MSS_BY_HAND', inPlan(['sites', site, 'gateway']), { message: `${site} cannot limit it to 1382` }),
    )
    expect(groupFindings(findings)).toHaveLength(1)
  })
})
