import { abilities, type FirewallSet, type Platform } from '@natplan/core'
import type { FirewallForm } from '../firewall-texts.ts'
import { acceptLines, removeLines } from './accept-lines.ts'
import { writtenPathOf } from './written-path.ts'

/** How members of the family write rules into their sets; `undefined` for those that natplan writes none for. */
export function firewallFormOf(platform: Platform): FirewallForm | undefined {
  const { filters } = abilities[platform]
  if (!filters) return undefined
  return {
    writtenPath: writtenPathOf(platform),
    usual: platform === 'vyatta-5600' ? usualOf5600 : filters.kind === 'chains' ? usualChains : usualSets,
    acceptLines: (accepts) => acceptLines(accepts, platform),
    removeLines: (accepts) => removeLines(accepts, platform),
    replaces: false,
  }
}

const usualChains: readonly FirewallSet[] = [
  { role: 'fromPeers', name: 'forward filter', first: 1000 },
  { role: 'toPeers', name: 'forward filter', first: 1000 },
  { role: 'gatewayIn', name: 'input filter', first: 1000 },
]

const usualSets: readonly FirewallSet[] = [
  { role: 'fromPeers', name: 'WAN_IN', first: 1000 },
  { role: 'toPeers', name: 'LAN_IN', first: 1000 },
  { role: 'gatewayIn', name: 'WAN_LOCAL', first: 1000 },
]

/** Of the virtual interface in front of the tunnels, of the one towards the hosts, and of the outside one. */
const usualOf5600: readonly FirewallSet[] = [
  { role: 'fromPeers', name: 'TUNNEL_IN', first: 1000 },
  { role: 'toPeers', name: 'LAN_IN', first: 1000 },
  { role: 'gatewayIn', name: 'WAN_IN', first: 1000 },
]
