import type { Finding } from '../../finding.ts'
import { type Box, boxOf, covers, Effort } from '../../match/box.ts'
import { canMeet } from '../../match/meets.ts'
import { RangeSet } from '../../match/range-set.ts'
import type { WorldSite } from '../../world/world.ts'
import { decide, type Taken } from '../decide.ts'
import { sourcesOf } from '../intended-flows.ts'
import { isMeant } from '../meant.ts'
import { comeBefore, isAskedWith, type NatRule, ruleName, type Side, verb } from '../nat-rules.ts'
import { boxText, childText } from '../shown.ts'
import { findingAt, type Subject, tooLarge } from '../subject.ts'
import { childBox } from '../translations.ts'
import {
  type Carried,
  carriedBy,
  isForTunnel,
  isTakenAtOnce,
  type TunnelRules,
  tunnelRulesOf,
} from '../tunnel-rules.ts'

/** Rules for the internet leave the packets of the tunnels alone. */
export function othersLeaveTunnelsAlone({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    const effort = new Effort()
    const caught = new Map<NatRule, Caught>()
    let isBounded = false
    for (const carried of carriedBy(site)) {
      for (const side of ['source', 'destination'] as const) {
        const taken = takenBy(site, { carried, side, effort })
        if (!taken) isBounded = true
        for (const { rule, box } of taken ?? []) {
          const known = caught.get(rule)
          caught.set(rule, known ? { ...known, more: known.more + 1 } : { carried, box, more: 0 })
        }
      }
    }
    const rules = tunnelRulesOf(site)
    const others = [...caught].filter(([rule]) => !shadowsOne(rule, rules))
    const findings = others.map(([rule, what]) => catching(site, rule, what))
    return isBounded ? [...findings, tooLarge(site, 'the NAT rules')] : findings
  })
}

/** A rule that hides a whole rule of a tunnel is a finding of its own. */
function shadowsOne(rule: NatRule, rules: TunnelRules): boolean {
  const exemptions = rule.list.rules.filter(({ action }) => action.kind === 'exempt')
  return rules.nat.some(
    (later) =>
      (later.list === rule.list || !exemptions.some(({ match }) => canMeet(match, later.rule.match))) &&
      later.side === rule.side &&
      later.rank > rule.rank &&
      isAskedWith(rule, later) &&
      later.boxes.every((box) => rule.boxes.some((own) => covers(own, box))) &&
      isForTunnel(later, rules),
  )
}

interface Caught {
  readonly carried: Carried
  readonly box: Box
  /** Further parts of tunnels that it takes. */
  readonly more: number
}

interface AskedChild {
  readonly carried: Carried
  readonly side: Side
  readonly effort: Effort
}

/** The rules that certainly translate packets of a child and were not written for it; `undefined`: not known. */
function takenBy(site: WorldSite, { carried, side, effort }: AskedChild): Taken[] | undefined {
  const { child } = carried
  if (isTakenAtOnce(site, child)) return []
  const rules = tunnelRulesOf(site)
  const boxes = side === 'source' ? leavingBoxes(site, carried) : [arrivingBox(carried)]
  const passed = child.through?.interface ?? site.sides.uplinks[0]
  const isUntranslated = side === 'source' && boxes.some((box) => box.source.overlaps(childBox(child).source))
  const near = new Set(boxes.flatMap((box) => rules.askedOn.meeting(box, passed)))
  const asked = [...near]
    .filter((rule) => rule.side === side && isAskedOfTunnels(rule, isUntranslated))
    .sort((a, b) => a.rank - b.rank)
  if (asked.length === 0) return []
  const decision = decide(boxes, asked, effort)
  return decision?.taken.filter(
    ({ rule, isCertain, box }) => isCertain && !isMeant(rule, site) && changes(rule, box, side),
  )
}

/** A rule onto the very addresses changes nothing. */
function changes({ rule: { action } }: NatRule, box: Box, side: Side): boolean {
  return action.kind !== 'map' || !RangeSet.ofPrefixes([action.to]).equals(box[side])
}

function leavingBoxes(site: WorldSite, { child }: Carried): Box[] {
  const far = childBox(child)
  return sourcesOf(site, child).map((source) => ({ ...far, source: RangeSet.ofPrefixes([source]) }))
}

/** As the peer sends it. */
function arrivingBox({ child: { local, remote } }: Carried): Box {
  return boxOf(RangeSet.ofPrefixes([remote]), RangeSet.ofPrefixes([local]))
}

/** New connections come out of a tunnel encrypted, and leave so where their own addresses are those of the tunnel. */
function isAskedOfTunnels({ side, rule: { match } }: NatRule, isUntranslated: boolean): boolean {
  if (match.states?.includes('new') === false) return false
  if (side === 'destination') return match.arrived !== 'clear'
  return match.arrived !== 'encrypted' && !(isUntranslated && match.leaving === 'clear')
}

function catching(site: WorldSite, rule: NatRule, { carried, box, more }: Caught): Finding {
  const { tunnel, child } = carried
  const others = more > 0 ? ` (and ${more} more)` : ''
  const isSource = rule.side === 'source'
  const way = isSource ? `from ${site.name} into` : 'out of'
  return findingAt('NAT_CATCHES_TUNNEL', {
    site,
    at: rule.rule,
    about: {
      rule: ruleName(rule),
      peer: tunnel.name,
      tunnel: tunnel.name,
      selector: childText(child),
      range: boxText(box),
    },
    message: `${ruleName(rule)} of ${site.name} ${verb(rule)} packets ${way} the tunnel ${tunnel.name} as well: ${boxText(box)}${others}`,
    hint: isSource
      ? leavingHint(site, rule, box)
      : `let ${ruleName(rule)} name the destination address that it is for, or exempt ${boxText(box)} before it`,
  })
}

/** A rule of the tunnel that comes too late only has to come first. */
function leavingHint(site: WorldSite, rule: NatRule, box: Box): string {
  const rules = tunnelRulesOf(site)
  const own = rules.byBox
    .meeting(box)
    .map(({ value }) => value)
    .find((one) => one.side === rule.side && one.rank > rule.rank && isForTunnel(one, rules))
  return own ? comeBefore(own, rule) : `exempt ${boxText(box)} in a rule that comes before ${ruleName(rule)}`
}
