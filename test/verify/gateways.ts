import { Prefix } from '@natplan/core'
import { Address } from '../../packages/core/src/address/address.ts'
import type {
  Device,
  DeviceInterface,
  DeviceRoute,
  DeviceRule,
  DeviceTunnel,
  RuleAction,
  RuleList,
  TunnelChild,
} from '../../packages/core/src/device/device.ts'
import { everyAddress } from '../../packages/core/src/match/box.ts'
import type { InterfaceMatch, PacketMatch } from '../../packages/core/src/match/packet-match.ts'
import { RangeSet } from '../../packages/core/src/match/range-set.ts'
import { checks } from '../../packages/core/src/verify/checks.ts'
import { flowsOfSelectors } from '../../packages/core/src/verify/intended-flows.ts'
import type { Subject } from '../../packages/core/src/verify/subject.ts'
import { pairTunnels } from '../../packages/core/src/verify/tunnel-pairs.ts'
import { sampleSite, sampleTunnel } from '../../packages/core/src/world/sample-world.ts'
import type { World, WorldSite } from '../../packages/core/src/world/world.ts'

/** What a rule asks, as people write it: `!` in front of an address is all others. */
export interface Asked {
  readonly source?: string
  readonly destination?: string
  readonly protocol?: number
  readonly destinationPort?: number
  readonly in?: string
  readonly out?: string
  readonly arrived?: PacketMatch['arrived']
  readonly leaving?: PacketMatch['leaving']
  readonly states?: PacketMatch['states']
  readonly unknown?: string
}

function setOf(written: string): RangeSet {
  const prefixes = written.replace(/^!/, '').split(' ').map(Prefix.parse)
  const set = RangeSet.ofPrefixes(prefixes)
  return written.startsWith('!') ? set.complementIn(everyAddress(prefixes[0]?.family ?? 4)) : set
}

function matchOf(asked: Asked): PacketMatch {
  const { source, destination, protocol, destinationPort, arrived, leaving, states, unknown } = asked
  const names = (written: string): InterfaceMatch => ({
    names: [written.replace(/^!/, '')],
    negated: written.startsWith('!'),
  })
  return {
    ...(source === undefined ? {} : { source: setOf(source) }),
    ...(destination === undefined ? {} : { destination: setOf(destination) }),
    ...(protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }),
    ...(destinationPort === undefined ? {} : { destinationPort: RangeSet.ofValues([destinationPort]) }),
    ...(asked.in === undefined ? {} : { in: names(asked.in) }),
    ...(asked.out === undefined ? {} : { out: names(asked.out) }),
    ...(arrived === undefined ? {} : { arrived }),
    ...(leaving === undefined ? {} : { leaving }),
    ...(states === undefined ? {} : { states }),
    ...(unknown === undefined ? {} : { unknown }),
  }
}

let lines = 0

export function ruleOf(
  number: number | undefined,
  asked: Asked,
  action: RuleAction,
  more: Partial<DeviceRule> = {},
): DeviceRule {
  lines++
  return { number, match: matchOf(asked), action, description: undefined, line: lines, ...more }
}

export function mapTo(prefix: string): RuleAction {
  return { kind: 'map', to: Prefix.parse(prefix) }
}

export function poolOf(first: string, last: string): RuleAction {
  return { kind: 'pool', first: Address.parse(first), last: Address.parse(last) }
}

export const masquerade: RuleAction = { kind: 'masquerade' }
export const exempt: RuleAction = { kind: 'exempt' }

export function listOf(kind: RuleList['kind'], rules: readonly DeviceRule[], more: Partial<RuleList> = {}): RuleList {
  const isSource = kind === 'source-nat'
  return {
    name: kind.replace('-nat', ''),
    hook: isSource ? 'postrouting' : kind === 'filter' ? 'forward' : 'prerouting',
    priority: isSource ? 100 : kind === 'filter' ? 0 : -100,
    kind,
    rules,
    fallback: 'accept',
    line: undefined,
    ...more,
  }
}

export function child(local: string, remote: string, more: Partial<TunnelChild> = {}): TunnelChild {
  lines++
  return {
    name: '1',
    number: 1,
    kind: 'protect',
    local: Prefix.parse(local),
    remote: Prefix.parse(remote),
    through: undefined,
    priority: undefined,
    start: 'trap',
    line: lines,
    ...more,
  }
}

export function interfaceOf(
  name: string,
  address: string | undefined,
  more: Partial<DeviceInterface> = {},
): DeviceInterface {
  const [host, length] = address?.split('/') ?? []
  const addresses =
    host === undefined
      ? []
      : [
          {
            kind: 'known' as const,
            address: Address.parse(host),
            network: networkOf(host, Number(length)),
            line: undefined,
          },
        ]
  return { name, kind: 'physical', addresses, table: 'main', line: undefined, ...more }
}

function networkOf(host: string, length: number): Prefix {
  const { bits } = Address.parse(host)
  return Prefix.fromBits(Number(bits) - (Number(bits) % 2 ** (32 - length)), length)
}

export function routeOf(prefix: string, to: DeviceRoute['to'], more: Partial<DeviceRoute> = {}): DeviceRoute {
  lines++
  return { table: 'main', prefix: Prefix.parse(prefix), to, distance: 1, line: lines, ...more }
}

export const nowhere: DeviceRoute['to'] = { kind: 'nowhere' }

export function via(address: string): DeviceRoute['to'] {
  return { kind: 'via', address: Address.parse(address), interface: undefined }
}

/** What may be otherwise than at a good gateway. */
export interface Changes extends Omit<Partial<Device>, 'lists'> {
  readonly source?: readonly DeviceRule[]
  readonly destination?: readonly DeviceRule[]
  readonly lists?: readonly RuleList[]
  readonly children?: readonly TunnelChild[]
  readonly tunnel?: Partial<DeviceTunnel>
  readonly site?: Partial<WorldSite>
}

interface Side {
  readonly name: string
  readonly at: number
  readonly to: number
  readonly translated: string
  readonly seen: string
}

/** Both sites use 10.1.0.0/24; a is seen as 192.168.1.0/24, b as 192.168.2.0/24. */
const sides = {
  a: { name: 'a', at: 1, to: 2, translated: '192.168.1.0/24', seen: '192.168.2.0/24' },
  b: { name: 'b', at: 2, to: 1, translated: '192.168.2.0/24', seen: '192.168.1.0/24' },
} as const satisfies Record<string, Side>

export const real = '10.1.0.0/24'

function goodSource({ translated, seen }: Side): DeviceRule {
  return ruleOf(1000, { source: real, destination: seen, out: 'eth1' }, mapTo(translated))
}

function goodDestination({ translated, seen }: Side): DeviceRule {
  return ruleOf(1000, { source: seen, destination: translated, in: 'eth1' }, mapTo(real))
}

export const goodRules = {
  source: goodSource(sides.a),
  destination: goodDestination(sides.a),
}

function gatewayOf(side: Side, changes: Changes): WorldSite {
  const { source, destination, lists, children, tunnel, site, ...device } = changes
  return sampleSite(
    side.name,
    {
      file: `${side.name}.txt`,
      interfaces: [interfaceOf('eth0', '10.1.0.1/24'), interfaceOf('eth1', `192.0.2.${side.at}/24`)],
      routes: [routeOf('0.0.0.0/0', via('192.0.2.254'))],
      tunnels: [
        sampleTunnel(side.at, side.to, { children: children ?? [child(side.translated, side.seen)], ...tunnel }),
      ],
      clamps: ['eth0', 'eth1'].map((name) => ({ interface: name, mss: 1300, line: undefined })),
      lists: lists ?? [
        listOf('destination-nat', destination ?? [goodDestination(side)]),
        listOf('source-nat', source ?? [goodSource(side)]),
      ],
      ...device,
    },
    { subnets: [Prefix.parse(real)], addresses: [Address.parse(`192.0.2.${side.at}`)], ...site },
  )
}

/** Two gateways that do all right, but for what is changed. */
export function gateways(a: Changes = {}, b: Changes = {}): World {
  const sites = [gatewayOf(sides.a, a), gatewayOf(sides.b, b)]
  return { sites: new Map(sites.map((site) => [site.name, site])) }
}

export function subjectOf(world: World): Subject {
  return {
    world,
    sites: [...world.sites.values()],
    ...pairTunnels(world),
    flows: flowsOfSelectors(world),
    mtuOf: () => 1500,
  }
}

/** What the checks find, beside the packets themselves. */
export function foundIn(world: World) {
  const subject = subjectOf(world)
  return checks.flatMap(({ check }) => check(subject))
}

export function codesIn(world: World): string[] {
  return [...new Set(foundIn(world).map(({ code }) => code))].sort()
}

const ownLines = lines

/** Lines are counted as if nothing had been made yet but what is above, so that they do not depend on the tests before. */
export function restartLines(): void {
  lines = ownLines
}
