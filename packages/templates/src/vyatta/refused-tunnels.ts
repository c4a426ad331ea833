import type { TunnelChild } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { writtenInterfaces } from './read-interfaces.ts'

/**
 * Why a device refuses a tunnel for what a whole configuration leaves out elsewhere. One that shows no interface at all leaves out more
 * than that.
 */
export function refusalOfTunnels(
  root: ConfigNode,
  { platform, vpnRoot }: VyattaDialect,
): (children: readonly TunnelChild[]) => string | undefined {
  const names = new Set(writtenInterfaces(root).map(({ name }) => name))
  const bindsPorts = root.children(...vpnRoot, 'ipsec-interfaces', 'interface').length > 0
  return (children) => {
    if (names.size === 0) return undefined
    const lacked = children.find(({ through }) => through && !names.has(through.interface))?.through
    if (lacked) return `it names ${lacked.interface}, which is not defined`
    return needsPorts.includes(platform) && !bindsPorts ? 'no interface is named by ipsec-interfaces' : undefined
  }
}

/** Where IPsec without `ipsec-interfaces` is refused (vpn-config.pl). */
const needsPorts: readonly VyattaDialect['platform'][] = ['vyatta-5400']
