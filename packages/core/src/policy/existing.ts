import type { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Platform } from '../network/written.ts'
import { abilities } from './abilities.ts'
import type { AddressMatch, GatewayPolicy, NatRule, PortMatch, PortRange, TunnelPolicy } from './gateway-policy.ts'
import type { NumberLimits } from './rule-numbers.ts'

/** What a gateway's running configuration shows, as a platform's parser gives it, but for the tunnels that natplan made. */
export interface ExistingConfig {
  readonly policy: Pick<GatewayPolicy, 'nat' | 'interfaces' | 'routes'> & {
    /** Those of others; a name alone, such as that of a site, makes none natplan's. */
    readonly tunnels: readonly (Pick<TunnelPolicy, 'remote' | 'selectors'> & { readonly peer: string })[]
  }
  /** All numbers of NAT rules, also of those that are disabled or not understood; missing: those of `policy.nat`. */
  readonly usedNumbers?: readonly Pick<NatRule, 'direction' | 'number'>[]
  /** Static routes to next hops. */
  readonly otherRoutes?: readonly { readonly prefix: Prefix; readonly via: string }[]
  /** The file, and the lines on which rules and tunnels of `policy` begin. */
  readonly written?: { readonly file: string; readonly lines: ReadonlyMap<object, number> }
}

/** Descriptions of natplan's own rules begin so. */
export const ownDescription = 'natplan: '

export function isOwn(rule: NatRule): boolean {
  return rule.description?.startsWith(ownDescription) ?? false
}

/** The numbers that rules of others hold. */
export function foreignNumbers({ policy, usedNumbers }: ExistingConfig): Pick<NatRule, 'direction' | 'number'>[] {
  const own = new Set(policy.nat.filter(isOwn).map(({ direction, number }) => `${direction} ${number}`))
  return (usedNumbers ?? policy.nat).filter(({ direction, number }) => !own.has(`${direction} ${number}`))
}

/**
 * What a running configuration leaves for the numbers of a gateway's new rules: none that is in use, and none behind a source
 * rule that would catch their packets first.
 */
export function limitsFrom(
  existing: ExistingConfig,
  policy: GatewayPolicy,
): { readonly site: SiteName; readonly limits: NumberLimits } {
  const inUse = new Set(foreignNumbers(existing).map((rule) => lockNumber(rule, policy.platform)))
  const own = policy.nat.filter(({ direction }) => direction === 'source')
  const catching = existing.policy.nat.filter(
    (rule) => rule.direction === 'source' && !isOwn(rule) && own.some((one) => mayCatch(rule, one)),
  )
  const lowest = catching.reduce(
    (least, rule) => Math.min(least, lockNumber(rule, policy.platform)),
    Number.POSITIVE_INFINITY,
  )
  return { site: policy.site, limits: { inUse, below: Number.isFinite(lowest) ? lowest : undefined } }
}

/** The number as the lock holds it: without what source rules have on top. */
function lockNumber({ direction, number }: Pick<NatRule, 'direction' | 'number'>, platform: Platform): number {
  const { sourceOffset } = abilities[platform].numbers
  return direction === 'source' ? number - sourceOffset : number
}

/** Reports whether a rule matches some packet that another one is for. */
export function mayCatch(rule: NatRule, other: NatRule): boolean {
  return (
    rule.direction === other.direction &&
    (rule.interface === undefined ||
      other.interface === undefined ||
      isSameInterface(rule.interface, other.interface)) &&
    meets(rule.source, other.source) &&
    meets(rule.destination, other.destination) &&
    protocolsMeet(rule.protocol, other.protocol) &&
    portsMeet(rule.ports?.source, other.ports?.source) &&
    portsMeet(rule.ports?.destination, other.ports?.destination)
  )
}

/** `undefined` is every protocol, `tcp_udp` these two, `!tcp` all but one. */
function protocolsMeet(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true
  if (one.startsWith('!')) return other.startsWith('!') || protocolsMeet(other, one)
  return one.split('_').some((name) => isProtocol(other, name))
}

function isProtocol(written: string, name: string): boolean {
  return written.startsWith('!') ? !isProtocol(written.slice(1), name) : written.split('_').includes(name)
}

const largestPort = 65_535

function portsMeet(one: PortMatch | undefined, other: PortMatch | undefined): boolean {
  if (!one || !other) return true
  const others = rangesOf(other)
  return rangesOf(one).some((range) => others.some(({ first, last }) => range.first <= last && first <= range.last))
}

/** What a match takes: its ranges, or what lies between them when it is negated. */
function rangesOf({ ranges, negated }: PortMatch): readonly PortRange[] {
  if (!negated) return ranges
  const sorted = [...ranges].sort((a, b) => a.first - b.first)
  const between: PortRange[] = []
  let next = 0
  for (const { first, last } of sorted) {
    if (first > next) between.push({ first: next, last: first - 1 })
    next = Math.max(next, last + 1)
  }
  return next > largestPort ? between : [...between, { first: next, last: largestPort }]
}

/** `eth*` and `eth+` stand for all that begin so, `!eth0` for all but one. */
function isSameInterface(written: string, name: string): boolean {
  if (written.startsWith('!')) return !isSameInterface(written.slice(1), name)
  return /[*+]$/.test(written) ? name.startsWith(written.slice(0, -1)) : written === name
}

/** The other match is a prefix of natplan's own; `undefined` is any address. */
function meets(match: AddressMatch | undefined, other: AddressMatch | undefined): boolean {
  if (match === undefined || other?.kind !== 'prefix') return true
  if (match.kind === 'prefix') {
    return match.negated ? !match.prefix.contains(other.prefix) : match.prefix.overlaps(other.prefix)
  }
  const { first, last, negated } = match
  if (typeof first.bits !== typeof other.prefix.bits) return negated
  return negated
    ? other.prefix.bits < first.bits || other.prefix.lastBits > last.bits
    : first.bits <= other.prefix.lastBits && last.bits >= other.prefix.bits
}
