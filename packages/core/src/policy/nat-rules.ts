import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import { abilities } from './abilities.ts'
import type { NatAction, NatRule } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import { ownDescription } from './own.ts'
import { type Face, isHidden, isTranslated, type NumberedForward, type NumberedSubnetPair } from './subnet-pairs.ts'
import type { TunnelPlace } from './tunnel-places.ts'

/**
 * The NAT rules of a gateway. A translated subnet has a source rule towards each prefix that it sees of a peer and a destination
 * rule back; one that hides has the source rule alone; one that keeps its addresses has an exemption, so that no masquerade takes its packets. Where the gateway translates for the peer
 * as well, the same is done for the peer's subnets at the far end of the cable. IPv6 is not translated.
 */
export function natRules(
  site: GatewaySite,
  pairs: readonly NumberedSubnetPair[],
  places: ReadonlyMap<SiteName, TunnelPlace>,
): NatRule[] {
  const rules = pairs
    .filter(({ local }) => local.wire.family === 4)
    .flatMap((pair) => rulesOf(site, pair, places.get(pair.tunnel)))
  const inDirection = (direction: NatRule['direction']) =>
    rules.filter((rule) => rule.direction === direction).sort((a, b) => a.number - b.number)
  return [...eachOnce(inDirection('source')), ...eachOnce(inDirection('destination'))]
}

/** Subnets of a peer that hide behind the same address are one to this gateway: the first rule does for all. */
function eachOnce(rules: readonly NatRule[]): NatRule[] {
  const first = new Map<string, NatRule>()
  for (const rule of rules) {
    const key = effectOf(rule)
    if (!first.has(key)) first.set(key, rule)
  }
  return [...first.values()]
}

function effectOf({ interface: name, source, destination, service, action }: NatRule): string {
  return JSON.stringify([name, source, destination, service, action])
}

/** What only the peers call the site's subnets, sorted. */
export function calledByPeers(pairs: readonly NumberedSubnetPair[]): Prefix[] {
  const called = new Map(pairs.flatMap(({ local }) => (isTranslated(local) ? [[String(local.wire), local.wire]] : [])))
  return [...called.values()].sort(Prefix.compare)
}

function rulesOf(site: GatewaySite, pair: NumberedSubnetPair, place: TunnelPlace | undefined): NatRule[] {
  const { local, remote, number, far } = pair
  const { numbers, sourceRulesEverywhere } = abilities[site.gateway.platform]
  const source = number + numbers.sourceOffset
  const isEverywhere = sourceRulesEverywhere && place?.through?.kind !== 'route'
  const at = place?.nat ?? site.gateway.outside.interface
  const own: NatRule = {
    direction: 'source',
    number: source,
    interface: isEverywhere ? undefined : at,
    source: local.inside,
    destination: remote.inside,
    action: isTranslated(local) ? translationTo(local.wire, local) : { kind: 'exempt' },
    description: describe(pair, 'to'),
  }
  const back: NatRule = {
    direction: 'destination',
    number,
    interface: at,
    source: remote.inside,
    destination: local.wire,
    action: { kind: 'map', to: local.inside },
    description: describe(pair, 'from'),
  }
  const ofPeer =
    far !== undefined && place?.domain
      ? farRules(pair, { far, interface: place.domain.far.name, source: far + numbers.sourceOffset })
      : []
  return [
    own,
    ...(isTranslated(local) && !isHidden(local) ? [back] : []),
    ...ofPeer,
    ...pair.forwards.flatMap(
      (forward) => forwardRule(pair, forward, forward.isFar ? place?.domain?.far.name : at) ?? [],
    ),
  ]
}

/** From a port of the address that a subnet hides behind to one of its hosts. */
function forwardRule(
  { local, remote, peer }: NumberedSubnetPair,
  { number, isFar, protocol, port, to, toPort }: NumberedForward,
  name: string | undefined,
): NatRule | undefined {
  if (name === undefined) return undefined
  const [source, destination] = isFar ? [local.wire, remote.inside] : [remote.inside, local.wire]
  const way = isFar
    ? `at ${peer} from ${local.subnet.site} ${local.subnet.prefix}`
    : `from ${peer} ${remote.subnet.prefix}`
  return {
    direction: 'destination',
    number,
    interface: name,
    source,
    destination,
    service: { protocol, port },
    action: { kind: 'map', to: Prefix.of(to), ...(toPort === port ? {} : { ports: { first: toPort, last: toPort } }) },
    description: `${ownDescription}${protocol} ${port} to ${to} ${way}`,
  }
}

/** Hosts that hide keep no part of their address: they get the single one, or any of several. */
function translationTo(to: Prefix, { subnet }: Face): NatAction {
  const isPool = subnet.hideBehind !== undefined && to.bits !== to.lastBits
  return isPool ? { kind: 'pool', first: to.first, last: to.last } : { kind: 'map', to }
}

/** What the peer would do of itself: its packets come from the tunnel and leave into the cable, and the other way. */
function farRules(
  pair: NumberedSubnetPair,
  at: { readonly far: number; readonly source: number; readonly interface: string },
): NatRule[] {
  const { local, remote } = pair
  const out: NatRule = {
    direction: 'source',
    number: at.source,
    interface: at.interface,
    source: remote.wire,
    destination: local.wire,
    action: translationTo(remote.inside, remote),
    description: describe(pair, 'for'),
  }
  const back: NatRule = {
    direction: 'destination',
    number: at.far,
    interface: at.interface,
    source: local.wire,
    destination: remote.inside,
    action: { kind: 'map', to: remote.wire },
    description: describe(pair, 'into'),
  }
  return isHidden(remote) ? [out] : [out, back]
}

/** `for` and `into`: the peer's own translation, from it and to it. */
function describe({ local, remote, peer }: NumberedSubnetPair, word: 'to' | 'from' | 'for' | 'into'): string {
  return `${ownDescription}${local.subnet.site} ${local.subnet.prefix} ${word} ${peer} ${remote.subnet.prefix}`
}
