import { ownDescription, ownPrefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'

export type Peer = readonly [key: string, node: ConfigNode]

/** The peers that are in force: one is switched off as a whole, or with the last of its tunnels. */
export function peersInForce(vpn: ConfigNode): Peer[] {
  return vpn.children('site-to-site', 'peer').filter(([, node]) => isInForce(node))
}

function isInForce(node: ConfigNode): boolean {
  const tunnels = node.children('tunnel')
  const isIdle = tunnels.length > 0 && tunnels.every(([, tunnel]) => tunnel.at('disable'))
  return !node.at('disable') && (!isIdle || node.at('vti') !== undefined)
}

/**
 * natplan's own peers are called by their group, others as the device calls them. Of several with one group that is the one that
 * natplan described; no two peers have one name.
 */
export function peerNames(peers: readonly Peer[]): Map<string, string> {
  const keys = new Set(peers.map(([key]) => key))
  const claims = new Map<string, { readonly key: string; readonly isDescribed: boolean }[]>()
  for (const [key, node] of peers) {
    const group = node.peek('ike-group')
    if (!group?.startsWith(ownPrefix)) continue
    const name = group.slice(ownPrefix.length)
    const isDescribed = node.peek('description')?.startsWith(ownDescription) ?? false
    claims.set(name, [...(claims.get(name) ?? []), { key, isDescribed }])
  }
  const names = new Map<string, string>()
  for (const [name, claimants] of claims) {
    const entitled = claimants.length === 1 ? claimants : claimants.filter(({ isDescribed }) => isDescribed)
    const [only, ...others] = entitled
    if (only && others.length === 0 && (!keys.has(name) || only.key === name)) names.set(only.key, name)
  }
  return names
}
