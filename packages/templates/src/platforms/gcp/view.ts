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
const firstPriority = 1000

/** A tunnel with its gateway, and where its routes stand. */
export interface PlacedTunnel {
  readonly one: CloudTunnel
  readonly gateway: ClassicGateway
  /** Of several to a peer the first one that is up is used. */
  readonly priority: number
}

/** Each address is that of a gateway of its own. */
export interface ClassicGateway {
  readonly address: string
  /** What follows the name of its variable: nothing for the first. */
  readonly suffix: string
}

export function placedTunnels(tunnels: readonly CloudTunnel[]): PlacedTunnel[] {
  const gateways = gatewaysOf(tunnels)
  return tunnels.flatMap((one, index) => {
    const gateway = gateways.find(({ address }) => address === addressText(one.tunnel.local.address))
    const before = tunnels.slice(0, index).filter(({ tunnel }) => tunnel.site === one.tunnel.site)
    return gateway ? [{ one, gateway, priority: firstPriority + before.length }] : []
  })
}

export function gatewaysOf(tunnels: readonly CloudTunnel[]): ClassicGateway[] {
  const addresses = [...new Set(tunnels.map(({ tunnel }) => addressText(tunnel.local.address)))]
  return addresses.map((address, index) => ({ address, suffix: index === 0 ? '' : `_${index + 1}` }))
}

export function routeName({ label }: CloudTunnel, prefix: CloudTunnel['remotes'][number]): string {
  return `natplan-${label}-${prefixLabel(prefix)}`
}

export function gcpView({ site }: GatewayPolicy, tunnels: readonly CloudTunnel[]): object {
  return {
    site,
    gateways: gatewaysOf(tunnels).map(({ address, suffix }) => ({ address, variable: `GATEWAY${suffix}` })),
    tunnels: placedTunnels(tunnels).map(({ one, gateway, priority }) => ({
      peer: one.tunnel.peer,
      name: `natplan-${one.label}`,
      key: one.keyVariable,
      gateway: `GATEWAY${gateway.suffix}`,
      priority,
      remoteAddress: addressText(one.tunnel.remote.address),
      ikeVersion: one.tunnel.ike.version,
      ...selectorsOf(one),
      routes: one.remotes.map((prefix) => ({ name: routeName(one, prefix), prefix: prefix.toString() })),
    })),
  }
}
