import type { Device, DeviceTunnel } from '../device/device.ts'
import { abilities } from '../policy/abilities.ts'

/** The virtual interface that routes lead into. */
export function boundTo({ children }: DeviceTunnel): string | undefined {
  return children.find(({ through }) => through?.kind === 'route')?.through?.interface
}

/**
 * The interface whose routes go with a tunnel. The family takes a VTI down; an XFRM interface of Linux stays, and drops what is routed into
 * it, unless a script takes the routes away.
 */
export function losingRoutes({ platform }: Device, tunnel: DeviceTunnel): string | undefined {
  if (!abilities[platform].routed?.staysUp) return boundTo(tunnel)
  const { whenDown } = tunnel
  return whenDown && 'takesRoutesInto' in whenDown ? whenDown.takesRoutesInto : undefined
}
