import type { SteeringRule } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { DeviceReading } from './device-reading.ts'
import { interfaceMatchOf, packetMatchOf } from './read-match.ts'
import { firstLineOf } from './unread-lines.ts'

/**
 * `load-balancing wan`: what a rule takes leaves by whichever uplink is up and its turn, with the address of that uplink; what a rule
 * excludes, and what none takes, goes as the routing table says. EdgeOS chooses its groups by rules of `firewall modify`.
 */
export function balancedPackets(reading: DeviceReading): SteeringRule[] {
  const rules = reading.root.children('load-balancing', 'wan', 'rule')
  return rules
    .filter(([, rule]) => !rule.at('disable'))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, rule]) => balancingRule(rule, reading))
}

/** How the balancer chooses among its uplinks. */
const choosing = ['interface', 'failover', 'per-packet-balancing', 'limit', 'description', 'log', 'exclude']

function balancingRule(rule: ConfigNode, reading: DeviceReading): SteeringRule {
  const isExcluding = rule.at('exclude') !== undefined
  const incoming = interfaceMatchOf(rule, 'inbound-interface', reading)
  for (const leaf of choosing) rule.at(leaf)?.markAllRead()
  const match = { ...packetMatchOf(rule, reading), ...(incoming ? { in: incoming } : {}) }
  const first = firstLineOf(rule)
  const balanced = isExcluding || !first ? undefined : { line: first.line, what: first.text }
  const doubt = reading.unread.add(rule.unread(), { touches: 'routes', isPlaced: true }) ?? balanced
  return {
    match,
    asked: 'before-translation',
    to: isExcluding ? { kind: 'table', table: 'main' } : { kind: 'unknown' },
    line: rule.line,
    ...(doubt ? { doubt } : {}),
  }
}
