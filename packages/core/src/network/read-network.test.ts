import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { readNetwork } from './read-network.ts'

function problemsOf(data: object): string[] {
  return readNetwork({ version: 1, ...data }).findings.map(({ code, place }) => `${code} ${formatPath(place.path)}`)
}

const withCluster = (kubernetes: object) => ({ sites: { a: { subnets: ['10.0.0.0/24'], kubernetes } } })

describe('readNetwork', () => {
  it.each<[object, string[], string]>([
    [
      withCluster({ nodeSelector: 'x', nodePools: [{ name: 'a' }, { name: 'b' }] }),
      ['VALUE_WRONG sites.a.kubernetes.nodeSelector'],
      'which nodes the pools have is not known',
    ],
    [
      withCluster({ nodePools: [{ name: 'a' }, { name: 'b' }] }),
      ['NODE_POOLS_MEET sites.a.kubernetes.nodePools[1]'],
      'the same without a slip',
    ],
    [
      withCluster({ tolerations: [{ operator: 'Exist' }], nodePools: [{ name: 'a' }] }),
      ['VALUE_WRONG sites.a.kubernetes.tolerations[0].operator'],
      'what the pool bears is not known',
    ],
    [
      withCluster({ tolerations: [{ operator: 'Equal' }], nodePools: [{ name: 'a' }] }),
      ['TOLERATION_UNFIT sites.a.kubernetes.nodePools[0].tolerations'],
      'the same without a slip',
    ],
    [
      { sites: { a: null, b: { subnets: [] } }, tunnels: [{ sites: ['a', 'b'] }] },
      ['VALUE_WRONG sites.a'],
      'a site that could not be read is a site',
    ],
    [
      { sites: { '1st': { subnets: [] }, b: { subnets: [] } }, tunnels: [{ sites: ['1st', 'b'] }] },
      ['SITE_NAME_INVALID sites["1st"]'],
      'a site of a wrong name as well',
    ],
    [
      {
        defualts: { tunnel: { ike: 1 } },
        sites: { a: { subnets: [] }, b: { subnets: [] } },
        tunnels: [{ sites: ['a', 'b'] }],
      },
      ['KEY_UNKNOWN defualts', 'VALUE_WRONG defaults.tunnel.ike'],
      'the defaults stand under a mistyped key',
    ],
    [
      {
        defualts: { gateway: { outside: { interface: 'eth1', address: '192.0.2.1' } } },
        sites: { a: { subnets: [], gateway: {} } },
      },
      ['KEY_UNKNOWN defualts'],
      'what they say is said',
    ],
    [{ sitess: { a: { subnets: [] } } }, ['KEY_UNKNOWN sitess'], 'the sites stand under a mistyped key'],
    [{ tunnels: [{ sites: ['a', 'b'] }] }, ['KEY_MISSING '], 'without sites no name is unknown'],
    [
      {
        sites: { a: { subnets: [] }, b: { subnets: [] } },
        tunnels: [{ sites: ['a', 'b'], authentication: { certificate: 'gw' } }],
      },
      ['KEY_MISSING tunnels[0].authentication'],
      'a certificate without its authority is no site',
    ],
  ])('says of %j %j: %s', (data, problems) => {
    expect(problemsOf(data)).toEqual(problems)
  })
})
