import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRule, RuleAction, RuleList, RuleSet, TunnelChild } from '../device/device.ts'
import { ownHooks } from '../device/stages.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import { esp } from '../match/protocols.ts'
import { RangeSet } from '../match/range-set.ts'
import type { Platform } from '../network/platforms.ts'
import { abilities } from '../policy/abilities.ts'
import type { Drop } from '../trace/step.ts'
import { seenChildren } from '../world/far-maps.ts'
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
  /** In place of one prefix: several. */
  readonly sources?: PrefixGroup
  readonly destinations?: PrefixGroup
  readonly protocol: number | undefined
  readonly ports: readonly number[]
  /** The number that its rule must have; missing for any. */
  readonly number?: number
  /** Only packets that came out of a policy-based tunnel, or over that virtual interface. */
  readonly arrived: { readonly kind: 'encrypted' } | ArrivedBy | undefined
}

interface ArrivedBy {
  readonly kind: 'interface'
  readonly name: string
  /** What rules there call it: the VRF that it is in, behind prerouting. */
  readonly seenAs: string
}

/** Prefixes of one family that one rule is for; where a platform has groups, one of that name. */
export interface PrefixGroup {
  readonly name: string
  readonly prefixes: readonly Prefix[]
}

/** The ports of IKE (RFC 7296, section 2; RFC 3947). */
const ikePorts = [500, 4500]

/** What must be accepted so that packets are not dropped there. */
export function acceptsOf({ site: name, list, set, rule, packets }: Drop, world: World): Accept[] {
  const site = world.sites.get(name)
  if (!site) return []
  const place = { site: name, list: originOf(list), set: originOf(set), before: rule && originOf(rule) }
  if (packets.kind === 'inner') return innerAccepts({ world, site }, place, packets)
  const { way, own, peer } = packets
  const [source, destination] = way === 'in' ? [peer, undefined] : [own, peer]
  // Where it is not known whether ESP is asked about, it is let in with IKE.
  const maybeEsp = packets.protocol !== esp && ownHooks(site.device.order).maybeOfEsp?.includes(list.hook)
  return [packets.protocol, ...(maybeEsp ? [esp] : [])].flatMap((protocol) =>
    asRules(site.device.platform, {
      ...place,
      source: source && Prefix.of(source),
      destination: destination && Prefix.of(destination),
      protocol,
      ports: protocol === esp ? [] : ikePorts,
      arrived: undefined,
    }),
  )
}

/** As many as a platform takes rules for: of some, a rule names a single port. */
export function asRules<Rule extends Pick<Accept, 'ports'>>(platform: Platform, rule: Rule): Rule[] {
  if (!abilities[platform].filters?.singlePort || rule.ports.length < 2) return [rule]
  return rule.ports.map((port) => ({ ...rule, ports: [port] }))
}

type Place = Pick<Accept, 'site' | 'list' | 'set' | 'before'>
type InnerPackets = Extract<Drop['packets'], { kind: 'inner' }>

function innerAccepts(
  { world, site }: { readonly world: World; readonly site: WorldSite },
  place: Place,
  packets: InnerPackets,
): Accept[] {
  const { from, to } = packets.from || packets.to ? packets : overCable(site, packets)
  const { isBeforeNat, isAfterNat } = placeAmongNat(place.list)
  const far = (child: TunnelChild, isRenamed: boolean) => {
    const names = isRenamed ? hostNamesOf(site, child) : []
    return names.length > 0 ? names : farPrefixesOf(site, child, world)
  }
  const near = (child: TunnelChild, isTranslated: boolean, real: () => Prefix[]) =>
    isTranslated || hostNamesOf(site, child).length > 0 ? facesOfChild(site, child) : real()
  const sources = from
    ? far(from, isAfterNat)
    : to
      ? near(to, isAfterNat, () => sourcesFor(site, to, packets.source))
      : []
  const destinations = to ? far(to, isBeforeNat) : from ? near(from, isBeforeNat, () => sourcesOf(site, from)) : []
  const arrived = from && arrivedBy(from, place.list, site)
  return sources.flatMap((source) =>
    destinations
      .filter(({ family }) => family === source.family)
      .map((destination) => ({ ...place, source, destination, protocol: undefined, ports: [], arrived })),
  )
}

/** What hosts call the far end of a child that lies behind a cable inside the gateway; empty where nothing is renamed. */
function hostNamesOf({ device }: WorldSite, child: TunnelChild): Prefix[] {
  return seenChildren(device, child).flatMap((seen) => (seen.child === child ? [] : [seen.child.remote]))
}

/** In front of that cable no tunnel has packets yet, or any more: their addresses say of which child they are, as hosts see it. */
function overCable({ device }: WorldSite, { source, destination }: InnerPackets): Pick<InnerPackets, 'from' | 'to'> {
  const children = device.tunnels.flatMap((tunnel) => tunnel.children).filter(({ kind }) => kind === 'protect')
  const seen = children.flatMap((child) =>
    seenChildren(device, child).flatMap((one) => (one.child === child ? [] : [one.child])),
  )
  const at = (address: Address) => seen.find(({ remote }) => remote.contains(address))
  return { from: at(source), to: at(destination) }
}

/** Before they are translated, packets show by their source alone which of several children towards one prefix takes them. */
function sourcesFor(site: WorldSite, to: TunnelChild, example: Address): Prefix[] {
  const children = site.device.tunnels.flatMap((tunnel) => tunnel.children)
  const towards = children.filter(({ kind, remote }) => kind === 'protect' && remote.equals(to.remote))
  const all = [to, ...towards].map((child) => sourcesOf(site, child))
  return all.find((prefixes) => prefixes.some((one) => one.contains(example))) ?? sourcesOf(site, to)
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

function placeAmongNat({ hook, priority }: RuleList): { readonly isBeforeNat: boolean; readonly isAfterNat: boolean } {
  return {
    isBeforeNat: hook === 'prerouting' && priority < -100,
    isAfterNat: hook === 'postrouting' && priority >= 100,
  }
}

/** What an accept asks, in words: two of one set that ask the same are one. */
export function acceptText(accept: Accept): string {
  const { protocol, ports, arrived } = accept
  const how = arrived?.kind === 'interface' ? arrived.name : arrived?.kind
  return [...endsOf(accept).map((prefixes) => prefixes?.join()), protocol, ports.join(), how].join(' ')
}

/** What it takes of both ends; `undefined` for any address. */
function endsOf({ source, destination, sources, destinations }: Accept): readonly (readonly Prefix[] | undefined)[] {
  return [sources?.prefixes ?? (source && [source]), destinations?.prefixes ?? (destination && [destination])]
}

/** The world as it is when its gateways have these rules as well. */
export function withAccepts(world: World, accepts: readonly Accept[]): World {
  const sites = [...world.sites].map(([name, site]) => {
    const own = accepts.filter((one) => one.site === name)
    return [name, own.length === 0 ? site : { ...site, device: deviceWith(site.device, own) }] as const
  })
  return { sites: new Map(sites) }
}

/** What a set, or the rule that calls one, was before rules were put into it. */
const origins = new WeakMap<RuleSet | DeviceRule, RuleSet | DeviceRule>()

function originOf<Kind extends RuleSet | DeviceRule>(thing: Kind): Kind {
  return (origins.get(thing) as Kind | undefined) ?? thing
}

function grownFrom<Kind extends RuleSet | DeviceRule>(thing: Kind, grown: Kind): Kind {
  origins.set(grown, originOf(thing))
  return grown
}

/** How many numbers are left in front of the rule that an accept must come before; as many as are wanted where rules have none. */
export function numbersLeft({ set, before }: Accept): number {
  const last = before?.number
  if (last === undefined || !set.written) return Number.POSITIVE_INFINITY
  return last - 1 - set.written.numbers.filter((number) => number < last).length
}

/** The same accept in front of the only rule of its list that calls the set; `undefined` where that has no number, or there are several. */
export function movedToCaller(accept: Accept): Accept | undefined {
  const [call, ...others] = callsOf(accept.set, accept.list, new Set())
  if (!call || others.length > 0 || !call.set.written || call.rule.number === undefined) return undefined
  return { ...accept, set: call.set, before: call.rule }
}

interface Call {
  readonly set: RuleSet
  readonly rule: DeviceRule
}

function callsOf(called: RuleSet, within: RuleSet, seen: Set<RuleSet>): Call[] {
  if (seen.has(within)) return []
  seen.add(within)
  return within.rules.flatMap((rule) => {
    if (rule.action.kind !== 'jump') return []
    const deeper = callsOf(called, rule.action.to, seen)
    return rule.action.to === called ? [{ set: within, rule }, ...deeper] : deeper
  })
}

/** A device that has these rules as well. */
export function deviceWith(device: Device, accepts: readonly Accept[]): Device {
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
    ...own.filter(({ before }) => before === originOf(rule)).map((one) => ruleOf(one, action)),
    rule.action.kind === 'jump'
      ? grownFrom(rule, { ...rule, action: { ...rule.action, to: setWith(rule.action.to, accepts, making) } })
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

export function matchOfAccept(accept: Accept): PacketMatch {
  const { protocol, ports, arrived } = accept
  const [from, to] = endsOf(accept)
  return {
    ...(from ? { source: RangeSet.ofPrefixes(from) } : {}),
    ...(to ? { destination: RangeSet.ofPrefixes(to) } : {}),
    ...(protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }),
    ...(ports.length > 0 ? { destinationPort: RangeSet.ofValues(ports) } : {}),
    ...(arrived?.kind === 'encrypted' ? { arrived: 'encrypted' as const } : {}),
    ...(arrived?.kind === 'interface' ? { in: { names: [arrived.name], negated: false } } : {}),
  }
}
