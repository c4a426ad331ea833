import { RangeSet, type TunnelChild } from '@natplan/core'
import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import { tryParseRange } from './read-values.ts'

/**
 * Pools of addresses for hosts on the road. Each host has a tunnel of its own while it is connected, so a pool within a network that a
 * tunnel joins may take its packets; others take none.
 */
export function poolsWithin(root: ConfigNode, children: readonly TunnelChild[]): NotUnderstood[] {
  const joined = RangeSet.ofPrefixes(
    children.flatMap(({ local, remote }) => [local, remote]).filter(({ length }) => length > 0),
  )
  return poolNodes(root).flatMap(({ node, text }) => {
    const range = tryParseRange(text)
    return range && joined.meets(range) ? node.lines().slice(0, 1) : []
  })
}

interface Pool {
  readonly node: ConfigNode
  readonly text: string
}

function poolNodes(root: ConfigNode): Pool[] {
  const ofIpsec = root.children('vpn', 'ipsec', 'remote-access', 'pool').map(([, pool]) => pool)
  const ofDialUp = ['l2tp', 'pptp', 'sstp'].flatMap((kind) => {
    const holder = root.at('vpn', kind, 'remote-access', 'client-ip-pool') ?? root.at('vpn', kind, 'client-ip-pool')
    return holder ? [holder, ...holder.children().map(([, below]) => below)] : []
  })
  return [...ofIpsec, ...ofDialUp].flatMap((node) => {
    const texts = ['prefix', 'subnet', 'range'].flatMap((leaf) => node.children(leaf).map(([text]) => text))
    const holder = node.at('range') ?? node
    const [start, stop] = [holder.peek('start'), holder.peek('stop')]
    const written = start !== undefined && stop !== undefined ? [`${start}-${stop}`] : []
    return [...texts, ...written].map((text) => ({ node, text }))
  })
}
