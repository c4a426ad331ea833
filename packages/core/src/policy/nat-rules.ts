import { Prefix } from '../address/prefix.ts'
import { abilities } from './abilities.ts'
import type { NatRule } from './gateway-policy.ts'
import type { GatewaySite } from './gateway-site.ts'
import { ownDescription } from './own.ts'
import { natInterface } from './platform-needs.ts'
import type { NumberedSubnetPair } from './subnet-pairs.ts'

/**
 * The NAT rules of a gateway. A translated subnet has a source rule towards each prefix that it sees of a peer and a destination
 * rule back; one that keeps its addresses has an exemption, so that no masquerade takes its packets. IPv6 is not translated.
 */
export function natRules(site: GatewaySite, pairs: readonly NumberedSubnetPair[]): NatRule[] {
  const translatable = pairs.filter(({ local }) => local.visible.family === 4).sort((a, b) => a.number - b.number)
  const source = translatable.map((pair) => sourceRule(site, pair))
  const destination = translatable.filter(isTranslated).map((pair) => destinationRule(site, pair))
  return [...source, ...destination]
}

/** What only the peers call the site's subnets, sorted. */
export function calledByPeers(pairs: readonly NumberedSubnetPair[]): Prefix[] {
  const called = new Map(pairs.filter(isTranslated).map(({ local }) => [local.visible.toString(), local.visible]))
  return [...called.values()].sort(Prefix.compare)
}

function isTranslated({ local }: NumberedSubnetPair): boolean {
  return !local.visible.equals(local.subnet.prefix)
}

function sourceRule({ name, gateway }: GatewaySite, pair: NumberedSubnetPair): NatRule {
  const { peer, local, remote, number } = pair
  const { numbers, sourceRulesEverywhere } = abilities[gateway.platform]
  return {
    direction: 'source',
    number: number + numbers.sourceOffset,
    interface: sourceRulesEverywhere ? undefined : natInterface(gateway),
    source: local.subnet.prefix,
    destination: remote.visible,
    action: isTranslated(pair) ? { kind: 'map', to: local.visible } : { kind: 'exempt' },
    description: `${ownDescription}${name} ${local.subnet.prefix} to ${peer} ${remote.subnet.prefix}`,
  }
}

function destinationRule({ name, gateway }: GatewaySite, pair: NumberedSubnetPair): NatRule {
  const { peer, local, remote, number } = pair
  return {
    direction: 'destination',
    number,
    interface: natInterface(gateway),
    source: remote.visible,
    destination: local.visible,
    action: { kind: 'map', to: local.subnet.prefix },
    description: `${ownDescription}${name} ${local.subnet.prefix} from ${peer} ${remote.subnet.prefix}`,
  }
}
