import {
  type Address,
  abilities,
  type Gateway,
  knownAddress,
  knownOf,
  type Network,
  type Plan,
  Prefix,
  type Site,
  type SiteName,
} from '@natplan/core'

/** The interfaces of every gateway in a lab. */
export const interfaces = {
  outside: 'outside',
  inside: (index: number) => `inside${index}`,
  uplink: (index: number) => `uplink${index}`,
} as const

/** A lab of more gateways than this would take the machine that it runs on with it. */
export const gatewayLimit = 32

type Uplink = Gateway['uplinks'] extends ReadonlyMap<string, infer One> ? One : never

/** A site whose gateway stands in the lab. */
export type LabSite = Site & { readonly gateway: Gateway }

/**
 * The same plan with Linux gateways: the platform and the names of interfaces are the lab's. A gateway without a peer, or at an IPv6 address, is left out.
 */
export function asLinux({ network: { sites: all, ...others }, ...given }: Plan): {
  readonly plan: Plan
  readonly leftOut: readonly string[]
} {
  const plan: Plan = { ...given, network: { ...others, sites: withRouters(all) } }
  const leftOut: string[] = []
  const sites = new Map<SiteName, Site>()
  const addresses = labAddresses(plan)
  for (const [name, site] of plan.network.sites) {
    const reason = reasonToLeaveOut(plan, site)
    if (reason !== undefined) leftOut.push(`${name}: ${reason}`)
    const address = addresses.get(name)
    const gateway = site.gateway && address && reason === undefined ? linuxGateway(site.gateway, address) : undefined
    if (gateway && site.gateway && address)
      leftOut.push(...differing(site.gateway, address).map((one) => `${name}: ${one}`))
    sites.set(name, { ...site, gateway })
  }
  const tunnels = plan.network.tunnels?.map((tunnel) => {
    if (tunnel.certificates) leftOut.push(`the certificates of ${tunnel.sites.join(' and ')}: keys stand for them`)
    return { ...tunnel, certificates: undefined }
  })
  const network: Network = { ...plan.network, sites, tunnels }
  return { plan: { ...plan, network }, leftOut }
}

/** Behind further addresses of clouds, which say nothing of their routers (RFC 3927). */
const spareRouters = Prefix.parse('169.254.250.0/24')

function withRouters(sites: Plan['network']['sites']): Plan['network']['sites'] {
  let next = 1
  return new Map(
    [...sites].map(([name, site]) => {
      const { gateway } = site
      if (!gateway || !abilities[gateway.platform].cloud) return [name, site] as const
      const uplinks = [...gateway.uplinks].map(([called, uplink]) => {
        return [called, { ...uplink, nextHop: spareRouters.at(next++) }] as const
      })
      return [name, { ...site, gateway: { ...gateway, uplinks: new Map(uplinks) } }] as const
    }),
  )
}

function differing({ outside: { address: own, publicAddress: called }, uplinks }: Gateway, address: Address): string[] {
  const isBehindNat = own.kind !== 'known' && called.kind === 'known'
  return [
    ...(called.kind === 'host' ? [`the host name of its gateway; ${address} stands for it`] : []),
    ...(isBehindNat ? [`the NAT in front of its gateway; the gateway has ${address} itself`] : []),
    ...[...uplinks].flatMap(([name, uplink]) => differingUplink(name, uplink)),
  ]
}

function differingUplink(name: string, { address: own, publicAddress: called, nextHop }: Uplink): string[] {
  const address = knownAddress(called)
  if (address?.family !== 4) return [`its uplink ${name}, whose IPv4 address is not known`]
  if (!nextHop) return [`its uplink ${name}, whose router is not known`]
  const isBehindNat = !(own.kind === 'known' && own.address.equals(address))
  return isBehindNat ? [`the NAT in front of its uplink ${name}; the gateway has ${address} itself`] : []
}

/** Addresses of gateways that the plan gives none (RFC 5737). */
const spareAddresses = Prefix.parse('203.0.113.0/24')

/** The address that each gateway has on the lab's internet: what peers send to, or one that nothing else has. */
export function labAddresses({ network }: Plan): ReadonlyMap<SiteName, Address> {
  const gateways = [...network.sites.values()].flatMap(({ name, gateway }) => (gateway ? [{ name, gateway }] : []))
  const taken = new Set(gateways.flatMap(({ gateway }) => knownOf([gateway.outside.publicAddress]).map(String)))
  let next = 200
  return new Map(
    gateways.map(({ name, gateway }) => {
      const known = knownAddress(gateway.outside.publicAddress)
      if (known) return [name, known]
      while (taken.has(spareAddresses.at(next).toString())) next++
      return [name, spareAddresses.at(next++)]
    }),
  )
}

/** The sites that stand in the lab, by name. */
export function labSites({ network }: Plan): LabSite[] {
  return [...network.sites.values()].filter((site): site is LabSite => site.gateway !== undefined)
}

function reasonToLeaveOut(plan: Plan, { name, gateway }: Site): string | undefined {
  if (!gateway) return 'the plan file does not describe its gateway'
  const called = knownAddress(gateway.outside.publicAddress)
  if (called?.family === 6) return `its gateway is at an IPv6 address (${called})`
  const hasPeer = [...plan.network.sites.values()].some(
    (other) => other.name !== name && other.gateway && plan.peers.areJoined(name, other.name),
  )
  return hasPeer ? undefined : 'no tunnel joins it to another gateway of the plan'
}

/** One whose address changes has one in the lab, and its peers do not know it. */
function linuxGateway(gateway: Gateway, address: Address): Gateway {
  const { outside } = gateway
  const called =
    outside.publicAddress.kind === 'dynamic' ? outside.publicAddress : ({ kind: 'known', address } as const)
  const own = outside.address.kind === 'known' ? outside.address : called
  const uplinks = [...gateway.uplinks].map(([name, uplink], index) => {
    return [name, { ...uplink, interface: interfaces.uplink(index), address: uplink.publicAddress }] as const
  })
  return {
    ...gateway,
    platform: 'linux',
    uplinks: new Map(uplinks),
    outside: { ...outside, interface: interfaces.outside, address: own, publicAddress: called },
    inside: { interface: interfaces.inside(0) },
  }
}
