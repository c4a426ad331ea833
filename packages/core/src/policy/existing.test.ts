import { describe, expect, it } from 'vitest'
import { mayCatch } from './existing.ts'
import type { NatRule, PortMatch } from './gateway-policy.ts'

const all: NatRule = {
  direction: 'source',
  number: 1,
  interface: undefined,
  source: undefined,
  destination: undefined,
  protocol: undefined,
  action: { kind: 'masquerade' },
  description: undefined,
}

const ports = (negated: boolean, ...ranges: [number, number][]): PortMatch => ({
  ranges: ranges.map(([first, last]) => ({ first, last })),
  negated,
})

function to(destination: PortMatch, protocol = 'tcp'): NatRule {
  return { ...all, protocol, ports: { source: undefined, destination } }
}

describe('mayCatch', () => {
  it.each<[string, NatRule, NatRule, boolean]>([
    ['a rule for one port takes some of all packets', to(ports(false, [443, 443])), all, true],
    ['two protocols', { ...all, protocol: 'tcp' }, { ...all, protocol: 'udp' }, false],
    ['both protocols at once', { ...all, protocol: 'tcp_udp' }, { ...all, protocol: 'udp' }, true],
    ['both protocols and a third', { ...all, protocol: 'tcp_udp' }, { ...all, protocol: 'icmp' }, false],
    ['all but one protocol', { ...all, protocol: '!tcp' }, { ...all, protocol: 'tcp' }, false],
    ['all but one protocol and two', { ...all, protocol: '!tcp' }, { ...all, protocol: 'tcp_udp' }, true],
    ['all but one and all but another', { ...all, protocol: '!tcp' }, { ...all, protocol: '!udp' }, true],
    ['ports apart', to(ports(false, [80, 80], [443, 443])), to(ports(false, [81, 442])), false],
    ['ports that meet at one end', to(ports(false, [80, 90])), to(ports(false, [90, 99])), true],
    ['all but the very port', to(ports(true, [22, 22])), to(ports(false, [22, 22])), false],
    ['all but another port', to(ports(true, [22, 22])), to(ports(false, [22, 23])), true],
    ['all but two that cover everything', to(ports(true, [0, 99], [50, 65_535])), to(ports(false, [60, 60])), false],
    ['all but a range with another in it', to(ports(true, [1, 1000], [5, 10])), to(ports(false, [500, 500])), false],
    ['the port behind such a range', to(ports(true, [1, 1000], [5, 10])), to(ports(false, [1001, 1001])), true],
    ['two that both leave some out', to(ports(true, [1, 1])), to(ports(true, [2, 2])), true],
    ['the same port of two protocols', to(ports(false, [53, 53])), to(ports(false, [53, 53]), 'udp'), false],
    ['another direction', all, { ...all, direction: 'destination' }, false],
  ])('%s', (_, rule, other, expected) => {
    expect(mayCatch(rule, other)).toBe(expected)
    expect(mayCatch(other, rule)).toBe(expected)
  })

  it.each([
    ['eth0', true],
    ['eth1', false],
    ['eth*', true],
    ['!eth0', false],
    ['!eth1', true],
    ['!eth*', false],
  ])('takes %s for eth0: %s', (written, expected) => {
    expect(mayCatch({ ...all, interface: written }, { ...all, interface: 'eth0' })).toBe(expected)
  })
})
