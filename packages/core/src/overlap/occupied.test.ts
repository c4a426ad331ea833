import { expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { normalize } from '../network/normalize.ts'
import { occupiedIn } from './occupied.ts'

it('occupies subnets, reserved, pod and service ranges, and endpoints, each with its place in the file', () => {
  const { value } = normalize({
    version: 1,
    sites: {
      b: { subnets: ['fd00::/64'], gateway: { outside: { interface: 'eth0', address: '2001:db8::1' } } },
      a: {
        subnets: [{ prefix: '10.0.0.0/24' }],
        reserved: ['10.1.0.0/16'],
        kubernetes: { privateNetwork: '10.0.0.0/8', podSubnets: ['10.2.0.0/16'], serviceSubnets: ['10.3.0.0/16'] },
        gateway: { outside: { interface: 'eth0', address: '203.0.113.1' } },
      },
    },
  })
  if (!value) throw new Error('the network is wrong')
  const found = occupiedIn(value)
  expect(found.map(({ site, kind, prefix, path }) => `${site} ${kind} ${prefix} ${formatPath(path)}`)).toEqual([
    'a subnet 10.0.0.0/24 sites.a.subnets[0]',
    'a reserved 10.1.0.0/16 sites.a.reserved[0]',
    'a pods 10.2.0.0/16 sites.a.kubernetes.podSubnets[0]',
    'a services 10.3.0.0/16 sites.a.kubernetes.serviceSubnets[0]',
    'a endpoint 203.0.113.1/32 sites.a.gateway.outside.address',
    'b subnet fd00::/64 sites.b.subnets[0]',
    'b endpoint 2001:db8::1/128 sites.b.gateway.outside.address',
  ])
  expect(found.filter(({ subnet }) => subnet !== undefined).map(({ kind }) => kind)).toEqual(['subnet', 'subnet'])
})
