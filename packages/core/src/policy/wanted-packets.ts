import type { Prefix } from '../address/prefix.ts'
import type { DeviceRule, RuleList } from '../device/device.ts'
import { natLists } from '../device/device-of-policy.ts'
import type { InterfaceMatch, PacketMatch } from '../match/packet-match.ts'
import { RangeSet } from '../match/range-set.ts'
import { abilities } from './abilities.ts'
import type { GatewayPolicy, Selector, TunnelPolicy } from './gateway-policy.ts'

/** Packets of one pair that a policy has at one side of translation, and the rule that it has for them. */
export interface WantedPackets {
  readonly side: 'source' | 'destination'
  readonly peer: string
  /** `leaving`: from the own hosts to the peer's; `coming`: the other way. */
  readonly way: 'leaving' | 'coming'
  readonly match: PacketMatch
  /** `undefined`: nothing may translate them. */
  readonly rule: DeviceRule | undefined
}

/** The packets that no rule of others may take: first packets of connections, on both ways of every pair. */
export function wantedPackets(policy: GatewayPolicy): WantedPackets[] {
  const rules = rulesByNumber(policy)
  return policy.tunnels.flatMap((tunnel) =>
    tunnel.selectors.flatMap((selector) => packetsOf(policy, tunnel, { selector, rules: rules(selector) })),
  )
}

interface PairRules {
  readonly source: DeviceRule | undefined
  readonly destination: DeviceRule | undefined
}

function rulesByNumber({ nat, platform }: GatewayPolicy): (selector: Selector) => PairRules {
  const { sourceOffset } = abilities[platform].numbers
  const lists = natLists(nat, 0)
  const find = (kind: RuleList['kind'], number: number) =>
    lists.find((list) => list.kind === kind)?.rules.find((rule) => rule.number === number)
  return ({ number, local }) =>
    local.family === 4
      ? { source: find('source-nat', number + sourceOffset), destination: find('destination-nat', number) }
      : { source: undefined, destination: undefined }
}

function packetsOf(
  policy: GatewayPolicy,
  { peer, through }: TunnelPolicy,
  { selector, rules }: { readonly selector: Selector; readonly rules: PairRules },
): WantedPackets[] {
  const { local, remote } = selector
  const virtual = through?.interface
  const outside = only(virtual ?? policy.outside.interface)
  const isTranslated = rules.source?.action.kind === 'map' || rules.source?.action.kind === 'pool'
  // A policy-based tunnel is asked by real addresses before source NAT: only a pair that keeps them is known to leave encrypted.
  const leaving = isTranslated || virtual !== undefined ? {} : ({ leaving: 'encrypted' } as const)
  const arrived = virtual === undefined ? ({ arrived: 'encrypted' } as const) : {}
  const toPeer = { source: rules.source?.match.source ?? setOf(local), destination: setOf(remote) }
  const out = rules.source?.match ?? { ...toPeer, out: outside }
  return [
    { side: 'source', peer, way: 'leaving', match: { ...out, ...leaving }, rule: rules.source },
    {
      side: 'destination',
      peer,
      way: 'coming',
      match: { source: setOf(remote), destination: setOf(local), ...arrived, in: outside },
      rule: rules.destination,
    },
    { side: 'destination', peer, way: 'leaving', match: { ...toPeer, in: insideOf(policy) }, rule: undefined },
  ]
}

function insideOf({ inside, outside }: GatewayPolicy): InterfaceMatch {
  return inside ? only(inside.interface) : { names: [outside.interface], negated: true }
}

function only(name: string): InterfaceMatch {
  return { names: [name], negated: false }
}

function setOf(prefix: Prefix): RangeSet {
  return RangeSet.ofPrefixes([prefix])
}
