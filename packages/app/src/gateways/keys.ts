import { type SiteName, type Tunnel, tunnelName } from '@natplan/core'
import type { Secret } from '@natplan/templates'

/** The pre-shared key of each tunnel that names one which can be read. */
export type Keys = ReadonlyMap<Tunnel, Secret>

/** The keys that the gateway of one site needs, by what it calls its tunnels. */
export function keysOfSite(keys: Keys, site: SiteName): Map<string, Secret> {
  const ofSite = new Map<string, Secret>()
  for (const [tunnel, key] of keys) {
    const { sites } = tunnel
    if (sites.includes(site)) ofSite.set(tunnelName(sites[0] === site ? sites[1] : sites[0], tunnel), key)
  }
  return ofSite
}
