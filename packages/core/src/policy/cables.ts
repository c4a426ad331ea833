import type { GatewayPolicy, TunnelPolicy, VirtualInterface } from './gateway-policy.ts'

/** The two ends of a cable inside a gateway: in the main table, and in that of a VRF. */
export interface Cable {
  readonly near: VirtualInterface
  readonly far: VirtualInterface
}

/** The cable before a tunnel; several tunnels to a peer have one. `undefined` where packets pass none. */
export function cableOf(
  { interfaces }: Pick<GatewayPolicy, 'interfaces'>,
  { peer }: Pick<TunnelPolicy, 'peer'>,
): Cable | undefined {
  const vrf = interfaces.find((one) => one.kind === 'tunnel' && one.peer === peer)?.vrf
  const far = interfaces.find((one) => one.kind === 'cable' && vrf !== undefined && one.vrf === vrf)
  const near = interfaces.find(({ name }) => name === far?.joins)
  return near && far ? { near, far } : undefined
}
