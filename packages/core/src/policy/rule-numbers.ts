import { type LockedNumber, numberKey, pairText } from '../allocation/lock.ts'
import { type Finding, findingOf, inLock, inPlan, type Place } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Gateway } from '../network/network.ts'
import type { Platform } from '../network/platforms.ts'
import { abilities, type RuleNumbers } from './abilities.ts'
import type { NatRule } from './gateway-policy.ts'

/** What a gateway does between one subnet of its own and one of a peer, by real prefixes. */
export type NumberedPair = Omit<LockedNumber, 'number' | 'path' | 'site'>

/** What a running configuration leaves for natplan, in numbers as the lock holds them. */
export interface NumberLimits {
  readonly inUse: ReadonlySet<number>
  /** New rules must come before this one, which could take their packets. */
  readonly below: number | undefined
  /** That rule, as the gateway numbers it. */
  readonly first?: (Pick<NatRule, 'direction' | 'number'> & { readonly place: Place }) | undefined
}

/** The number of a rule's pair as the lock and the selector hold it: without what source rules have on top. */
export function lockNumber({ direction, number }: Pick<NatRule, 'direction' | 'number'>, platform: Platform): number {
  const { sourceOffset } = abilities[platform].numbers
  return direction === 'source' ? number - sourceOffset : number
}

export interface Numbering {
  readonly numbers: ReadonlyMap<string, LockedNumber>
  readonly findings: readonly Finding[]
}

/**
 * Gives each pair of a gateway its number: the one in the lock, else the next free one, first in steps, then between them. Pairs
 * that have a number keep it whatever else joins or leaves. The number of a pair that leaves is not given to another at once: its rule
 * is still on the gateway.
 */
export function numberPairs(
  pairs: readonly NumberedPair[],
  {
    site,
    gateway,
    locked,
    limits,
  }: {
    readonly site: SiteName
    readonly gateway: Gateway
    /** Those of this gateway. */
    readonly locked: ReadonlyMap<string, LockedNumber>
    readonly limits: NumberLimits | undefined
  },
): Numbering {
  const range = abilities[gateway.platform].numbers
  const unfit = baseUnfit(gateway, range)
  if (unfit.length > 0) return { numbers: new Map(), findings: unfit }
  const kept = pairs.flatMap((pair) => locked.get(numberKey({ site, ...pair })) ?? [])
  const outside = kept.filter(({ number }) => number < range.first || number > range.last)
  const taken = new Set([...[...locked.values()].map(({ number }) => number), ...(limits?.inUse ?? [])])
  const free = freeNumbers({ base: gateway.ruleBase, range, limits, taken })
  const numbers = new Map<string, LockedNumber>()
  let missing = 0
  for (const pair of pairs) {
    const key = numberKey({ site, ...pair })
    if (numbers.has(key)) continue
    const number = locked.get(key)?.number ?? free.next().value
    if (number === undefined) missing++
    else numbers.set(key, { site, ...pair, number, path: ['numbers', site, pair.peer, pairText(pair)] })
  }
  return {
    numbers,
    findings: [
      ...outside.map((one) => lockUnfit(one, range)),
      ...exhausted({ missing, pairs, gateway, range, limits }),
    ],
  }
}

/** Numbers under the base belong to others; natplan goes there only when it knows which of them are in use. */
function* freeNumbers(space: {
  readonly base: number
  readonly range: RuleNumbers
  readonly limits: NumberLimits | undefined
  readonly taken: Set<number>
}): Generator<number, undefined> {
  const { base, range, limits, taken } = space
  const last = Math.min(range.last, (limits?.below ?? Number.POSITIVE_INFINITY) - 1)
  const passes = [
    { from: base, step: range.step },
    { from: base, step: 1 },
    ...(limits
      ? [
          { from: range.first, step: range.step },
          { from: range.first, step: 1 },
        ]
      : []),
  ]
  for (const { from, step } of passes) {
    for (let number = from; number <= last; number += step) {
      if (taken.has(number)) continue
      taken.add(number)
      yield number
    }
  }
  return undefined
}

function baseUnfit({ ruleBase, platform, path }: Gateway, { first, last }: RuleNumbers): Finding[] {
  if (ruleBase >= first && ruleBase <= last) return []
  const message = `${ruleBase} cannot be the first rule number on ${platform}`
  return [
    findingOf('RULE_BASE_UNFIT', inPlan([...path, 'ruleBase']), { message, hint: `choose one of ${first} to ${last}` }),
  ]
}

function lockUnfit({ site, number, path }: LockedNumber, { first, last }: RuleNumbers): Finding {
  return findingOf('LOCK_NUMBER_UNFIT', inLock(path), {
    message: `rule ${number} of ${site} is not possible on its platform, which has ${first} to ${last}`,
    hint: 'remove the line from the lock and plan again: the pair then gets another number',
  })
}

function exhausted(outcome: {
  readonly missing: number
  readonly pairs: readonly NumberedPair[]
  readonly gateway: Gateway
  readonly range: RuleNumbers
  readonly limits: NumberLimits | undefined
}): Finding[] {
  const { missing, pairs, gateway, range, limits } = outcome
  if (missing === 0) return []
  const { platform, path } = gateway
  const catching = limits?.first && `${limits.first.direction} rule ${limits.first.number}`
  const has = rangeText(range, limits?.first?.direction ?? 'source')
  return [
    findingOf('RULE_NUMBERS_EXHAUSTED', inPlan(path), {
      message: `${missing} of ${pairs.length} pairs of subnets find no rule number: ${platform} has ${has}${catching ? `, and they must come before ${catching}` : ''}`,
      hint: catching
        ? `give ${catching} a higher number on the gateway, or let it leave out the packets of the tunnels`
        : 'join subnets into larger ones, or spread the peers over two gateways',
      ...(limits?.first ? { related: [{ place: limits.first.place, message: `${catching} is here` }] } : {}),
    }),
  ]
}

/** The numbers as the gateway has them. */
function rangeText({ first, last, sourceOffset }: RuleNumbers, direction: 'source' | 'destination'): string {
  if (sourceOffset === 0) return `${first} to ${last}`
  const offset = direction === 'source' ? sourceOffset : 0
  return `${first + offset} to ${last + offset} for ${direction} rules`
}
