import { describe, expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import type { DeviceTunnel } from '../device/device.ts'
import { leadsTo } from './ends.ts'
import { sampleSite, sampleTunnel } from './sample-world.ts'
import type { ReachedAddress, WorldSite } from './world.ts'

const one = { site: sampleSite('one', {}), tunnel: sampleTunnel(1, 2) }

function twoWith(tunnels: readonly DeviceTunnel[], more: Partial<WorldSite> = {}) {
  const [tunnel] = tunnels
  if (!tunnel) throw new Error('there is no tunnel')
  return { site: sampleSite('two', { tunnels }, more), tunnel }
}

const open = {
  ...sampleTunnel(2, 1),
  local: { address: { kind: 'dynamic', interface: undefined }, identity: 'two' },
} as const
const known = sampleTunnel(2, 3)

describe('leadsTo', () => {
  it.each([
    ['the address from which the tunnel starts', twoWith([sampleTunnel(2, 1)]), 'yes'],
    ['another one', twoWith([sampleTunnel(4, 1)]), 'no'],
    ['another one, from which another tunnel starts', twoWith([sampleTunnel(4, 1), known]), 'no'],
    ['one from which another tunnel starts, where this one does not say', twoWith([open, known]), 'yes'],
    ['nobody knows what, where neither says', twoWith([open]), 'maybe'],
  ])('%s: %s', (_, there, expected) => {
    expect(leadsTo(one, there)).toBe(expected)
  })

  it('may be wrong where peers send to several addresses in front of one private address', () => {
    const reached = (own: string, address: string): ReachedAddress => ({
      own: Address.parse(own),
      address: Address.parse(address),
    })
    const behind = (reachedAt: readonly ReachedAddress[]) =>
      leadsTo(one, twoWith([open], { reachedAt, addresses: reachedAt.map(({ address }) => address) }))
    const first = reached('10.0.0.1', '192.0.2.2')
    expect(behind([first])).toBe('yes')
    expect(behind([first, reached('10.0.0.1', '192.0.2.9')])).toBe('maybe')
    expect(behind([first, reached('10.0.0.2', '192.0.2.9')])).toBe('yes')
  })
})
