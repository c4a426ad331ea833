import type { Gateway, Network, Plan, Site, SiteName } from '@natplan/core'

/** The interfaces of every gateway in a lab. */
export const interfaces = { outside: 'outside', inside: (index: number) => `inside${index}` } as const

/** A lab of more gateways than this would take the machine that it runs on with it. */
export const gatewayLimit = 32

/** A site whose gateway stands in the lab. */
export type LabSite = Site & { readonly gateway: Gateway }

/**
 * The same plan with Linux gateways: the platform and the names of interfaces are the lab's, and a gateway has its public address
 * itself. A gateway without a peer, or at an IPv6 address, is left out.
 */
export function asLinux(plan: Plan): { readonly plan: Plan; readonly leftOut: readonly string[] } {
  const leftOut: string[] = []
  const sites = new Map<SiteName, Site>()
  for (const [name, site] of plan.network.sites) {
    const reason = reasonToLeaveOut(plan, site)
    if (reason !== undefined) leftOut.push(`${name}: ${reason}`)
    const gateway = site.gateway && reason === undefined ? linuxGateway(site.gateway) : undefined
    if (gateway && site.gateway && !site.gateway.outside.address.equals(site.gateway.outside.publicAddress)) {
      leftOut.push(
        `${name}: the NAT in front of its gateway; the gateway has ${site.gateway.outside.publicAddress} itself`,
      )
    }
    sites.set(name, { ...site, gateway })
  }
  const network: Network = { ...plan.network, sites }
  return { plan: { ...plan, network }, leftOut }
}

/** The sites that stand in the lab, by name. */
export function labSites({ network }: Plan): LabSite[] {
  return [...network.sites.values()].filter((site): site is LabSite => site.gateway !== undefined)
}

function reasonToLeaveOut(plan: Plan, { name, gateway }: Site): string | undefined {
  if (!gateway) return 'the plan file does not describe its gateway'
  if (gateway.outside.publicAddress.family === 6)
    return `its gateway is at an IPv6 address (${gateway.outside.publicAddress})`
  const hasPeer = [...plan.network.sites.values()].some(
    (other) => other.name !== name && other.gateway && plan.peers.areJoined(name, other.name),
  )
  return hasPeer ? undefined : 'no tunnel joins it to another gateway of the plan'
}

function linuxGateway(gateway: Gateway): Gateway {
  const { outside } = gateway
  return {
    ...gateway,
    platform: 'linux',
    outside: { ...outside, interface: interfaces.outside, address: outside.publicAddress },
    inside: { interface: interfaces.inside(0) },
  }
}
