import type { Prefix } from '../../address/prefix.ts'
import type { DeviceRule } from '../../device/device.ts'
import type { Finding } from '../../finding.ts'
import { everyAddress } from '../../match/box.ts'
import type { Range } from '../../match/range.ts'
import { RangeSet, rangeOf } from '../../match/range-set.ts'
import type { WorldSite } from '../../world/world.ts'
import type { Accepting } from '../filter-decisions.ts'
import { filterRuleName, isOnTheWay } from '../filter-rules.ts'
import { groupedBy } from '../grouped-by.ts'
import type { IntendedFlow } from '../intended-flows.ts'
import { setText } from '../shown.ts'
import { findingAt, type Subject } from '../subject.ts'
import { namesAddresses } from '../translations.ts'
import { carriedBy } from '../tunnel-rules.ts'

/** A rule that lets a peer in lets it reach what the plan says, and nothing else. */
export function acceptsAreNarrow({ sites, flows, isPlanned, decisions }: Subject): Finding[] {
  if (!isPlanned || !decisions) return []
  const bySite = groupedBy([...decisions.admitting.values()], ({ site }) => site)
  return sites.flatMap((site) => {
    const own = (bySite.get(site.name) ?? []).filter(({ list, rule }) => isOnTheWay(list) && isForPeers(rule, site))
    if (site.device.file === undefined || own.length === 0) return []
    const plan = meantAt(site, flows)
    return own.flatMap((accepting) => {
      const meant = meantFor(accepting.rule, plan)
      const reached = accepting.rule.match.destination ?? RangeSet.of([everyAddress(familyOf(accepting))])
      const isMeant = meant.includes(reached) || meant.union(plan.others).includes(reached)
      return meant.isEmpty || isMeant ? [] : [tooWide(site, accepting, { reached, meant })]
    })
  })
}

/**
 * A rule that was written for what comes out of tunnels: by how it came, or by a peer's addresses. One for everybody is none, nor one for
 * what was translated, which reaches what NAT says.
 */
function isForPeers({ match, doubt }: DeviceRule, site: WorldSite): boolean {
  if (doubt || match.unknown !== undefined || match.translated?.destination === true) return false
  const isForSome = match.source !== undefined && namesAddresses(match.source)
  return match.arrived === 'encrypted' || isForSome || isBound(match.in, site)
}

/** Reports whether a rule asks for virtual interfaces of tunnels only. */
function isBound(asked: DeviceRule['match']['in'], site: WorldSite): boolean {
  if (!asked || asked.negated) return false
  const virtual = new Set(carriedBy(site).flatMap(({ child }) => child.through?.interface ?? []))
  return asked.names.every((name) => virtual.has(name))
}

function familyOf({ rule: { match }, list }: Accepting): 4 | 6 {
  if (list.family !== undefined) return list.family
  return match.source?.boundsOf('bigint') ? 6 : 4
}

/** What a plan means packets that come out of the tunnels of a site to reach. */
interface Meant {
  /** Hosts of the site, by the prefixes of the peers that may call them. */
  readonly own: readonly { readonly far: Range; readonly prefix: Prefix; readonly peer: string }[]
  /** What each peer calls the site. */
  readonly called: ReadonlyMap<string, readonly Prefix[]>
  /** What others call each other: a hub may hand that on. */
  readonly others: RangeSet
}

function meantAt(site: WorldSite, flows: readonly IntendedFlow[]): Meant {
  const known = flows.flatMap(({ peer, ...flow }) => ('site' in peer ? [{ ...flow, peer: peer.site }] : []))
  const own = known
    .filter(({ from }) => from === site)
    .map(({ destination, source, peer }) => ({ far: rangeOf(destination), prefix: source, peer }))
  const calling = groupedBy(
    known.filter(({ peer }) => peer === site.name),
    ({ from }) => from.name,
  )
  const others = known.filter(({ from, peer }) => from !== site && peer !== site.name)
  return {
    own,
    called: new Map([...calling].map(([peer, all]) => [peer, all.map(({ destination }) => destination)])),
    others: RangeSet.ofPrefixes(others.map(({ destination }) => destination)),
  }
}

/** What the peers that a rule is for may reach at the site: hosts by their own addresses, and as the peers call them. */
function meantFor({ match: { source } }: DeviceRule, { own, called }: Meant): RangeSet {
  const reaching = own.filter(({ far }) => source?.meets(far) ?? true)
  const peers = new Set(reaching.map(({ peer }) => peer))
  return RangeSet.ofPrefixes([
    ...reaching.map(({ prefix }) => prefix),
    ...[...peers].flatMap((peer) => called.get(peer) ?? []),
  ])
}

interface Width {
  readonly reached: RangeSet
  readonly meant: RangeSet
}

function tooWide(site: WorldSite, { rule, set }: Accepting, { reached, meant }: Width): Finding {
  const name = filterRuleName(rule, set)
  const from = rule.match.source ? ` from ${setText(rule.match.source)}` : ' out of tunnels'
  const wanted = setText(meant)
  const to = rule.match.destination ? setText(reached) : 'any address'
  return findingAt('FILTER_WIDER_THAN_PLAN', {
    site,
    at: rule,
    about: { rule: name, range: to },
    message: `${name} of ${site.name} accepts packets${from} to ${to}; the plan has ${wanted} there: only its tunnel keeps the peer from the rest`,
    hint: `let it ask for ${wanted} as destination`,
  })
}
