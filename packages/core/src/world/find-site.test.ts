import { expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { RuleList } from '../device/device.ts'
import { RangeSet } from '../match/range-set.ts'
import { callNameOf } from './find-site.ts'
import { sampleSite, sampleTunnel, worldOf } from './sample-world.ts'

/** What the peers send to a prefix goes to another one. */
function turning(called: string, to: string): RuleList {
  const match = { destination: RangeSet.ofPrefixes([Prefix.parse(called)]) }
  const action = { kind: 'map', to: Prefix.parse(to) } as const
  const rule = { number: 1, match, action, description: undefined, line: 1 }
  const name = 'destination'
  return {
    name,
    kind: 'destination-nat',
    hook: 'prerouting',
    priority: -100,
    rules: [rule],
    fallback: 'accept',
    line: 1,
  }
}

const subnets = ['10.7.0.0/24'].map(Prefix.parse)
const one = sampleSite('one', { tunnels: [sampleTunnel(1, 2)] })

function nameOfHost(lists: readonly RuleList[]): string | undefined {
  const two = sampleSite('two', { tunnels: [sampleTunnel(2, 1)], lists }, { subnets })
  return callNameOf(worldOf(one, two), one, { site: two, real: Address.parse('10.7.0.9') })?.toString()
}

it('calls a host by what a rule of the same length turns into it', () => {
  expect(nameOfHost([turning('10.2.5.0/24', '10.7.0.0/24')])).toBe('10.2.5.9')
  expect(nameOfHost([turning('10.2.5.0/25', '10.7.0.0/24')])).toBeUndefined()
  expect(nameOfHost([])).toBeUndefined()
})

it('calls a host behind a hub by its real address where no other site has it', () => {
  const from = sampleSite('from', { tunnels: [sampleTunnel(1, 7)] })
  const hub = sampleSite('hub', { tunnels: [sampleTunnel(7, 1)] })
  const far = sampleSite('far', {}, { subnets })
  const twin = sampleSite('twin', {}, { subnets })
  const host = { site: far, real: Address.parse('10.7.0.9') }
  expect(callNameOf(worldOf(from, hub, far), from, host)?.toString()).toBe('10.7.0.9')
  expect(callNameOf(worldOf(from, hub, far, twin), from, host)).toBeUndefined()
})
