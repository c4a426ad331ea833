import type { Prefix } from '../address/prefix.ts'
import type { Device, DeviceRule, DeviceTunnel, RuleAction, RuleList, TunnelChild } from '../device/device.ts'
import { natLists } from '../device/device-of-policy.ts'
import type { PacketMatch } from '../match/packet-match.ts'
import type { RangeSet } from '../match/range-set.ts'
import { differingTerms } from './fulfils-tunnels.ts'
import type { GatewayPolicy, TunnelPolicy } from './gateway-policy.ts'

/**
 * What a change does to the flows between two prefixes. `ends`: the tunnel does not carry them any more; `waits`: they break until the
 * gateway of the peer has the same change; `translates`: new flows get other addresses, open ones keep theirs.
 */
export interface Cut {
  readonly kind: 'ends' | 'waits' | 'translates'
  readonly peer: string
  /** As the tunnel carries them. */
  readonly local: Prefix
  readonly remote: Prefix
}

/**
 * Which flows break when a gateway goes from what natplan's part of it does to a policy; `newKeys` are peers whose key changes too. By peer, as
 * they run; the peer need not be in the plan any more.
 */
export function cutsOf(
  { tunnels, lists }: Pick<Device, 'tunnels' | 'lists'>,
  policy: Pick<GatewayPolicy, 'tunnels' | 'nat'>,
  { newKeys = new Set() }: { readonly newKeys?: ReadonlySet<string> } = {},
): Cut[] {
  const planned = new Map<string, TunnelPolicy>(policy.tunnels.map((tunnel) => [tunnel.peer, tunnel]))
  const before = rulesByPair(lists)
  const after = rulesByPair(natLists(policy.nat, 0))
  return tunnels.flatMap((tunnel) => {
    const next = planned.get(tunnel.name)
    const carried = new Set(next?.selectors.map(pairOf))
    const takesAll = next?.through?.kind === 'route' && next.through.takes === 'any'
    const waits = newKeys.has(tunnel.name) || (next !== undefined && hasOtherTerms(tunnel, next))
    return tunnel.children.filter(isCarried).flatMap((child): Cut[] => {
      const pair = pairOf(child)
      const { local, remote } = child
      const cut = { peer: tunnel.name, local, remote }
      if (!carried.has(pair) && !(takesAll && isEverything(child))) return [{ kind: 'ends', ...cut }]
      if (waits) return [{ kind: 'waits', ...cut }]
      const rules = before.get(pair)
      return rules !== undefined && rules !== after.get(pair) ? [{ kind: 'translates', ...cut }] : []
    })
  })
}

function isCarried({ kind }: TunnelChild): boolean {
  return kind === 'protect'
}

function isEverything({ local, remote }: TunnelChild): boolean {
  return local.length === 0 && remote.length === 0
}

function pairOf({ local, remote }: { readonly local: Prefix; readonly remote: Prefix }): string {
  return `${rangeText(local)} ${rangeText(remote)}`
}

function rangeText({ bits, lastBits }: Prefix): string {
  return `${bits}-${lastBits}`
}

/** What both ends must have the same; what is not known of it may be. */
function hasOtherTerms(tunnel: DeviceTunnel, next: TunnelPolicy): boolean {
  return differingTerms(tunnel, next).some(({ isShared, isCertain }) => isShared && isCertain)
}

/** The rules for each pair that a tunnel carries, in one text, whatever their numbers. */
function rulesByPair(lists: readonly RuleList[]): Map<string, string> {
  const rules = new Map<string, string[]>()
  for (const { kind, rules: all } of lists.filter((list) => list.kind !== 'filter')) {
    for (const rule of all) {
      const pair = carriedBy(kind, rule)
      if (pair === undefined) continue
      rules.set(pair, [...(rules.get(pair) ?? []), `${kind} ${matchText(rule.match)} ${actionText(rule)}`])
    }
  }
  return new Map([...rules].map(([pair, texts]) => [pair, texts.sort().join('\n')]))
}

/** The pair as the tunnel carries what the rule is for. */
function carriedBy(kind: RuleList['kind'], { match, action }: DeviceRule): string | undefined {
  const { source, destination } = match
  if (source?.ranges.length !== 1 || destination?.ranges.length !== 1) return undefined
  if (kind === 'destination-nat') return `${setText(destination)} ${setText(source)}`
  return `${givenText(action) ?? setText(source)} ${setText(destination)}`
}

function matchText({ source, destination, in: incoming, out: outgoing }: PacketMatch): string {
  const names = [incoming, outgoing].map((one) => `${one?.negated ? '!' : ''}${one?.names.join(',') ?? 'any'}`)
  return [setText(source), setText(destination), ...names].join(' ')
}

function setText(set: RangeSet | undefined): string {
  return set?.ranges.map(({ first, last }) => `${first}-${last}`).join(',') ?? 'any'
}

/** The addresses that a rule gives. */
function givenText(action: RuleAction): string | undefined {
  if (action.kind === 'map') return rangeText(action.to)
  return action.kind === 'pool' ? `${action.first.bits}-${action.last.bits}` : undefined
}

/** An address that is mapped onto itself is exempt. */
function actionText({ action, match }: DeviceRule): string {
  const to = givenText(action)
  if (action.kind !== 'map') return to === undefined ? action.kind : `${action.kind} ${to}`
  return to === setText(match.source) ? 'exempt' : `map ${to}`
}
