import { emptyLock, interfaceKey, type Lock, type LockedInterface, type WrittenSite } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Imported } from './imported.ts'
import { mergedImports } from './merge.ts'
import { withPeersKnown } from './peers-known.ts'

const said = (path: readonly (string | number)[]) => ({ path, text: 'x', file: 'cloud.json', line: 7 })

/** A cloud that knows its peer by an address, and by a prefix where it has a route. */
function cloud(address: string, prefixes: readonly string[]): Imported {
  return {
    network: {
      sites: { vpc: { subnets: ['10.0.0.0/16'] }, 'cgw-1': { subnets: [...prefixes] } },
      tunnels: [{ sites: ['vpc', 'cgw-1'], mode: 'route' }],
    },
    reasons: [said(['sites', 'cgw-1']), ...prefixes.map((_, index) => said(['sites', 'cgw-1', 'subnets', index]))],
    leftOut: [],
    findings: [],
    ends: [{ site: 'cgw-1', address }],
  }
}

function office(subnets: WrittenSite['subnets']): Imported {
  const gateway = { platform: 'linux', outside: { interface: 'eth0', address: '192.0.2.20' } } as const
  return { network: { sites: { office: { subnets, gateway } } }, reasons: [], leftOut: [], findings: [] }
}

const joined = (...parts: Imported[]) => mergedImports(withPeersKnown(parts))

describe('a site that is known by the address of its gateway', () => {
  it('is the site whose gateway has it', () => {
    const { network, reasons, findings } = joined(office(['192.168.9.0/24']), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(Object.keys(network.sites)).toEqual(['office', 'vpc'])
    expect(network.sites['office']?.subnets).toEqual(['192.168.9.0/24'])
    expect(network.tunnels).toEqual([{ sites: ['vpc', 'office'], mode: 'route' }])
    expect(reasons.map(({ path }) => path)).toEqual([['sites', 'office']])
    expect(findings).toEqual([])
  })

  it('is another one where the addresses differ', () => {
    const { network } = joined(office(['192.168.9.0/24']), cloud('192.0.2.21', ['192.168.9.0/24']))
    expect(Object.keys(network.sites)).toEqual(['office', 'vpc', 'cgw-1'])
  })

  it('gives its prefixes to one that knows none, with their reasons', () => {
    const { network, reasons } = joined(office([]), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(network.sites['office']?.subnets).toEqual(['192.168.9.0/24'])
    expect(reasons.map(({ path }) => path)).toContainEqual(['sites', 'office', 'subnets', 0])
  })

  it('has no subnet of a name that it does not know itself: that is told, unless it is a translated one', () => {
    const { network, findings } = joined(office(['10.5.0.0/24']), cloud('192.0.2.20', ['192.168.9.0/24']))
    expect(network.sites['office']?.subnets).toEqual(['10.5.0.0/24'])
    expect(findings).toMatchObject([
      {
        code: 'IMPORT_INCOMPLETE',
        place: { file: 'cloud.json', line: 7 },
        message: expect.stringMatching(/^office: .*192\.168\.9\.0\/24/),
      },
    ])
    const pinned = office([{ prefix: '10.5.0.0/24', translateTo: '192.168.9.0/24' }])
    expect(joined(pinned, cloud('192.0.2.20', ['192.168.9.0/24'])).findings).toEqual([])
  })

  /** A gateway that knows its peers by what they are called there; each has a gateway that is made up of it. */
  function running(...peers: readonly (readonly [name: string, address: string])[]): Imported {
    const { network, ...others } = office(['192.168.9.0/24'])
    const far = peers.map(([name, address]) => {
      const gateway = { platform: 'generic', outside: { interface: 'wan', address } } as const
      const site: WrittenSite = { subnets: ['10.0.0.0/16'], gateway }
      return [name, site] as const
    })
    return {
      ...others,
      network: {
        sites: { ...network.sites, ...Object.fromEntries(far) },
        tunnels: peers.map(([name]) => ({
          sites: ['office', name],
          mode: 'route',
          preSharedKey: { file: `${name}.psk` },
        })),
      },
      reasons: peers.map(([name]) => said(['sites', name, 'gateway'])),
      ends: peers.map(([site, address]) => ({ site, address, isMadeUp: true as const })),
      lock: lockOf(peers.map(([name]) => name)),
    }
  }

  function lockOf(peers: readonly string[]): Lock {
    const all = peers.map(
      (peer, index) => ({ site: 'office', peer, number: 100 + index, path: [] }) as unknown as LockedInterface,
    )
    return { ...emptyLock, interfaces: new Map(all.map((one) => [interfaceKey(one), one])) }
  }

  /** A cloud with two tunnels to a gateway. */
  function twoTunnels(): Imported {
    const part = cloud('192.0.2.20', ['192.168.9.0/24'])
    const uplinks = { second: { address: '203.0.113.2' } }
    const vpc = {
      subnets: ['10.0.0.0/16'],
      gateway: { platform: 'aws' as const, outside: { address: '203.0.113.1' }, uplinks },
    }
    const [first] = part.network.tunnels ?? []
    const tunnels = first ? [first, { ...first, uplinks: { vpc: 'second' } }] : []
    return { ...part, network: { sites: { ...part.network.sites, vpc }, tunnels } }
  }

  it.each([
    ['the cloud first', (gateway: Imported) => [twoTunnels(), gateway]],
    ['the gateway first', (gateway: Imported) => [gateway, twoTunnels()]],
  ])('is one site with two tunnels where its peer has two peers of it: %s', (_, parts) => {
    const peers = [['vpc', '203.0.113.1'] as const, ['vpc-second', '203.0.113.2'] as const]
    const { network, lock } = joined(...parts(running(...peers)))
    expect(Object.keys(network.sites).sort()).toEqual(['office', 'vpc'])
    expect(network.sites['vpc']?.gateway?.platform).toBe('aws')
    expect(network.tunnels?.map(({ sites, uplinks }) => [[...sites].sort(), uplinks])).toEqual([
      [['office', 'vpc'], undefined],
      [['office', 'vpc'], { vpc: 'second' }],
    ])
    expect(network.tunnels?.map(({ preSharedKey }) => preSharedKey)).toEqual([
      { file: 'vpc.psk' },
      { file: 'vpc-second.psk' },
    ])
    expect([...(lock?.interfaces.values() ?? [])].map(({ peer, uplink, number }) => [peer, uplink, number])).toEqual([
      ['vpc', undefined, 100],
      ['vpc', 'second', 101],
    ])
  })

  it('keeps the gateway that was made up where no other text has one', () => {
    const { network } = joined(running(['other', '203.0.113.77']), twoTunnels())
    expect(network.sites['other']?.gateway?.platform).toBe('generic')
  })
})
