import { describe, expect, it } from 'vitest'
import type { SiteName } from './names.ts'
import type { Network } from './network.ts'
import { normalize } from './normalize.ts'
import { peersIn } from './peers.ts'

function networkOf(tunnels: [string, string][] | undefined): Network {
  const sites = { hub: { subnets: [] }, a: { subnets: [] }, b: { subnets: [] }, alone: { subnets: [] } }
  const listed = tunnels && { tunnels: tunnels.map((ends) => ({ sites: ends })) }
  const { value } = normalize({ version: 1, sites, ...listed })
  if (!value) throw new Error('the network is wrong')
  return value
}

const [hub, a, b, alone] = ['hub', 'a', 'b', 'alone'] as SiteName[] as [SiteName, SiteName, SiteName, SiteName]

describe('peersIn', () => {
  it('finds the far ends of tunnels in both directions, sorted', () => {
    const peers = peersIn(
      networkOf([
        ['hub', 'b'],
        ['a', 'hub'],
      ]),
    )
    expect(peers.everyPair).toBe(false)
    expect([hub, a, b, alone].map((site) => [...peers.of(site)])).toEqual([[a, b], [hub], [hub], []])
    expect([peers.areJoined(hub, a), peers.areJoined(a, hub), peers.areJoined(a, b)]).toEqual([true, true, false])
  })

  it('joins every pair when no tunnels are listed, but no site with itself', () => {
    const peers = peersIn(networkOf(undefined))
    expect(peers.everyPair).toBe(true)
    expect([...peers.of(hub)]).toEqual([a, alone, b])
    expect([peers.areJoined(a, b), peers.areJoined(a, a)]).toEqual([true, false])
  })

  it('joins nobody when the list of tunnels is empty', () => {
    const peers = peersIn(networkOf([]))
    expect([peers.everyPair, [...peers.of(hub)], peers.areJoined(a, b)]).toEqual([false, [], false])
  })
})
