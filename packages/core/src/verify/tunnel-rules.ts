import { outermost } from '../address/outermost.ts'
import { Prefix } from '../address/prefix.ts'
import type { DeviceTunnel, InterfaceAddress, TunnelChild } from '../device/device.ts'
import { prefixesInto } from '../device/next-hop.ts'
import { type Box, boxOf } from '../match/box.ts'
import { IntervalIndex } from '../match/interval-index.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import { takesName } from '../match/takes.ts'
import { routedInto } from '../world/behind.ts'
import { isForFarNames, seenChildren } from '../world/far-maps.ts'
import type { WorldSite } from '../world/world.ts'
import { BoxIndex } from './box-index.ts'
import { groupedBy } from './grouped-by.ts'
import { everyAddresses, interfaceOf, isAskedOn, isCertain, isWhole, type NatRule, natRulesOf } from './nat-rules.ts'
import {
  childBox,
  farOf,
  indexTranslations,
  namesAddresses,
  namesPeers,
  type TranslationIndex,
  translationOf,
} from './translations.ts'

export interface Carried {
  readonly tunnel: DeviceTunnel
  readonly child: TunnelChild
}

/** The NAT rules of a gateway, seen from its tunnels; without those that only rename peers. */
export interface TunnelRules {
  readonly nat: readonly NatRule[]
  /** All NAT rules by the packets that meet them. */
  readonly byBox: BoxIndex<NatRule>
  readonly askedOn: RulesByInterface
  /** What tunnels protect, by what they carry. */
  readonly carried: BoxIndex<Carried>
  /** What tunnels lead to, without what lies in another. */
  readonly remotes: IntervalIndex<RangeSet>
  readonly translations: TranslationIndex
  /** The rules of which something is not known. */
  readonly uncertain: readonly NatRule[]
  /** What leaves as it is, whatever the tunnels carry. */
  readonly passing: readonly TunnelChild[]
}

const known = new WeakMap<WorldSite, TunnelRules>()

/** NAT rules by the interface that they are asked on and the packets that meet them, so that those of other tunnels are not looked at. */
class RulesByInterface {
  readonly #named: ReadonlyMap<string, BoxIndex<NatRule>>
  readonly #others: BoxIndex<NatRule>
  readonly #all: BoxIndex<NatRule>

  constructor(all: readonly NatRule[], byBox: BoxIndex<NatRule>) {
    const named: { readonly name: string; readonly rule: NatRule }[] = []
    const others: NatRule[] = []
    for (const rule of all) {
      const asked = interfaceOf(rule)
      if (!asked || asked.negated || asked.names.some((name) => /[*+]$/.test(name))) others.push(rule)
      else named.push(...asked.names.map((name) => ({ name, rule })))
    }
    this.#named = new Map(
      [...groupedBy(named, ({ name }) => name)].map(([name, some]) => [name, indexOf(some.map(({ rule }) => rule))]),
    )
    this.#others = indexOf(others)
    this.#all = byBox
  }

  /** Those that a packet on an interface may meet; on one that is not known, all. */
  meeting(box: Box, name: string | undefined): NatRule[] {
    if (name === undefined) return this.#all.meeting(box).map(({ value }) => value)
    const own = this.#named.get(name)?.meeting(box) ?? []
    return [...own, ...this.#others.meeting(box)].map(({ value }) => value).filter((rule) => isAskedOn(rule, name))
  }
}

function indexOf(rules: readonly NatRule[]): BoxIndex<NatRule> {
  return new BoxIndex(rules.flatMap((rule) => rule.boxes.map((box) => ({ box, value: rule }))))
}

export function tunnelRulesOf(site: WorldSite): TunnelRules {
  const found = known.get(site)
  if (found) return found
  const nat = natRulesOf(site.device).filter(({ list, rule }) => !isForFarNames(site.device, list.kind, rule))
  const byBox = indexOf(nat)
  const carried = carriedBy(site)
  const made = {
    nat,
    byBox,
    askedOn: new RulesByInterface(nat, byBox),
    carried: new BoxIndex(carried.flatMap((value) => ledBoxes(site, value.child).map((box) => ({ box, value })))),
    remotes: remotesIn(site, carried),
    translations: indexTranslations(nat),
    uncertain: nat.filter((rule) => !isCertain(rule)),
    passing: site.device.tunnels.flatMap(({ children }) => children.filter(({ kind }) => kind === 'pass')),
  }
  known.set(site, made)
  return made
}

/** A child behind a virtual interface that takes everything carries what routes lead there. */
function ledBoxes(site: WorldSite, child: TunnelChild): Box[] {
  return ledRemotes(site, child).map((remote) => childBox({ ...child, remote }))
}

function ledRemotes({ device }: WorldSite, { remote, through }: TunnelChild): readonly Prefix[] {
  if (remote.length > 0 || through?.kind !== 'route') return [remote]
  const led = prefixesInto(device, through.interface).filter(({ family }) => family === remote.family)
  return outermost(led)
}

function remotesIn(site: WorldSite, carried: readonly Carried[]): IntervalIndex<RangeSet> {
  const remotes = outermost(carried.flatMap(({ child }) => ledRemotes(site, child)))
  return new IntervalIndex(remotes.map((one) => ({ range: rangeOf(one), value: RangeSet.ofPrefixes([one]) })))
}

/** What the tunnels of a site protect, as its hosts see it. */
export function carriedBy({ device }: WorldSite): Carried[] {
  return device.tunnels.flatMap((tunnel) =>
    tunnel.children
      .filter(({ kind }) => kind === 'protect')
      .flatMap((one) => seenChildren(device, one).map(({ child }) => ({ tunnel, child }))),
  )
}

/** Reports whether a child takes packets before they are routed and translated, and gives out its own behind both. */
export function isTakenAtOnce({ device }: WorldSite, { through }: TunnelChild): boolean {
  return through === undefined && device.order.some((stage) => stage.kind === 'selectors' && stage.how === 'take')
}

/** The children that carry what a rule translates, as the tunnel sees it. */
export function childrenOf(rule: NatRule, rules: TunnelRules): Carried[] {
  const near = producedBy(rule)
  if (!near) return []
  return [...new Set(carrying(boxOf(near, farOf(rule)), rule, rules).map(({ value }) => value))]
}

/**
 * What tunnels carry of some packets, where a rule about these can be for a tunnel: a child that takes everything from a virtual interface
 * does not say so by its own prefixes, so the rule must name that interface or the peers.
 */
export function carrying(box: Box, rule: NatRule, { carried }: TunnelRules): ReturnType<typeof carried.meeting> {
  return carried.meeting(box).filter(({ value: { child } }) => {
    const name = routedInto(child)
    const asked = interfaceOf(rule)
    return name === undefined || namesPeers(rule) || (asked && !asked.negated && takesName(asked, name))
  })
}

/** The addresses that hosts have in the tunnel by a rule: what a source rule makes, or what a destination rule asks for. */
function producedBy(rule: NatRule): RangeSet | undefined {
  const { action, match } = rule.rule
  if (rule.side === 'source') return action.kind === 'exempt' ? undefined : rangesTo(rule)
  const asked = action.kind === 'map' || action.kind === 'pool' ? match.destination : undefined
  return asked && namesAddresses(asked) ? asked : undefined
}

/** The addresses that a rule gives; `undefined` where it is an interface's own. */
export function rangesTo({ rule: { action } }: NatRule): RangeSet | undefined {
  if (action.kind === 'map') return RangeSet.ofPrefixes([action.to])
  if (action.kind === 'pool') return RangeSet.of([{ first: action.first.bits, last: action.last.bits }])
  return undefined
}

function meetingPeers(rule: NatRule, { carried }: TunnelRules): { readonly box: Box; readonly value: Carried }[] {
  if (!namesPeers(rule)) return []
  const far = farOf(rule)
  return ([4, 6] as const).flatMap((family) => carried.meeting(boxOf(everyAddresses[family], far)))
}

function isTowardsPeers(rule: NatRule, { carried }: TunnelRules): boolean {
  const far = farOf(rule)
  return namesPeers(rule) && ([4, 6] as const).some((family) => carried.meets(boxOf(everyAddresses[family], far)))
}

/** What children carry to the peers that a rule names, each part once. */
export function remotesTowards(rule: NatRule, { remotes }: TunnelRules): RangeSet[] {
  if (!namesPeers(rule)) return []
  const far = farOf(rule)
  const near = (['number', 'bigint'] as const).flatMap((kind) => {
    const bounds = far.boundsOf(kind)
    return bounds ? remotes.meeting(bounds) : []
  })
  return near.map((remote) => far.intersect(remote)).filter((shared) => !shared.isEmpty)
}

/** The children that a rule is there for: those that carry what it translates, or else those towards the peers that it names. */
export function servedBy(rule: NatRule, rules: TunnelRules): Carried[] {
  const carrying = childrenOf(rule, rules)
  return carrying.length > 0 ? carrying : meetingPeers(rule, rules).map(({ value }) => value)
}

/** Reports whether a rule is there for a tunnel: it names a peer's addresses, or what it translates is what a child carries. */
export function isForTunnel(rule: NatRule, rules: TunnelRules): boolean {
  return isTowardsPeers(rule, rules) || childrenOf(rule, rules).length > 0
}

/**
 * Reports whether a source rule hides many hosts behind what a tunnel carries, as people do where a partner assigned an address: what it
 * makes are addresses that a child carries, and nothing leads back to the hosts.
 */
export function isManyToOne(rule: NatRule, site: WorldSite, rules: TunnelRules): boolean {
  if (rule.side !== 'source' || !isWhole(rule) || !hidesHosts(rule) || isForHosts(rule, site)) return false
  const made = rangesTo(rule) ?? ownAddresses(rule, site)
  if (made.isEmpty) return false
  const fed = rules.carried
    .meeting(boxOf(made, farOf(rule)))
    .filter(({ value: { child } }) => isFedBy(child, rule, made) && isAskedBefore(child, rule))
  return fed.length > 0 && !leadsBack(rule, made, rules)
}

/** Asked only of what leaves towards the hosts behind the gateway. */
function isForHosts({ rule: { match } }: NatRule, { sides: { inside, uplinks } }: WorldSite): boolean {
  if (!match.out || match.out.negated || inside === undefined || uplinks.includes(inside)) return false
  return match.out.names.every((name) => name === inside)
}

/** Reports whether many hosts get few addresses; a single host keeps one of its own. */
export function hidesHosts(rule: NatRule): boolean {
  const { action, match } = rule.rule
  if (action.kind === 'masquerade' || action.kind === 'pool') return true
  if (action.kind !== 'map') return false
  const translation = translationOf(rule)
  return translation ? translation.real.length < translation.translated.length : match.source === undefined
}

/** A map that makes a part of the local prefix only is more likely a slip than an agreement, unless it makes one address. */
function isFedBy({ local }: TunnelChild, { rule: { action } }: NatRule, made: RangeSet): boolean {
  if (!RangeSet.ofPrefixes([local]).includes(made)) return false
  return action.kind !== 'map' || action.to.equals(local) || action.to.bits === action.to.lastBits
}

/** Into a virtual interface, a packet meets the rules of that interface. */
function isAskedBefore({ through }: TunnelChild, { rule: { match } }: NatRule): boolean {
  return through?.kind !== 'route' || !match.out || takesName(match.out, through.interface)
}

function leadsBack({ rule: { match } }: NatRule, made: RangeSet, { nat }: TunnelRules): boolean {
  return nat.some((other) => {
    const { destination } = other.rule.match
    if (other.side !== 'destination' || !isWhole(other) || !destination || !namesAddresses(destination)) return false
    const target = rangesTo(other)
    return destination.overlaps(made) && target !== undefined && (match.source?.overlaps(target) ?? true)
  })
}

/** What a masquerade gives: the first address of each interface that it is asked on. */
export function ownAddresses({ rule: { match } }: NatRule, { device, sides }: WorldSite): RangeSet {
  const { out } = match
  const names = out && !out.negated ? out.names : sides.uplinks.filter((name) => !out || takesName(out, name))
  const addresses = device.interfaces
    .filter(({ name }) => names.includes(name))
    .flatMap(({ addresses: own }) => firstAddresses(own))
  return RangeSet.ofPrefixes(addresses)
}

function firstAddresses(addresses: readonly InterfaceAddress[]): Prefix[] {
  const known = addresses.flatMap((one) => (one.kind === 'known' ? [Prefix.of(one.address)] : []))
  return ([4, 6] as const).flatMap((family) => known.find((one) => one.family === family) ?? [])
}
