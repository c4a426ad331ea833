import type { SiteName } from '../network/names.ts'
import type { Gateway, Site, Tunnel } from '../network/network.ts'

/** A site whose gateway the plan file describes. */
export type GatewaySite = Site & { readonly gateway: Gateway }

/** The site as one of its tunnels sees it: with the uplink that the tunnel uses as its outside. */
export function atUplink(site: GatewaySite, tunnel: Pick<Tunnel, 'uplinks'> | undefined): GatewaySite {
  const uplink = uplinkOf(site, tunnel)
  if (!uplink) return site
  return { ...site, gateway: { ...site.gateway, outside: uplink, identity: uplink.identity } }
}

export function uplinkOf({ name, gateway }: GatewaySite, tunnel: Pick<Tunnel, 'uplinks'> | undefined) {
  return gateway.uplinks.get(tunnel?.uplinks.get(name) ?? '')
}

/** What a gateway calls its tunnel to a peer: the peer's name, with the uplinks that the tunnel names. */
export function tunnelName(peer: SiteName, tunnel: Pick<Tunnel, 'uplinks'>): SiteName {
  const label = labelOf(tunnel)
  return label === undefined ? peer : (`${peer}-${label}` as SiteName)
}

/** The uplinks that a tunnel names, in one word. */
export function labelOf({ uplinks }: Pick<Tunnel, 'uplinks'>): string | undefined {
  return uplinks.size === 0 ? undefined : [...new Set(uplinks.values())].join('-')
}
