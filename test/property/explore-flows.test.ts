import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Address } from '../../packages/core/src/address/address.ts'
import { Prefix } from '../../packages/core/src/address/prefix.ts'
import type {
  Device,
  DeviceRoute,
  DeviceRule,
  DeviceTunnel,
  RuleAction,
  RuleList,
  TunnelChild,
} from '../../packages/core/src/device/device.ts'
import { dataplaneStages, kernelStages } from '../../packages/core/src/device/stages.ts'
import type { FlowBox } from '../../packages/core/src/match/packet.ts'
import { type PacketField, type PacketMatch, packetFields } from '../../packages/core/src/match/packet-match.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { exploreFlows } from '../../packages/core/src/trace/flow-classes.ts'
import { tracePacket } from '../../packages/core/src/trace/request.ts'
import type { Step, Trace } from '../../packages/core/src/trace/step.ts'
import { sampleDevice, sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import type { World, WorldSite } from '../../packages/core/src/world/world.ts'

/** Everything happens inside two blocks of 16 addresses at each site, so that rules cut each other in every way. */
const blocks = ['10.0.1.0/28', '10.0.1.16/28', '192.168.1.0/28', '192.168.2.0/28']
const everyAddress = { first: 0, last: 2 ** 32 - 1 }

const prefixes = fc
  .tuple(fc.constantFrom(...blocks), fc.integer({ min: 28, max: 32 }), fc.integer({ min: 0, max: 15 }))
  .map(([block, length, host]) => Prefix.fromBits(Prefix.parse(block).at(host).bits, length))

const sets: fc.Arbitrary<RangeSet> = fc
  .tuple(fc.uniqueArray(prefixes, { minLength: 1, maxLength: 2, selector: String }), fc.nat(3))
  .map(([some, odd]) => {
    const set = RangeSet.ofPrefixes(some)
    return odd === 0 ? set.complementIn(everyAddress) : set
  })

const addresses = fc.option(sets, { nil: undefined, freq: 3 })

const protocols = fc.constantFrom(
  undefined,
  RangeSet.ofValues([6]),
  RangeSet.ofValues([6, 17]),
  RangeSet.ofValues([17]).complementIn({ first: 0, last: 255 }),
)

const interfaces = fc.constantFrom(
  undefined,
  { names: ['eth0'], negated: false },
  { names: ['eth1'], negated: false },
  { names: ['vfp0'], negated: false },
  { names: ['eth*'], negated: false },
  { names: ['eth0'], negated: true },
)

/** Fields that are missing are not asked. */
function compact(match: Readonly<Record<keyof PacketMatch, unknown>> | object): PacketMatch {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
}

function matches(side: 'in' | 'out'): fc.Arbitrary<PacketMatch> {
  return fc
    .record({
      [side]: interfaces,
      source: addresses,
      destination: addresses,
      protocol: protocols,
      destinationPort: fc.constantFrom(undefined, undefined, RangeSet.of([{ first: 80, last: 90 }])),
    })
    .map(compact)
}

const actions: fc.Arbitrary<RuleAction> = fc.oneof(
  { weight: 4, arbitrary: prefixes.map((to) => ({ kind: 'map' as const, to })) },
  fc.constant({ kind: 'exempt' as const }),
  fc.constant({ kind: 'masquerade' as const }),
  prefixes.map(({ first, last }) => ({ kind: 'pool' as const, first, last })),
)

function list(
  name: string,
  settings: Pick<RuleList, 'hook' | 'kind' | 'priority'>,
  rules: readonly DeviceRule[],
): RuleList {
  return { name, ...settings, rules, fallback: 'accept', line: undefined }
}

function rulesOf(side: 'in' | 'out', action: fc.Arbitrary<RuleAction>, most: number): fc.Arbitrary<DeviceRule[]> {
  const doubt = fc.constantFrom(undefined, undefined, undefined, undefined, { line: 9, what: 'a word' })
  return fc.array(fc.tuple(matches(side), action, doubt), { maxLength: most }).map((all) =>
    all.map(([match, chosen, unclear], index) => ({
      number: index + 1,
      match,
      action: chosen,
      description: undefined,
      line: index + 1,
      ...(unclear ? { doubt: unclear } : {}),
    })),
  )
}

/** What a plan would have configured, so that many packets get far. */
function planned(visible: string, peer: string) {
  const real = '10.0.1.0/28'
  const set = (text: string) => RangeSet.ofPrefixes([Prefix.parse(text)])
  const rule = (match: PacketMatch, to: string): DeviceRule => ({
    number: 100,
    match,
    action: { kind: 'map', to: Prefix.parse(to) },
    description: undefined,
    line: undefined,
  })
  return {
    source: rule({ source: set(real), destination: set(peer) }, visible),
    destination: rule({ source: set(peer), destination: set(visible) }, real),
    child: { local: Prefix.parse(visible), remote: Prefix.parse(peer) },
  }
}

const childKinds = fc.constantFrom<TunnelChild['kind']>('protect', 'protect', 'protect', 'protect', 'pass', 'drop')
const throughs = fc.constantFrom<TunnelChild['through']>(
  undefined,
  undefined,
  { kind: 'feature', interface: 'vfp0' },
  { kind: 'route', interface: 'vti0' },
)

const routeTargets = fc.constantFrom<DeviceRoute['to']>(
  { kind: 'interface', interface: 'vfp0' },
  { kind: 'interface', interface: 'vti0' },
  { kind: 'interface', interface: 'eth0' },
  { kind: 'nowhere' },
)

function interfacesAt(own: string): Device['interfaces'] {
  const at = (name: string, kind: Device['interfaces'][number]['kind'], address: string, length: number) => ({
    name,
    kind,
    table: 'main',
    line: 1,
    addresses: [
      {
        kind: 'known' as const,
        address: Address.parse(address),
        network: Prefix.fromBits(Address.parse(address).bits, length),
        line: 1,
      },
    ],
  })
  return [
    at('eth0', 'physical', '10.0.1.1', 28),
    at('eth1', 'physical', own, 24),
    { name: 'vfp0', kind: 'virtual', table: 'main', addresses: [], line: 1 },
    { name: 'vti0', kind: 'virtual', table: 'main', addresses: [], line: 1 },
  ]
}

function site(name: string, own: number, other: number): fc.Arbitrary<WorldSite> {
  const [visible, peer] = name === 'one' ? ['192.168.2.0/28', '192.168.1.0/28'] : ['192.168.1.0/28', '192.168.2.0/28']
  const base = planned(visible ?? '', peer ?? '')
  return fc
    .record({
      isPlanned: fc.boolean(),
      isKernel: fc.boolean(),
      installsRoutes: fc.constantFrom<Device['installsRoutes']>('own-address', 'always', 'never'),
      source: rulesOf('out', actions, 3),
      destination: rulesOf('in', actions, 3),
      filters: rulesOf('in', fc.constantFrom<RuleAction>({ kind: 'drop' }, { kind: 'accept' }), 1),
      chosen: fc.array(fc.record({ local: prefixes, remote: prefixes, kind: childKinds, through: throughs }), {
        maxLength: 3,
      }),
      start: fc.constantFrom<DeviceTunnel['start']>('trap', 'initiate'),
      routes: fc.array(fc.tuple(prefixes, routeTargets), { maxLength: 3 }),
      showsInterfaces: fc.boolean(),
      withNodes: fc.boolean(),
      reversePath: fc.constantFrom('strict' as const, 'loose' as const, 'off' as const),
      nodeRoutes: fc.array(prefixes, { maxLength: 2 }),
    })
    .map((made): WorldSite => {
      const tunnel = sampleTunnel(own, other)
      const all = made.isPlanned
        ? [...made.chosen, { ...base.child, kind: 'protect' as const, through: undefined }]
        : made.chosen
      const children = all.map((one, index): TunnelChild => {
        const number = index + 1
        return { ...one, name: String(number), number, priority: undefined, start: made.start, line: number }
      })
      const device = sampleDevice({
        order: made.isKernel ? kernelStages : dataplaneStages,
        installsRoutes: made.installsRoutes,
        interfaces: made.showsInterfaces ? interfacesAt(`192.0.2.${own}`) : [],
        lists: [
          list('destination', { hook: 'prerouting', kind: 'destination-nat', priority: -100 }, [
            ...made.destination,
            ...(made.isPlanned ? [base.destination] : []),
          ]),
          list('source', { hook: 'postrouting', kind: 'source-nat', priority: 100 }, [
            ...made.source,
            ...(made.isPlanned ? [base.source] : []),
          ]),
          list('filter', { hook: 'prerouting', kind: 'filter', priority: 0 }, made.filters),
        ],
        routes: made.routes.map(([prefix, to]) => ({ table: 'main', prefix, to, distance: 1, line: 1 })),
        tunnels: [{ ...tunnel, start: made.start, children }],
      })
      const to = (prefix: Prefix, target: 'link' | 'gateway' | 'public') => ({ prefix, to: target })
      const group = {
        name: undefined,
        routes: [
          to(Prefix.parse('10.0.1.0/28'), 'link'),
          ...made.nodeRoutes.map((prefix) => to(prefix, 'gateway')),
          to(Prefix.parse('0.0.0.0/0'), 'public'),
        ],
        podSubnets: [],
        podEgress: 'masquerade' as const,
        reversePath: made.reversePath,
      }
      return {
        name,
        device,
        subnets: [Prefix.parse('10.0.1.0/28')],
        otherNetworks: [],
        addresses: [Address.parse(`192.0.2.${own}`)],
        sides: { uplinks: ['eth1'], inside: 'eth0' },
        nodes: made.withNodes && !made.isPlanned ? [group] : [],
      }
    })
}

const worlds: fc.Arbitrary<World> = fc
  .tuple(site('one', 1, 2), site('two', 2, 1))
  .map((sites) => ({ sites: new Map(sites.map((one) => [one.name, one])) }))

/** What must be the same for all packets of a class; which of several rules accepts them is nothing to them. */
function courseOf({ disposition, way, site: where, hops, doubts }: Trace): string {
  const steps = hops.flatMap((hop) =>
    hop.steps
      .filter(isNoAcceptance)
      .map((step) =>
        'rule' in step && 'side' in step
          ? `${hop.site} ${step.kind} ${step.side} ${step.rule.number} ${'to' in step && String(step.from) === String(step.to)}`
          : `${hop.site} ${step.kind} ${'to' in step && step.kind === 'route' ? step.to : ''}`,
      ),
  )
  return [disposition, way, where, ...steps, ...doubts.map(({ doubt }) => `${doubt.line} ${doubt.what}`)].join('; ')
}

function isNoAcceptance(step: Step): boolean {
  return step.kind !== 'filter' || step.verdict !== 'accept'
}

function holds(box: FlowBox, packet: Readonly<Record<PacketField, number>>): boolean {
  return packetFields.every(
    (field) => packet[field] >= Number(box[field].first) && packet[field] <= Number(box[field].last),
  )
}

test('classes are apart, hold every packet, and each packet goes the way of its class', () => {
  fc.assert(
    fc.property(worlds, fc.constantFrom(...blocks, '192.168.1.0/28'), (world, block) => {
      const from = world.sites.get('one') as WorldSite
      const source = Prefix.parse('10.0.1.0/28')
      const destination = Prefix.parse(block)
      const classes = [...exploreFlows(world, { from, source, destination })]
      for (let s = 0; s < 16; s += 3) {
        for (let d = 0; d < 16; d++) {
          for (const [protocol, destinationPort] of [
            [6, 79],
            [6, 80],
            [17, 90],
            [17, 91],
            [1, 0],
            [50, 80],
          ] as const) {
            const packet = {
              source: Number(source.bits) + s,
              destination: Number(destination.bits) + d,
              protocol,
              sourcePort: 1,
              destinationPort,
            }
            const own = classes.filter(({ box }) => holds(box, packet))
            expect(own).toHaveLength(1)
            const request = {
              source: Address.fromBits(packet.source),
              destination: Address.fromBits(packet.destination),
              protocol,
              sourcePort: 1,
              destinationPort,
            }
            expect(courseOf(tracePacket(world, from, request))).toBe(own[0] && courseOf(own[0].trace))
          }
        }
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)
