import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { ParsedTunnel } from '../policy/parsed-policy.ts'
import { negotiationFaults, peerOf } from './negotiation.ts'
import type { ConfiguredGateway, TracedSite, World } from './world.ts'

/** A tunnel from one last octet of 192.0.2.0/24 to another; 0 is an address that is not known beforehand. */
function tunnel(from: number, to: number, more: Partial<ParsedTunnel> = {}): ParsedTunnel {
  const address = (octet: number) => Address.parse(octet === 0 ? '0.0.0.0' : `192.0.2.${octet}`)
  const end = (octet: number) => ({ address: address(octet), identity: octet === 0 ? '%any' : `192.0.2.${octet}` })
  return {
    peer: `gateway${to}`,
    local: end(from),
    remote: end(to),
    ike: {
      version: 2,
      encryption: 'aes256',
      hash: 'sha256',
      dhGroup: 14,
      lifetime: 28_800,
      deadPeer: { action: 'restart', interval: 30, timeout: 120 },
    },
    esp: { encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetime: 3600 },
    start: 'trap',
    forceNatTraversal: false,
    selectors: [
      {
        number: 1,
        local: Prefix.parse(`10.${from}.0.0/16`),
        remote: Prefix.parse(`10.${to}.0.0/16`),
        interface: undefined,
      },
    ],
    ...more,
  }
}

function gateway(tunnels: readonly ParsedTunnel[], more: Partial<ConfiguredGateway> = {}): ConfiguredGateway {
  return {
    platform: 'vyos-1.4',
    policy: { tunnels, nat: [], interfaces: [], routes: [], clamps: [] },
    outside: { interface: 'eth1', addresses: [] },
    inside: { interface: 'eth0' },
    staticRoutes: [],
    proposals: new Map(),
    keyDigests: new Map(),
    written: undefined,
    ...more,
  }
}

function site(name: string, tunnels: readonly ParsedTunnel[], more: Partial<ConfiguredGateway> = {}): TracedSite {
  return { name, gateway: gateway(tunnels, more), subnets: [], otherNetworks: [], nodes: [] }
}

function worldOf(...sites: readonly TracedSite[]): World {
  return { sites: new Map(sites.map((one) => [one.name, one])) }
}

function kinds(
  here: ParsedTunnel,
  there: ParsedTunnel,
  more: readonly (Partial<ConfiguredGateway> | undefined)[] = [],
): string[] {
  const faults = negotiationFaults(
    { gateway: gateway([here], more[0]), tunnel: here },
    { gateway: gateway([there], more[1]), tunnel: there },
  )
  return faults.map(({ kind, isDelayed }) => (isDelayed ? `${kind} later` : kind))
}

const here = tunnel(1, 2)
const there = tunnel(2, 1)

describe('negotiationFaults', () => {
  it.each([
    ['two ends that agree', here, there, []],
    ['a version', here, { ...there, ike: { ...there.ike, version: 1 } }, ['version']],
    ['encryption', here, { ...there, ike: { ...there.ike, encryption: 'aes128' } }, ['ike-proposal']],
    ['a hash of ESP', here, { ...there, esp: { ...there.esp, hash: 'sha1' } }, ['esp-proposal']],
    ['no forward secrecy', here, { ...there, esp: { ...there.esp, dhGroup: undefined } }, ['pfs later']],
    [
      'no forward secrecy with several selectors',
      { ...here, selectors: [...here.selectors, ...here.selectors] },
      { ...there, esp: { ...there.esp, dhGroup: undefined } },
      ['pfs'],
    ],
    ['an identity', here, { ...there, local: { ...there.local, identity: 'other' } }, ['identity']],
    [
      'a name with and without its sign',
      { ...here, remote: { ...here.remote, identity: '@Two.example' } },
      { ...there, local: { ...there.local, identity: 'two.example' } },
      [],
    ],
    ['any address and identity', tunnel(1, 0), there, []],
    ['an address', tunnel(1, 3, { remote: { ...tunnel(1, 3).remote, identity: '192.0.2.2' } }), there, ['address']],
    ['both wait', { ...here, start: 'respond' }, { ...there, start: 'respond' }, ['start']],
  ] as const)('%s', (_, one, other, expected) => {
    expect(kinds(one, other)).toEqual(expected)
    expect(kinds(other, one).sort()).toEqual([...expected].sort())
  })

  it('takes any of several offers', () => {
    const strong = { ...there.ike, encryption: 'aes256gcm128' } as const
    const offers = { ike: [strong, there.ike], esp: [{ ...there.esp, hash: 'sha512' } as const, there.esp] }
    const other = { ...there, ike: strong, esp: { ...there.esp, hash: 'sha512' as const } }
    expect(kinds(here, other, [undefined, { proposals: new Map([['gateway1', offers]]) }])).toEqual([])
    expect(kinds(here, other)).toEqual(['ike-proposal', 'esp-proposal'])
  })

  it('compares keys where both are known', () => {
    const digest = (text: string, peer: string) => ({ keyDigests: new Map([[peer, text]]) })
    expect(kinds(here, there, [digest('a', 'gateway2'), digest('b', 'gateway1')])).toEqual(['key'])
    expect(kinds(here, there, [digest('a', 'gateway2'), digest('a', 'gateway1')])).toEqual([])
    expect(kinds(here, there, [digest('a', 'gateway2')])).toEqual([])
  })

  it('knows the address of the NAT in front of a gateway', () => {
    const behind = { ...there, local: { address: Address.parse('10.0.0.5'), identity: '192.0.2.2' } }
    const outside = { interface: 'eth1', addresses: [Address.parse('10.0.0.5'), Address.parse('192.0.2.2')] }
    expect(kinds(here, behind, [undefined, { outside }])).toEqual([])
    expect(kinds(here, behind)).toEqual(['address'])
  })
})

describe('peerOf', () => {
  function peers(world: World, name: string, at = 0): string[] {
    const from = world.sites.get(name)
    const own = from?.gateway.policy.tunnels[at]
    if (!from || !own) throw new Error(`no tunnel of ${name}`)
    return peerOf(world, from, own).map((end) => `${end.site.name} ${end.tunnel.peer}`)
  }

  it('finds the end whose addresses fit crosswise', () => {
    const world = worldOf(
      site('hub', [tunnel(1, 2), tunnel(1, 3)]),
      site('two', [tunnel(2, 1)]),
      site('three', [tunnel(3, 1)]),
    )
    expect([peers(world, 'hub'), peers(world, 'hub', 1), peers(world, 'two')]).toEqual([
      ['two gateway1'],
      ['three gateway1'],
      ['hub gateway2'],
    ])
  })

  it('tells several tunnels of two gateways apart by identities, then selectors', () => {
    const named = (one: ParsedTunnel, local: string, remote: string) => ({
      ...one,
      peer: remote,
      local: { ...one.local, identity: local },
      remote: { ...one.remote, identity: remote },
    })
    const world = worldOf(
      site('one', [named(tunnel(1, 2), 'a', 'b'), named(tunnel(1, 2), 'c', 'd')]),
      site('two', [named(tunnel(2, 1), 'd', 'c'), named(tunnel(2, 1), 'b', 'a')]),
    )
    expect([peers(world, 'one'), peers(world, 'one', 1)]).toEqual([['two a'], ['two c']])
  })

  it('finds peers whose address is not known beforehand', () => {
    const world = worldOf(site('hub', [tunnel(1, 0)]), site('two', [tunnel(2, 1)]), site('three', [tunnel(3, 1)]))
    expect(peers(world, 'two')).toEqual(['hub gateway0'])
    expect(peers(world, 'hub')).toEqual(['two gateway1', 'three gateway1'])
  })

  it('finds the end of which one address is a slip, from both ends', () => {
    const world = worldOf(site('one', [tunnel(1, 9)]), site('two', [tunnel(2, 1)]))
    expect([peers(world, 'one'), peers(world, 'two')]).toEqual([['two gateway1'], ['one gateway9']])
  })

  it('finds nobody where the gateway is not known', () => {
    expect(peers(worldOf(site('one', [tunnel(1, 2)])), 'one')).toEqual([])
  })
})
