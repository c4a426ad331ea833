import {
  Address,
  type AddressMatch,
  type ConfiguredGateway,
  exploreFlows,
  type FlowBox,
  type NatAction,
  type NatRule,
  type PacketField,
  type Platform,
  Prefix,
  type Selector,
  type Trace,
  type TracedSite,
  tracePacket,
  type World,
} from '@natplan/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

/** Everything happens inside two blocks of 16 addresses at each site, so that rules cut each other in every way. */
const blocks = ['10.0.1.0/28', '10.0.1.16/28', '192.168.1.0/28', '192.168.2.0/28']

const prefixes = fc
  .tuple(fc.constantFrom(...blocks), fc.integer({ min: 28, max: 32 }), fc.integer({ min: 0, max: 15 }))
  .map(([block, length, host]) => Prefix.fromBits(Prefix.parse(block).at(host).bits, length))

const matches: fc.Arbitrary<AddressMatch | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant('prefix' as const), prefix: prefixes, negated: fc.boolean() }),
  fc.tuple(prefixes, fc.integer({ min: 0, max: 9 }), fc.boolean()).map(([{ first }, more, negated]) => ({
    kind: 'range' as const,
    first,
    last: Address.fromBits(Number(first.bits) + more),
    negated,
  })),
)

const actions: fc.Arbitrary<NatAction> = fc.oneof(
  { weight: 4, arbitrary: prefixes.map((to) => ({ kind: 'map' as const, to })) },
  fc.constant({ kind: 'exempt' as const }),
  fc.constant({ kind: 'masquerade' as const }),
)

const ports = fc.constantFrom(
  {},
  { ports: { source: undefined, destination: { ranges: [{ first: 80, last: 90 }], negated: false } } },
)

const natRules: fc.Arbitrary<NatRule[]> = fc
  .array(
    fc.tuple(
      fc.record({
        direction: fc.constantFrom('source' as const, 'destination' as const),
        interface: fc.constantFrom(undefined, 'eth0', 'eth1', 'vfp0', 'eth*', '!eth0'),
        source: matches,
        destination: matches,
        protocol: fc.constantFrom(undefined, 'tcp', '!udp', 'tcp_udp'),
        action: actions,
        description: fc.constant(undefined),
      }),
      ports,
    ),
    { maxLength: 6 },
  )
  .map((list) => list.map(([rule, extra], index) => ({ ...rule, ...extra, number: index + 1 })))

const selectors: fc.Arbitrary<Selector[]> = fc
  .array(fc.record({ local: prefixes, remote: prefixes, interface: fc.constantFrom(undefined, 'vfp0') }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) => list.map((one, index) => ({ ...one, number: index + 1 })))

/** What a plan would have configured, so that many packets get far. */
function planned(visible: string, peer: string): { readonly nat: NatRule[]; readonly selector: Selector } {
  const match = (text: string): AddressMatch => ({ kind: 'prefix', prefix: Prefix.parse(text), negated: false })
  const rule = { interface: undefined, protocol: undefined, description: undefined, number: 100 }
  const real = '10.0.1.0/28'
  const map = (to: string) => ({ kind: 'map' as const, to: Prefix.parse(to) })
  return {
    nat: [
      { ...rule, direction: 'source', source: match(real), destination: match(peer), action: map(visible) },
      { ...rule, direction: 'destination', source: match(peer), destination: match(visible), action: map(real) },
    ],
    selector: { number: 100, local: Prefix.parse(visible), remote: Prefix.parse(peer), interface: undefined },
  }
}

function site(name: string, own: string, other: string): fc.Arbitrary<TracedSite> {
  const base =
    name === 'one' ? planned('192.168.2.0/28', '192.168.1.0/28') : planned('192.168.1.0/28', '192.168.2.0/28')
  return fc
    .record({
      isPlanned: fc.boolean(),
      platform: fc.constantFrom<Platform>('vyos-1.4', 'vyatta-5600', 'linux'),
      nat: natRules,
      selectors,
      start: fc.constantFrom('trap' as const, 'initiate' as const),
      routes: fc.array(
        prefixes.map((prefix) => ({ prefix, interface: 'vfp0' })),
        { maxLength: 3 },
      ),
      withNodes: fc.boolean(),
      reversePath: fc.constantFrom('strict' as const, 'loose' as const, 'off' as const),
      nodeRoutes: fc.array(prefixes, { maxLength: 2 }),
    })
    .map(({ isPlanned, platform, nat, selectors: chosen, start, routes, withNodes, reversePath, nodeRoutes }) => {
      const gateway: ConfiguredGateway = {
        platform,
        policy: {
          tunnels: [
            {
              peer: other,
              local: end(own),
              remote: end(other),
              ike: { version: 2, encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetime: 3600, deadPeer },
              esp: { encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetime: 3600 },
              start,
              forceNatTraversal: false,
              selectors: isPlanned ? [...chosen, base.selector] : chosen,
            },
          ],
          nat: isPlanned ? [...nat, ...base.nat] : nat,
          interfaces: [],
          routes,
          clamps: [],
        },
        outside: { interface: 'eth1', addresses: [Address.parse(own)] },
        inside: { interface: 'eth0' },
        staticRoutes: [],
        proposals: new Map(),
        keyDigests: new Map(),
        written: undefined,
      }
      const to = (prefix: Prefix, target: 'link' | 'gateway' | 'public') => ({ prefix, to: target })
      const group = {
        name: undefined,
        routes: [
          to(Prefix.parse('10.0.1.0/28'), 'link'),
          ...nodeRoutes.map((prefix) => to(prefix, 'gateway')),
          to(Prefix.parse('0.0.0.0/0'), 'public'),
        ],
        podSubnets: [],
        podEgress: 'masquerade' as const,
        reversePath,
      }
      return {
        name,
        gateway,
        subnets: [Prefix.parse('10.0.1.0/28')],
        otherNetworks: [],
        nodes: withNodes && !isPlanned ? [group] : [],
      }
    })
}

const deadPeer = { action: 'restart', interval: 30, timeout: 120 } as const

function end(address: string) {
  return { address: Address.parse(address), identity: address }
}

const worlds: fc.Arbitrary<World> = fc
  .tuple(site('one', '198.51.100.1', '198.51.100.2'), site('two', '198.51.100.2', '198.51.100.1'))
  .map((sites) => ({ sites: new Map(sites.map((one) => [one.name, one])) }))

/** What must be the same for all packets of a class. */
function courseOf({ disposition, way, site: where, hops }: Trace): string {
  const steps = hops.flatMap((hop) =>
    hop.steps.map((step) =>
      'rule' in step
        ? `${hop.site} ${step.kind} ${step.rule.direction} ${step.rule.number}`
        : `${hop.site} ${step.kind}`,
    ),
  )
  return [disposition, way, where, ...steps].join('; ')
}

const fields: readonly PacketField[] = ['source', 'destination', 'sourcePort', 'destinationPort']

function holds(box: FlowBox, packet: Readonly<Record<PacketField, number>>): boolean {
  return fields.every((field) => packet[field] >= Number(box[field].first) && packet[field] <= Number(box[field].last))
}

test('classes are apart, hold every packet, and each packet goes the way of its class', () => {
  fc.assert(
    fc.property(
      worlds,
      fc.constantFrom(...blocks, '192.168.1.0/28'),
      fc.constantFrom('tcp', 'udp', 'any'),
      (world, block, protocol) => {
        const from = world.sites.get('one') as TracedSite
        const source = Prefix.parse('10.0.1.0/28')
        const destination = Prefix.parse(block)
        const all = [...exploreFlows(world, { from, source, destination })]
        const named = all.filter((one) => one.protocol === protocol)
        const classes = named.length > 0 ? named : all.filter((one) => one.protocol === 'any')
        for (let s = 0; s < 16; s += 3) {
          for (let d = 0; d < 16; d++) {
            for (const port of [79, 80, 90, 91]) {
              const packet = {
                source: Number(source.bits) + s,
                destination: Number(destination.bits) + d,
                sourcePort: 0,
                destinationPort: classes[0]?.box.destinationPort.last === 0 ? 0 : port,
              }
              const own = classes.filter(({ box }) =>
                holds(box, { ...packet, sourcePort: Number(box.sourcePort.first) }),
              )
              const [one] = own.filter(({ box }) => box.sourcePort.first === 0)
              expect(own.filter(({ box }) => box.sourcePort.first === 0)).toHaveLength(1)
              const trace = tracePacket(world, from, {
                source: Address.fromBits(packet.source),
                destination: Address.fromBits(packet.destination),
                protocol: classes[0]?.protocol ?? protocol,
                sourcePort: 0,
                destinationPort: packet.destinationPort,
              })
              expect(courseOf(trace)).toBe(one && courseOf(one.trace))
            }
          }
        }
      },
    ),
    { numRuns: 50 },
  )
})
