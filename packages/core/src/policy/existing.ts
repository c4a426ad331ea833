import type { Device, DeviceRule } from '../device/device.ts'
import { natLists } from '../device/device-of-policy.ts'
import { inConfig } from '../finding.ts'
import { canMeet } from '../match/meets.ts'
import type { SiteName } from '../network/names.ts'
import type { GatewayPolicy, NatRule } from './gateway-policy.ts'
import { isOwn } from './own.ts'
import { lockNumber, type NumberLimits } from './rule-numbers.ts'

type Numbered = Pick<NatRule, 'direction' | 'number'>

/** The numbers that rules of others hold, also of those that are switched off or not understood. */
export function foreignNumbers({ lists, usedNumbers }: Device): Numbered[] {
  const own = new Set(lists.flatMap(({ kind, rules }) => rules.filter(isOwn).map(({ number }) => `${kind} ${number}`)))
  return usedNumbers.filter(({ direction, number }) => !own.has(`${direction}-nat ${number}`))
}

/**
 * What a running configuration leaves for the numbers of a gateway's new rules: none that is in use, and none behind a rule that could
 * take their packets first. A rule that is not understood counts as one that takes all that its understood part does not exclude.
 */
export function limitsFrom(
  running: Device,
  policy: GatewayPolicy,
): { readonly site: SiteName; readonly limits: NumberLimits } {
  const inUse = new Set(foreignNumbers(running).map((rule) => lockNumber(rule, policy.platform)))
  const rules = (['source', 'destination'] as const).flatMap((direction) =>
    catching(running, policy, direction).flatMap(({ number, line }) =>
      number === undefined ? [] : [{ direction, number, place: inConfig(line, running.file) }],
    ),
  )
  const inLock = (rule: Numbered) => lockNumber(rule, policy.platform)
  const [first] = rules.sort((a, b) => inLock(a) - inLock(b))
  return { site: policy.site, limits: { inUse, below: first && inLock(first), first } }
}

/** The rules of others in natplan's own list that could take a packet that a rule of the policy is for. */
function catching(running: Device, policy: GatewayPolicy, direction: NatRule['direction']): DeviceRule[] {
  const [wanted] = natLists(policy.nat, 0).filter(({ name }) => name === direction)
  return running.lists
    .filter(({ kind, name }) => kind === `${direction}-nat` && name === direction)
    .flatMap(({ rules }) => rules)
    .filter((rule) => !isOwn(rule) && wanted?.rules.some((one) => canMeet(rule.match, one.match)))
}
