import { expect, it } from 'vitest'
import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { rangeOf } from '../match/range-set.ts'
import type { Trace } from '../trace/step.ts'
import { sampleSite, worldOf } from '../world/sample-world.ts'
import { verdictOf } from './verdict.ts'

it('fails where only the answers come from few addresses, since no tunnel asks for that', () => {
  const [source, destination] = [Prefix.parse('10.1.0.0/24'), Prefix.parse('10.2.0.0/24')]
  const [from, there] = [sampleSite('a', {}), sampleSite('b', {})]
  const everyPort = { first: 0, last: 65_535 }
  const trace: Trace = {
    disposition: 'not-one-to-one',
    reason: 'c gives many senders one address',
    advice: '',
    inClear: false,
    way: 'back',
    site: 'a',
    hops: ['a', 'b'].map((site) => ({
      way: 'there',
      site,
      at: 'gateway',
      arrives: { source: source.at(5), destination: destination.at(5) },
      leaves: undefined,
      steps: [],
    })),
    doubts: [],
  }
  const found = {
    box: {
      source: rangeOf(source),
      destination: rangeOf(destination),
      protocol: { first: 0, last: 255 },
      sourcePort: everyPort,
      destinationPort: everyPort,
    },
    example: {
      source: Address.parse('10.1.0.5'),
      destination: Address.parse('10.2.0.5'),
      protocol: 6,
      sourcePort: 40_000,
      destinationPort: 443,
    },
    trace,
  }
  const flow = { from, peer: { site: 'b' }, source, destination }
  expect(verdictOf({ flow, found }, worldOf(from, there))).toBe('fails')
})
