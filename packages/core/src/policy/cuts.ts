import type { Prefix } from '../address/prefix.ts'
import type { GatewayPolicy, NatRule, Selector, TunnelPolicy } from './gateway-policy.ts'

/** What a running gateway does for natplan; the peer need not be in the plan any more. */
export interface RunningPart {
  readonly tunnels: readonly (Omit<TunnelPolicy, 'peer'> & { readonly peer: string })[]
  readonly nat: readonly NatRule[]
}

type RunningTunnel = RunningPart['tunnels'][number]

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

/** Which flows break when a gateway goes from what it does to a policy; `newKeys` are peers whose key changes too. By peer, as they run. */
export function cutsOf(
  running: RunningPart,
  policy: GatewayPolicy,
  { newKeys = new Set() }: { readonly newKeys?: ReadonlySet<string> } = {},
): Cut[] {
  const planned = new Map<string, TunnelPolicy>(policy.tunnels.map((tunnel) => [tunnel.peer, tunnel]))
  const before = rulesByPair(running.nat)
  const after = rulesByPair(policy.nat)
  return running.tunnels.flatMap((tunnel) => {
    const next = planned.get(tunnel.peer)
    const carried = new Set(next?.selectors.map(pairOf))
    const waits = newKeys.has(tunnel.peer) || (next !== undefined && terms(next) !== terms(tunnel))
    return tunnel.selectors.flatMap((selector): Cut[] => {
      const pair = pairOf(selector)
      const { local, remote } = selector
      const cut = { peer: tunnel.peer, local, remote }
      if (!carried.has(pair)) return [{ kind: 'ends', ...cut }]
      if (waits) return [{ kind: 'waits', ...cut }]
      const rules = before.get(pair)
      return rules !== undefined && rules !== after.get(pair) ? [{ kind: 'translates', ...cut }] : []
    })
  })
}

function pairOf({ local, remote }: Pick<Selector, 'local' | 'remote'>): string {
  return `${local} ${remote}`
}

/** What both ends must have the same. */
function terms({ local, remote, ike, esp }: Omit<RunningTunnel, 'peer'>): string {
  const { version, encryption, hash, dhGroup } = ike
  return [
    ...[local, remote].map(({ address, identity }) => `${address} ${identity}`),
    [version, encryption, hash, dhGroup].join(' '),
    [esp.encryption, esp.hash, esp.dhGroup].join(' '),
  ].join('; ')
}

/** The rules for each pair that a tunnel carries, in one text, whatever their numbers. */
function rulesByPair(nat: readonly NatRule[]): Map<string, string> {
  const rules = new Map<string, string[]>()
  for (const rule of nat) {
    const pair = carriedBy(rule)
    if (pair === undefined) continue
    const text = `${rule.direction} ${rule.interface} ${matchText(rule.source)} ${matchText(rule.destination)} ${actionText(rule)}`
    rules.set(pair, [...(rules.get(pair) ?? []), text])
  }
  return new Map([...rules].map(([pair, texts]) => [pair, texts.sort().join('\n')]))
}

/** The pair as the tunnel carries what the rule is for. */
function carriedBy({ direction, source, destination, action }: NatRule): string | undefined {
  if (source?.kind !== 'prefix' || destination?.kind !== 'prefix') return undefined
  if (direction === 'destination') return `${destination.prefix} ${source.prefix}`
  return `${action.kind === 'map' ? action.to : source.prefix} ${destination.prefix}`
}

function matchText(match: NatRule['source']): string {
  return match?.kind === 'prefix' ? `${match.negated ? '!' : ''}${match.prefix}` : 'any'
}

function actionText({ action }: NatRule): string {
  return action.kind === 'map' ? `map ${action.to}` : action.kind
}
