import type { DeviceRule } from '../device/device.ts'
import { RangeSet } from '../match/range-set.ts'
import { isForFarNames } from '../world/far-maps.ts'
import type { WorldSite } from '../world/world.ts'
import { isWhole, natRulesOf } from './nat-rules.ts'
import { hidesHosts, isManyToOne, ownAddresses, rangesTo, tunnelRulesOf } from './tunnel-rules.ts'

const known = new WeakMap<WorldSite, ReadonlyMap<DeviceRule, RangeSet>>()

/** The rules of a site that hide many hosts behind what a tunnel carries, as it was meant, each with the addresses that it gives. */
export function manyToOneOf(site: WorldSite): ReadonlyMap<DeviceRule, RangeSet> {
  const found = known.get(site)
  if (found) return found
  const rules = tunnelRulesOf(site)
  const hiding = rules.nat.filter((rule) => isManyToOne(rule, site, rules))
  const made = new Map(hiding.map((rule) => [rule.rule, rangesTo(rule) ?? ownAddresses(rule, site)]))
  known.set(site, made)
  return made
}

const hiding = new WeakMap<WorldSite, ReadonlyMap<DeviceRule, RangeSet>>()

/** The rules of a site that hide many hosts of a peer which translates nothing itself, each with the addresses that it gives. */
export function hidingPeers(site: WorldSite): ReadonlyMap<DeviceRule, RangeSet> {
  const found = hiding.get(site)
  if (found) return found
  const { device } = site
  const far = natRulesOf(device).filter(({ list, rule }) => isForFarNames(device, list.kind, rule))
  const made = new Map(
    far
      .filter((one) => one.side === 'source' && isWhole(one) && hidesHosts(one))
      .map((one) => [one.rule, rangesTo(one) ?? RangeSet.empty]),
  )
  hiding.set(site, made)
  return made
}
