import type { Prefix } from '../address/prefix.ts'
import type { DeviceRule } from '../device/device.ts'
import { ruleOf } from '../device/device-of-policy.ts'
import type { InterfaceMatch, PacketMatch } from '../match/packet-match.ts'
import { RangeSet } from '../match/range-set.ts'
import { cableOf } from './cables.ts'
import type { GatewayPolicy, Selector, TunnelPolicy } from './gateway-policy.ts'
import { type SelectorRules, selectorRules } from './selector-rules.ts'

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
  const rulesOf = selectorRules(policy)
  return policy.tunnels.flatMap((tunnel) => [
    ...tunnel.selectors.flatMap((selector) => packetsOf(policy, tunnel, { selector, rules: rulesOf(selector) })),
    ...atFarEnd(policy, tunnel),
  ])
}

/** What the gateway translates for the peer, at the far end of the cable. */
function atFarEnd(policy: GatewayPolicy, tunnel: TunnelPolicy): WantedPackets[] {
  const cable = cableOf(policy, tunnel)
  if (!cable) return []
  const { peer } = tunnel
  return policy.nat
    .filter((rule) => rule.interface === cable.far.name)
    .map((one): WantedPackets => {
      const rule = ruleOf(one)
      return {
        side: one.direction,
        peer,
        way: one.direction === 'source' ? 'coming' : 'leaving',
        match: rule.match,
        rule,
      }
    })
}

function packetsOf(
  policy: GatewayPolicy,
  { peer, through }: TunnelPolicy,
  { selector, rules }: { readonly selector: Selector; readonly rules: SelectorRules },
): WantedPackets[] {
  const { local, remote: carried, visible: remote = carried } = selector
  const virtual = through?.interface
  const outside = only(virtual ?? policy.outside.interface)
  const sources = rules.sources.length > 0 ? rules.sources.map(ruleOf) : [undefined]
  const arrived = virtual === undefined ? ({ arrived: 'encrypted' } as const) : {}
  const [first] = sources
  const called = first?.match.destination ?? setOf(remote)
  const coming = { source: called, destination: setOf(local), ...arrived, in: first?.match.out ?? outside }
  const toPeer = (rule: DeviceRule | undefined) => ({
    source: rule?.match.source ?? setOf(local),
    destination: called,
  })
  return [
    ...sources.map((rule): WantedPackets => {
      const isTranslated = rule !== undefined && rule.action.kind !== 'exempt'
      // A policy-based tunnel is asked by real addresses before source NAT: only a pair that keeps them is known to leave encrypted.
      const leaving = isTranslated || virtual !== undefined ? {} : ({ leaving: 'encrypted' } as const)
      const match = rule?.match ?? { ...toPeer(rule), out: outside }
      return { side: 'source', peer, way: 'leaving', match: { ...match, ...leaving }, rule }
    }),
    ...comingTo(rules.destinations.map(ruleOf)).map(
      (rule): WantedPackets => ({
        side: 'destination',
        peer,
        way: 'coming',
        match: { ...portOf(rule), ...coming },
        rule,
      }),
    ),
    ...sources.map((rule): WantedPackets => {
      const match = { ...toPeer(rule), in: insideOf(policy) }
      return { side: 'destination', peer, way: 'leaving', match, rule: undefined }
    }),
  ]
}

/** Beside forwards, which are for one port each, what comes is for one rule or for none. */
function comingTo(rules: readonly DeviceRule[]): readonly (DeviceRule | undefined)[] {
  const isForAll = rules.some(({ match }) => match.destinationPort === undefined)
  return isForAll ? rules : [undefined, ...rules]
}

function portOf(rule: DeviceRule | undefined): Pick<PacketMatch, 'protocol' | 'destinationPort'> {
  const { protocol, destinationPort } = rule?.match ?? {}
  return { ...(protocol ? { protocol } : {}), ...(destinationPort ? { destinationPort } : {}) }
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
