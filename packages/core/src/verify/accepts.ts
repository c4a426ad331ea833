import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRule, RuleAction, RuleList, RuleSet, TunnelChild } from '../device/device.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { esp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import { abilities } from '../policy/abilities.ts'
import type { Drop } from '../trace/step.ts'
import type { World, WorldSite } from '../world/world.ts'
import { facesOfChild, farPrefixesOf, sourcesOf } from './intended-flows.ts'

/** A rule that is missing in a filter: what it must accept, and where. */
export interface Accept {
  readonly site: string
  readonly list: RuleList
  /** The list, or the set that its rules call, into which it belongs. */
  readonly set: RuleSet
  /** The rule that it must come before; `undefined`: the last one. */
  readonly before: DeviceRule | undefined
  /** Each address is one prefix, as the filter sees it. */
  readonly source: Prefix | undefined
  readonly destination: Prefix | undefined
  readonly protocol: number | undefined
  readonly ports: readonly number[]
  /** Only packets that came out of a policy-based tunnel, or over that virtual interface. */
  readonly arrived: { readonly kind: 'encrypted' } | ArrivedBy | undefined
}

interface ArrivedBy {
  readonly kind: 'interface'
  readonly name: string
  /** What rules there call it: the VRF that it is in, behind prerouting. */
  readonly seenAs: string
}

/** The ports of IKE (RFC 7296, section 2; RFC 3947). */
const ikePorts = [500, 4500]

/** What must be accepted so that packets are not dropped there. */
export function acceptsOf({ site: name, list, set, rule, packets }: Drop, world: World): Accept[] {
  const site = world.sites.get(name)
  if (!site) return []
  const place = { site: name, list: originOf(list), set: originOf(set), before: rule }
  if (packets.kind === 'inner') return innerAccepts({ world, site }, place, packets)
  const { protocol, way, own, peer } = packets
  const [source, destination] = way === 'in' ? [peer, undefined] : [own, peer]
  return [
    {
      ...place,
      source: source && Prefix.of(source),
      destination: destination && Prefix.of(destination),
      protocol,
      ports: protocol === esp ? [] : ikePorts,
      arrived: undefined,
    },
  ]
}

type Place = Pick<Accept, 'site' | 'list' | 'set' | 'before'>

function innerAccepts(
  { world, site }: { readonly world: World; readonly site: WorldSite },
  place: Place,
  { from, to }: Pick<Extract<Drop['packets'], { kind: 'inner' }>, 'from' | 'to'>,
): Accept[] {
  const near = (child: TunnelChild, isTranslated: boolean) =>
    isTranslated ? facesOfChild(site, child) : sourcesOf(site, child)
  const far = (child: TunnelChild) => farPrefixesOf(site, child, world)
  const sources = from ? far(from) : to ? near(to, isAfterNat(place.list)) : []
  const destinations = to ? far(to) : from ? near(from, isBeforeNat(place.list)) : []
  const arrived = from && arrivedBy(from, place.list, site)
  return sources.flatMap((source) =>
    destinations
      .filter(({ family }) => family === source.family)
      .map((destination) => ({ ...place, source, destination, protocol: undefined, ports: [], arrived })),
  )
}

/** A packet that came out of a tunnel is known as such until it is routed; behind a virtual interface by its name. */
function arrivedBy(
  { through }: NonNullable<Extract<Drop['packets'], { kind: 'inner' }>['from']>,
  list: RuleList,
  { device }: WorldSite,
): Accept['arrived'] {
  if (through) {
    const name = through.interface
    const vrf = list.hook === 'prerouting' ? undefined : device.interfaces.find((one) => one.name === name)?.vrf
    return { kind: 'interface', name, seenAs: vrf ?? name }
  }
  return list.hook === 'prerouting' || list.hook === 'forward' ? { kind: 'encrypted' } : undefined
}

function isBeforeNat({ hook, priority }: RuleList): boolean {
  return hook === 'prerouting' && priority < -100
}

function isAfterNat({ hook, priority }: RuleList): boolean {
  return hook === 'postrouting' && priority >= 100
}

/** What an accept asks, in words: two of one set that ask the same are one. */
export function acceptText({ source, destination, protocol, ports, arrived }: Accept): string {
  const how = arrived?.kind === 'interface' ? arrived.name : arrived?.kind
  return [source, destination, protocol, ports.join(), how].join(' ')
}

/** The world as it is when its gateways have these rules as well. */
export function withAccepts(world: World, accepts: readonly Accept[]): World {
  const sites = [...world.sites].map(([name, site]) => {
    const own = accepts.filter((one) => one.site === name)
    return [name, own.length === 0 ? site : { ...site, device: deviceWith(site.device, own) }] as const
  })
  return { sites: new Map(sites) }
}

/** What a set was before rules were put into it. */
const origins = new WeakMap<RuleSet, RuleSet>()

function originOf<Kind extends RuleSet>(set: Kind): Kind {
  return (origins.get(set) as Kind | undefined) ?? set
}

function grownFrom<Kind extends RuleSet>(set: Kind, grown: Kind): Kind {
  origins.set(grown, originOf(set))
  return grown
}

function deviceWith(device: Device, accepts: readonly Accept[]): Device {
  const made = new Map<RuleSet, RuleSet>()
  const action = { kind: abilities[device.platform].acceptReturns ? 'return' : 'accept' } as const
  const lists = device.lists.map((list) =>
    list.kind === 'filter' ? grownFrom(list, { ...list, ...setWith(list, accepts, { made, action }) }) : list,
  )
  return { ...device, lists }
}

interface Making {
  readonly made: Map<RuleSet, RuleSet>
  /** What a rule of a set does that accepts; in a list itself it accepts whatever the platform. */
  readonly action: RuleAction
}

function setWith(set: RuleSet, accepts: readonly Accept[], making: Making): RuleSet {
  const known = making.made.get(set)
  if (known) return known
  const own = accepts.filter((one) => originOf(one.set) === originOf(set))
  const action: RuleAction = own.some(({ list }) => originOf(list) === originOf(set))
    ? { kind: 'accept' }
    : making.action
  const rules = set.rules.flatMap((rule) => [
    ...own.filter(({ before }) => before === rule).map((one) => ruleOf(one, action)),
    rule.action.kind === 'jump'
      ? { ...rule, action: { ...rule.action, to: setWith(rule.action.to, accepts, making) } }
      : rule,
  ])
  const last = own.filter(({ before }) => before === undefined).map((one) => ruleOf(one, action))
  const result = grownFrom(set, { ...set, rules: [...rules, ...last] })
  making.made.set(set, result)
  return result
}

function ruleOf(accept: Accept, action: RuleAction): DeviceRule {
  return { number: undefined, match: matchOfAccept(accept), action, description: undefined, line: undefined }
}

export function matchOfAccept({ source, destination, protocol, ports, arrived }: Accept): PacketMatch {
  return {
    ...(source ? { source: RangeSet.ofPrefixes([source]) } : {}),
    ...(destination ? { destination: RangeSet.ofPrefixes([destination]) } : {}),
    ...(protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }),
    ...(ports.length > 0 ? { destinationPort: RangeSet.ofValues(ports) } : {}),
    ...(arrived?.kind === 'encrypted' ? { arrived: 'encrypted' as const } : {}),
    ...(arrived?.kind === 'interface' ? { in: { names: [arrived.name], negated: false } } : {}),
  }
}
