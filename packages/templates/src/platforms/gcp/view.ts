import { textOf as addressText, type GatewayPolicy } from '@natplan/core'
import { type CloudTunnel, prefixLabel } from '../../clouds/tunnels.ts'

const everything = '0.0.0.0/0'

/** The one pair of prefixes of a tunnel. */
export function selectorsOf({ tunnel, takesAll }: CloudTunnel): { readonly local: string; readonly remote: string } {
  const [selector] = tunnel.selectors
  if (takesAll || !selector) return { local: everything, remote: everything }
  return { local: selector.local.toString(), remote: selector.remote.toString() }
}

/** Where static routes stand among those of a network; the least wins, and this one is Google's own choice. */
export const priority = 1000

export function routeName({ label }: CloudTunnel, prefix: CloudTunnel['remotes'][number]): string {
  return `natplan-${label}-${prefixLabel(prefix)}`
}

export function gcpView({ site, outside }: GatewayPolicy, tunnels: readonly CloudTunnel[]): object {
  return {
    site,
    address: addressText(outside.address),
    priority,
    tunnels: tunnels.map((one) => ({
      peer: one.tunnel.peer,
      name: `natplan-${one.label}`,
      key: one.keyVariable,
      remoteAddress: addressText(one.tunnel.remote.address),
      ikeVersion: one.tunnel.ike.version,
      ...selectorsOf(one),
      routes: one.remotes.map((prefix) => ({ name: routeName(one, prefix), prefix: prefix.toString() })),
    })),
  }
}
