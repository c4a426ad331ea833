import { type GatewayPolicy, type GatewayRoute, ifIdOf, takeOversOf, type VirtualInterface } from '@natplan/core'
import { marks } from './marks.ts'

/** Virtual interfaces, VRFs and routes, as the script that sets them up prints them. */
export interface RoutedView {
  /** Some tunnel has a virtual interface, so there is a script and a unit that runs it. */
  readonly isRouted: boolean
  /** The gateway has routing tables of its own beside the main one. */
  readonly hasVrfs: boolean
  readonly mark: { readonly group: number; readonly protocol: number }
  readonly vrfs: readonly { readonly name: string; readonly table: number }[]
  readonly cables: readonly CableView[]
  readonly tunnelInterfaces: readonly TunnelInterfaceView[]
  /** All but those of tunnels that take over from each other. */
  readonly routes: readonly RouteView[]
  /** By tunnel: the routes that are there while it is up. */
  readonly switching: readonly SwitchingView[]
  readonly isSwitching: boolean
  /** Addresses of peers that hosts take for neighbours. */
  readonly proxied: readonly { readonly address: string; readonly interface: string }[]
  /** There is a script that sets up interfaces, routes and answers, and a unit that runs it. */
  readonly hasScript: boolean
}

/** Whether a gateway needs more than NAT and connections. */
export function needsScript({ interfaces, routes, proxied = [] }: GatewayPolicy): boolean {
  return interfaces.length > 0 || routes.length > 0 || proxied.length > 0
}

interface SwitchingView {
  readonly ifId: number
  /** The same as `ip xfrm` prints it. */
  readonly policyId: string
  /** What the routes lead to: its interface, or the cable before that. */
  readonly interface: string
  /** The table of its routes; `undefined` for the main one. */
  readonly table: number | undefined
  readonly routes: readonly RouteView[]
}

interface LinkView {
  readonly name: string
  /** With the length of its network. */
  readonly address: string | undefined
  readonly vrf: string | undefined
  /** `mtu 1438`, so that the gateway tells hosts what fits before it encrypts. */
  readonly mtu: number | undefined
}

/** A pair of interfaces that are joined to each other. */
interface CableView {
  readonly name: string
  readonly joins: string
  readonly mtu: number | undefined
  readonly ends: readonly LinkView[]
}

interface TunnelInterfaceView extends LinkView {
  readonly ifId: number
}

/** It has one of `interface` and `via`, or leads nowhere. */
interface RouteView {
  readonly prefix: string
  readonly isSix: boolean
  readonly interface: string | undefined
  readonly via: string | undefined
  readonly isNowhere: boolean
  readonly distance: number
  /** `undefined` for the main table. */
  readonly table: number | undefined
}

export function routedView(policy: GatewayPolicy): RoutedView {
  const { interfaces, routes, vrfs, proxied = [] } = policy
  const mtu = mtuOf(policy)
  const link = ({ name, address, vrf }: VirtualInterface): LinkView => ({
    name,
    address: addressText(address),
    vrf,
    mtu,
  })
  const tunnels = interfaces.filter(({ kind }) => kind === 'tunnel')
  const taking = takeOversOf(policy)
  const switched = new Set(taking.flatMap((one) => one.routes))
  const switching = taking.map(({ tunnel, interface: name, routes: own }) => {
    const ifId = ifIdOf(tunnel.through?.interface ?? '') ?? 0
    return {
      ifId,
      policyId: `0x${ifId.toString(16)}`,
      interface: name,
      table: policy.vrfs.find((vrf) => vrf.name === own[0]?.vrf)?.table,
      routes: own.map((route) => routeView(route, policy)),
    }
  })
  return {
    isRouted: tunnels.length > 0,
    hasVrfs: vrfs.length > 0,
    mark: marks,
    vrfs: vrfs.map(({ name, table }) => ({ name, table })),
    cables: interfaces.flatMap((near) => {
      const far = near.vrf === undefined ? interfaces.find(({ name }) => name === near.joins) : undefined
      return far ? [{ name: near.name, joins: far.name, mtu, ends: [link(near), link(far)] }] : []
    }),
    tunnelInterfaces: tunnels.map((one) => ({ ...link(one), ifId: ifIdOf(one.name) ?? 0 })),
    routes: routes.filter((route) => !switched.has(route)).map((route) => routeView(route, policy)),
    switching,
    isSwitching: switching.length > 0,
    proxied: proxied.map(({ address, interface: port }) => ({ address: address.toString(), interface: port })),
    hasScript: needsScript(policy),
  }
}

/** TCP segments and their headers; those of IPv6 are longer. */
function mtuOf({ clamps, interfaces, tunnels }: GatewayPolicy): number | undefined {
  const clamp = clamps.find((one) => interfaces.some(({ kind, name }) => kind === 'tunnel' && name === one.interface))
  const hasSix = tunnels.some(({ selectors }) => selectors.some(({ local }) => local.family === 6))
  return clamp && clamp.mss + (hasSix ? 60 : 40)
}

function addressText(address: VirtualInterface['address']): string | undefined {
  return address && `${address.address}/${address.network.length}`
}

function routeView({ prefix, to, vrf, distance }: GatewayRoute, { vrfs }: GatewayPolicy): RouteView {
  return {
    prefix: prefix.toString(),
    isSix: prefix.family === 6,
    interface: to.kind === 'nowhere' ? undefined : to.interface,
    via: to.kind === 'via' ? to.address.toString() : undefined,
    isNowhere: to.kind === 'nowhere',
    distance,
    table: vrfs.find(({ name }) => name === vrf)?.table,
  }
}
