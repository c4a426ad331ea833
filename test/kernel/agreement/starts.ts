import type { Child, GatewayState, Network } from './network.ts'

export interface Start {
  readonly gateway: GatewayState
  /** Its children that begin, or that a packet brings up, each behind its connection: `to-b/net-b-1`. */
  readonly names: readonly string[]
}

/**
 * Which tunnels begin, in this order. Where hosts of all sites send, every gateway gets packets that bring up what it can; where those of
 * one send, only that gateway and those behind it, each away from the sender. What begins by itself does so anyhow.
 */
export function startsOf({ gateways }: Network, sender: string | undefined): Start[] {
  if (sender === undefined) {
    return gateways.map((gateway) => ({ gateway, names: childrenOf(gateway, ({ start }) => start !== 'none') }))
  }
  const own = gateways.filter(({ site }) => site === sender)
  const others = gateways.filter(({ site }) => site !== sender)
  const isOnOwn = ({ start }: Child) => start === 'start'
  return [
    ...gateways.map((gateway) => ({ gateway, names: childrenOf(gateway, isOnOwn) })),
    ...own.map((gateway) => ({ gateway, names: childrenOf(gateway, ({ start }) => start === 'trap') })),
    ...others.map((gateway) => ({
      gateway,
      names: childrenOf(gateway, ({ start }) => start === 'trap', `to-${sender}`),
    })),
  ].filter(({ names }) => names.length > 0)
}

function childrenOf({ connections }: GatewayState, isMeant: (child: Child) => boolean, except?: string): string[] {
  return connections
    .filter(({ name, remote }) => remote !== undefined && name !== except)
    .flatMap(({ name: connection, children }) =>
      children.filter((child) => child.mode === 'tunnel' && isMeant(child)).map(({ name }) => `${connection}/${name}`),
    )
}
