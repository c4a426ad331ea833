import { type ConnectedNetwork, connectedNetworks } from '../device/next-hop.ts'
import type { WorldSite } from './world.ts'

/** The networks in which a gateway has neighbours that are no uplink's alone. */
export function lansOf({ device, sides }: WorldSite): readonly ConnectedNetwork[] {
  return connectedNetworks(device).filter(
    ({ prefix, interface: { name, kind } }) =>
      kind === 'physical' &&
      prefix.bits !== prefix.lastBits &&
      (!sides.uplinks.includes(name) || sides.inside === name),
  )
}
