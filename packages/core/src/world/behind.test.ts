import { expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import type { RuleList } from '../device/device.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { RangeSet } from '../match/range-set.ts'
import { behindOf } from './behind.ts'
import { sampleDevice, sampleTunnel } from './sample-world.ts'

const mapTo = (prefix: string) => ({ kind: 'map', to: Prefix.parse(prefix) }) as const

function sourceList(match: PacketMatch, more: RuleList['rules'] = []): RuleList {
  const rule = { number: 1, match, action: mapTo('10.1.0.0/16'), description: undefined, line: 1 }
  return {
    name: 'source',
    kind: 'source-nat',
    hook: 'postrouting',
    priority: 100,
    rules: [...more, rule],
    fallback: 'accept',
    line: 1,
  }
}

const source = RangeSet.ofPrefixes([Prefix.parse('10.5.0.0/16')])

it('takes no hosts of a rule for other peers, be it for some on both sides of this one', () => {
  const destination = RangeSet.ofPrefixes(['10.2.0.0/16', '10.9.0.0/16'].map(Prefix.parse))
  const lists = [sourceList({ source, destination })]
  const device = sampleDevice({ lists, tunnels: [2, 7, 9].map((peer) => sampleTunnel(1, peer)) })
  const found = behindOf(device).map(({ child, real, isMade }) => [`${child.remote}`, real.map(shown), isMade])
  expect(found).toEqual([
    ['10.2.0.0/16', ['10.5.0.0/16 as 10.1.0.0/16'], true],
    ['10.7.0.0/16', [], true],
    ['10.9.0.0/16', ['10.5.0.0/16 as 10.1.0.0/16'], true],
  ])
})

it.each([
  { on: 'vti0', real: ['10.5.0.0/16 as 10.1.0.0/16'] },
  { on: 'eth1', real: [] },
])('knows by the interface which rules are for a tunnel that carries everything: $on', ({ on, real }) => {
  const everything = Prefix.parse('0.0.0.0/0')
  const through = { kind: 'route', interface: 'vti0' } as const
  const tunnel = sampleTunnel(1, 2)
  const children = tunnel.children.map((child) => ({ ...child, local: everything, remote: everything, through }))
  const lists = [sourceList({ source, out: { names: [on], negated: false } })]
  const found = behindOf(sampleDevice({ lists, tunnels: [{ ...tunnel, children }] }))
  expect(found.map((behind) => behind.real.map(shown))).toEqual([real])
})

it.each([
  { way: 'itself', action: { kind: 'exempt' } as const, on: 'vti0', beyond: [], kept: ['10.6.0.0/16 as 10.6.0.0/16'] },
  { way: 'onto itself', action: mapTo('10.6.0.0/16'), on: 'vti0', beyond: [], kept: ['10.6.0.0/16 as 10.6.0.0/16'] },
  { way: 'itself elsewhere', action: { kind: 'exempt' } as const, on: 'eth1', beyond: [], kept: [] },
  { way: 'itself, from beyond', action: { kind: 'exempt' } as const, on: 'vti0', beyond: ['10.6.0.0/15'], kept: [] },
])('has behind a tunnel that carries everything what a rule keeps: $way', ({ action, on, beyond, kept }) => {
  const everything = Prefix.parse('0.0.0.0/0')
  const through = { kind: 'route', interface: 'vti0' } as const
  const tunnel = sampleTunnel(1, 2)
  const children = tunnel.children.map((child) => ({ ...child, local: everything, remote: everything, through }))
  const match = { source: RangeSet.ofPrefixes([Prefix.parse('10.6.0.0/16')]), out: { names: [on], negated: false } }
  const keeping = { number: 0, match, action, description: undefined, line: 1 }
  const routes = beyond.map((prefix) => ({
    table: 'main',
    prefix: Prefix.parse(prefix),
    to: { kind: 'interface', interface: 'vti1' } as const,
    distance: 1,
    line: 1,
  }))
  const lists = [sourceList({ source, out: { names: ['vti0'], negated: false } }, [keeping])]
  const [found] = behindOf(sampleDevice({ lists, routes, tunnels: [{ ...tunnel, children }] }))
  expect(found?.real.map(shown)).toEqual(['10.5.0.0/16 as 10.1.0.0/16', ...kept])
})

function shown({ prefix, as }: { readonly prefix: Prefix; readonly as: Prefix }): string {
  return `${prefix} as ${as}`
}
