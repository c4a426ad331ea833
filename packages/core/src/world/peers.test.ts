import { describe, expect, it } from 'vitest'
import type { DeviceTunnel } from '../device/device.ts'
import { peersOf } from './peers.ts'
import { sampleSite, sampleTunnel, worldOf } from './sample-world.ts'
import type { World } from './world.ts'

function answerOf(world: World, name: string, at = 0) {
  const site = world.sites.get(name)
  const tunnel = site?.device.tunnels[at]
  if (!site || !tunnel) throw new Error(`no tunnel of ${name}`)
  return peersOf(world, { site, tunnel })
}

function peers(world: World, name: string, at = 0): string[] {
  return answerOf(world, name, at).ends.map((end) => `${end.site.name} ${end.tunnel.name}`)
}

const site = (name: string, ...tunnels: readonly DeviceTunnel[]) => sampleSite(name, { tunnels })

const named = (one: DeviceTunnel, local: string, remote: string): DeviceTunnel => ({
  ...one,
  name: remote,
  local: { ...one.local, identity: local },
  remote: { ...one.remote, identity: remote },
})

describe('peersOf', () => {
  it('finds the end whose addresses fit crosswise', () => {
    const world = worldOf(
      site('hub', sampleTunnel(1, 2), sampleTunnel(1, 3)),
      site('two', sampleTunnel(2, 1)),
      site('three', sampleTunnel(3, 1)),
    )
    expect([peers(world, 'hub'), peers(world, 'hub', 1), peers(world, 'two')]).toEqual([
      ['two gateway1'],
      ['three gateway1'],
      ['hub gateway2'],
    ])
  })

  it('tells several tunnels of two gateways apart by identities, then selectors', () => {
    const world = worldOf(
      site('one', named(sampleTunnel(1, 2), 'a', 'b'), named(sampleTunnel(1, 2), 'c', 'd')),
      site('two', named(sampleTunnel(2, 1), 'd', 'c'), named(sampleTunnel(2, 1), 'b', 'a')),
    )
    expect([peers(world, 'one'), peers(world, 'one', 1)]).toEqual([['two a'], ['two c']])
  })

  it('finds peers whose address is not known beforehand', () => {
    const world = worldOf(
      site('hub', sampleTunnel(1, 0)),
      site('two', sampleTunnel(2, 1)),
      site('three', sampleTunnel(3, 1)),
    )
    expect(peers(world, 'two')).toEqual(['hub gateway0'])
    expect(peers(world, 'hub')).toEqual(['two gateway1', 'three gateway1'])
  })

  it('finds the two ends by identity where one has a changing address and the other is called by name', () => {
    const branch = named(sampleTunnel(0, 0), 'branch.example', 'hub.example')
    const open: DeviceTunnel = {
      ...branch,
      remote: { ...branch.remote, address: { kind: 'host', name: 'hub.example' } },
    }
    const hub = named(sampleTunnel(1, 0), 'hub.example', 'branch.example')
    const other = named(sampleTunnel(1, 0), 'hub.example', 'other.example')
    const world = worldOf(site('branch', open), site('hub', other, hub))
    expect(peers(world, 'branch')).toEqual(['hub branch.example'])
    expect(peers(world, 'hub', 1)).toEqual(['branch hub.example'])
    expect(peers(world, 'hub', 0)).toEqual([])
  })

  it('takes no moving end with another name for one that it knows at an address', () => {
    // The hub knows "two" at an address that only a NAT in front of it has, and "moving" by its name alone.
    const behind = named(sampleTunnel(8, 1), 'two', 'hub')
    const hub = [named(sampleTunnel(1, 2), 'hub', 'two'), named(sampleTunnel(1, 0), 'hub', 'moving')]
    const world = worldOf(
      site('hub', ...hub),
      site('two', behind),
      site('moving', named({ ...sampleTunnel(0, 1), name: 'hub' }, 'moving', 'hub')),
    )
    expect(peers(world, 'hub', 0)).toEqual(['two hub'])
    expect(peers(world, 'hub', 1)).toEqual(['moving hub'])
    expect(peers(world, 'two')).toEqual(['hub two'])
  })

  it('names the slip in the name of a moving end, where no other end is likelier', () => {
    const world = worldOf(
      site('hub', named(sampleTunnel(1, 0), 'hub', 'moving')),
      site('moving', named({ ...sampleTunnel(0, 1), name: 'hub' }, 'slip', 'hub')),
    )
    expect(peers(world, 'moving')).toEqual(['hub moving'])
  })

  it('takes no gateway for the peer that only could be it', () => {
    const world = worldOf(site('one', sampleTunnel(1, 0)), site('two', sampleTunnel(2, 0)))
    expect(peers(world, 'one')).toEqual([])
    expect(peers(worldOf(site('one', sampleTunnel(1, 0)), site('two', sampleTunnel(0, 0))), 'one')).toEqual([])
  })

  it('takes no gateway for its own peer', () => {
    const [one, other] = [named(sampleTunnel(1, 0), 'a', 'b'), named(sampleTunnel(1, 0), 'b', 'a')]
    expect(peers(worldOf(site('one', one, other)), 'one')).toEqual([])
  })

  it('finds the end of which one address is a slip, from both ends', () => {
    const world = worldOf(site('one', sampleTunnel(1, 9)), site('two', sampleTunnel(2, 1)))
    expect([peers(world, 'one'), peers(world, 'two')]).toEqual([['two gateway1'], ['one gateway9']])
  })

  it('finds nobody where the gateway is not known', () => {
    expect(answerOf(worldOf(site('one', sampleTunnel(1, 2))), 'one')).toEqual({ ends: [], doubt: undefined })
  })

  it('does not call a tunnel missing at a gateway of which something was not understood', () => {
    const line = { line: 7, text: 'set vpn ipsec strange', touches: 'tunnels', isPlaced: false } as const
    const unread = (touches: 'tunnels' | 'nat', isPlaced = false) =>
      sampleSite('two', { tunnels: [sampleTunnel(2, 9)], unread: [{ ...line, touches, isPlaced }] })
    expect(answerOf(worldOf(site('one', sampleTunnel(1, 2)), unread('tunnels')), 'one').doubt).toEqual({
      site: 'two',
      line: 7,
      what: 'set vpn ipsec strange',
    })
    expect(answerOf(worldOf(site('one', sampleTunnel(1, 2)), unread('nat')), 'one').ends).toHaveLength(1)
    expect(answerOf(worldOf(site('one', sampleTunnel(1, 2)), unread('tunnels', true)), 'one').ends).toHaveLength(1)
    const nobody = answerOf(worldOf(site('one', sampleTunnel(1, 8)), unread('tunnels')), 'one')
    expect(nobody).toEqual({ ends: [], doubt: undefined })
  })
})
