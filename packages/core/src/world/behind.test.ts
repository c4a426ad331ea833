import { expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { RuleList } from '../device/device.ts'
import { RangeSet } from '../match/range-set.ts'
import { behindOf } from './behind.ts'
import { sampleDevice, sampleTunnel } from './sample-world.ts'

it('takes no hosts of a rule for other peers, be it for some on both sides of this one', () => {
  const others = ['10.2.0.0/16', '10.9.0.0/16'].map(Prefix.parse)
  const match = {
    source: RangeSet.ofPrefixes([Prefix.parse('10.5.0.0/16')]),
    destination: RangeSet.ofPrefixes(others),
  }
  const action = { kind: 'map', to: Prefix.parse('10.1.0.0/16') } as const
  const rule = { number: 1, match, action, description: undefined, line: 1 }
  const list: RuleList = {
    name: 'source',
    kind: 'source-nat',
    hook: 'postrouting',
    priority: 100,
    rules: [rule],
    fallback: 'accept',
    line: 1,
  }
  const device = sampleDevice({ lists: [list], tunnels: [2, 7, 9].map((peer) => sampleTunnel(1, peer)) })
  const found = behindOf(device).map(({ child, real, isMade }) => [`${child.remote}`, real.map(String), isMade])
  expect(found).toEqual([
    ['10.2.0.0/16', ['10.5.0.0/16'], true],
    ['10.7.0.0/16', [], true],
    ['10.9.0.0/16', ['10.5.0.0/16'], true],
  ])
})
