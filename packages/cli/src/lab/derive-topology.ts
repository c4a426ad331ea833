import { Address, type GatewayPolicy, knownAddress, type NodePool, type Plan, Prefix, type Subnet } from '@natplan/core'
import { interfaces, type LabSite, labAddresses, labSites } from './as-linux.ts'
import { closedPathsOf, pathsOf } from './paths.ts'
import { type Seat, seatsOf } from './seats.ts'
import type { GatewayPlan, LabTopology, Link, MachinePlan, UplinkPlan } from './topology.ts'

export const internet = 'internet'

/** The internet's own address, for packets that are meant for it. */
const internetAddress = '198.51.100.1'

/** The internet's address on every link (RFC 3927), so that public addresses need no subnet. */
const nextHop = '169.254.0.1'

/** Public addresses of worker nodes (RFC 5737). */
const workerAddresses = Prefix.parse('198.51.100.0/24')

const strict = { 'net/ipv4/conf/all/rp_filter': '1' }
const forwarding = { 'net/ipv4/ip_forward': '1' }

/** Derives what to build from a plan whose gateways are Linux (`asLinux`), and what natplan wants of them. */
export function deriveTopology(
  plan: Plan,
  policies: readonly GatewayPolicy[],
  platforms: ReadonlyMap<string, string>,
): LabTopology {
  const sites = labSites(plan)
  const addresses = labAddresses(plan)
  const { seats, leftOut } = seatsOf(plan)
  const gateways = sites.map(({ name, gateway }): GatewayPlan => {
    const address = addresses.get(name)?.toString() ?? ''
    const own = knownAddress(gateway.outside.address)?.toString() ?? address
    const uplinks = uplinksOf(
      gateway,
      policies.find(({ site }) => site === name),
    )
    return {
      site: name,
      machine: gatewayOf(name),
      platform: platforms.get(name) ?? 'linux',
      address,
      ...(own === address ? {} : { own }),
      ...(uplinks.length > 0 ? { uplinks } : {}),
    }
  })
  const publicAddresses = addressWorkers(seats, gateways)
  const workers = seats.flatMap(({ site, machine, daemonSet }) => (daemonSet ? [{ site, machine, daemonSet }] : []))
  const machines = [
    internetPlan(
      gateways,
      workers.map(({ machine }) => publicAddresses.get(machine) ?? ''),
    ),
    ...sites.map((site, index) =>
      gatewayPlan(
        site,
        gateways[index],
        seats.filter((seat) => seat.site === site.name),
      ),
    ),
    ...sites.flatMap((site, index) => natPlan(site, gateways[index])),
    ...seats.map((seat) => seatPlan(seat, publicAddresses.get(seat.machine))),
  ]
  const links = linksOf(gateways, seats, workers)
  const [paths, closed] = [pathsOf(plan, seats), closedPathsOf(plan, seats)]
  return { machines, links, gateways, workers, paths, closed, leftOut }
}

function gatewayOf(site: string): string {
  return `${site}-gateway`
}

function natOf(site: string): string {
  return `${site}-nat`
}

/** Those that have an address and a router behind it. */
function uplinksOf({ uplinks }: LabSite['gateway'], policy: GatewayPolicy | undefined): UplinkPlan[] {
  return [...uplinks.values()].flatMap(({ interface: name, publicAddress, nextHop: router }) => {
    const address = knownAddress(publicAddress)
    return address?.family === 4 && router
      ? [{ interface: name, address: `${address}`, nextHop: `${router}`, isBySource: isBySource(policy, name) }]
      : []
  })
}

/** Whether natplan makes no route over an uplink to some peer. */
function isBySource(
  { tunnels, routes }: Pick<GatewayPolicy, 'tunnels' | 'routes'> = { tunnels: [], routes: [] },
  name: string,
): boolean {
  const over = tunnels.filter((tunnel) => tunnel.interface === name)
  return over.some(({ remote }) => {
    const address = knownAddress(remote.address)
    return !routes.some(
      ({ prefix, to }) => to.kind === 'via' && to.interface === name && address && prefix.equals(Prefix.of(address)),
    )
  })
}

function addressWorkers(seats: readonly Seat[], gateways: readonly GatewayPlan[]): Map<string, string> {
  const taken = new Set([internetAddress, ...gateways.map(({ address }) => address)])
  const addresses = new Map<string, string>()
  let distance = 10
  for (const { machine, pool } of seats) {
    if (!pool) continue
    while (taken.has(workerAddresses.at(distance).toString())) distance++
    addresses.set(machine, workerAddresses.at(distance++).toString())
  }
  return addresses
}

function linksOf(
  gateways: readonly GatewayPlan[],
  seats: readonly Seat[],
  workers: readonly { machine: string }[],
): Link[] {
  const cable = (one: string, oneInterface: string, other: string, otherInterface: string): Link => ({
    ends: [
      { machine: one, interface: oneInterface },
      { machine: other, interface: otherInterface },
    ],
  })
  const inside = gateways.flatMap(({ site, machine }) =>
    seats
      .filter((seat) => seat.site === site)
      .map((seat, index) => cable(seat.machine, insideOf(seat), machine, interfaces.inside(index))),
  )
  return [
    ...gateways.flatMap(({ site, machine, own }, index) => {
      if (own === undefined) return [cable(machine, interfaces.outside, internet, gatewayLink(index))]
      return [
        cable(machine, interfaces.outside, natOf(site), natInside),
        cable(natOf(site), interfaces.outside, internet, gatewayLink(index)),
      ]
    }),
    ...gateways.flatMap(({ machine, uplinks = [] }, index) =>
      uplinks.map((uplink, at) => cable(machine, uplink.interface, internet, uplinkLink(index, at))),
    ),
    ...workers.map(({ machine }, index) => cable(machine, 'public', internet, workerLink(index))),
    ...inside,
  ]
}

function gatewayLink(index: number): string {
  return `gateway${index}`
}

function uplinkLink(index: number, at: number): string {
  return `${gatewayLink(index)}u${at}`
}

function workerLink(index: number): string {
  return `worker${index}`
}

function insideOf({ pool }: { readonly pool: NodePool | undefined }): string {
  return pool ? 'private' : 'eth0'
}

function internetPlan(gateways: readonly GatewayPlan[], workerAddresses: readonly string[]): MachinePlan {
  const ways = [
    ...gateways.map(({ address }, index) => ({ device: gatewayLink(index), address, own: nextHop })),
    ...gateways.flatMap(({ uplinks = [] }, index) =>
      uplinks.map(({ address, nextHop: own }, at) => ({ device: uplinkLink(index, at), address, own })),
    ),
    ...workerAddresses.map((address, index) => ({ device: workerLink(index), address, own: nextHop })),
  ]
  return {
    name: internet,
    kind: 'internet',
    site: undefined,
    addresses: [internetAddress],
    commands: [
      `address add ${internetAddress}/32 dev lo`,
      ...ways.flatMap(({ device, address, own }) => [
        `address add ${own}/32 dev ${device}`,
        `route add ${address}/32 dev ${device}`,
      ]),
    ],
    settings: forwarding,
  }
}

function gatewayPlan(
  { name, subnets }: LabSite,
  { address = '', own, uplinks = [] }: Partial<GatewayPlan> = {},
  seats: readonly Seat[],
): MachinePlan {
  const seated = new Set(seats.map(({ subnet }) => subnet))
  const unseated = subnets.filter((subnet) => subnet.prefix.family === 4 && !seated.has(subnet))
  const crowded = seats.map((_, index) => index).filter((index) => !isFirstIn(seats, index))
  return {
    name: gatewayOf(name),
    kind: 'gateway',
    site: name,
    addresses: [own ?? address, ...uplinks.map((uplink) => uplink.address)],
    commands: [
      ...(own === undefined
        ? toInternet(address, interfaces.outside)
        : toInternet(own, interfaces.outside, natAddress)),
      ...uplinks.flatMap((one, index) => [
        `address add ${one.address} peer ${one.nextHop}/32 dev ${one.interface}`,
        ...(one.isBySource ? bySource(one, firstTable + index) : []),
      ]),
      ...seats.flatMap((seat, index) => towardsSeat(seat, interfaces.inside(index), isFirstIn(seats, index))),
      ...unseated.map(({ prefix }) => `route add unreachable ${prefix}`),
    ],
    settings: {
      ...forwarding,
      ...strict,
      // Hosts of one subnet are behind several links here, and think that they are on one.
      ...(crowded.length > 0 ? { 'net/ipv4/conf/all/proxy_arp': '1' } : {}),
    },
  }
}

/** Where the NAT in front of a gateway has it, and the address that it has there: another than the internet's, which it must not take for its own. */
const natInside = 'inside'
const natAddress = '169.254.0.3'

/** What stands in front of a gateway with an address of its own: peers that know where to send reach it on the ports of IPsec. */
function natPlan({ name, gateway }: LabSite, { address = '', own }: Partial<GatewayPlan> = {}): MachinePlan[] {
  if (own === undefined) return []
  const isCalled = gateway.outside.publicAddress.kind === 'known'
  const handOn = `iifname "${interfaces.outside}" ip daddr ${address} udp dport { 500, 4500 } dnat to ${own}`
  const rules = `table ip natplan-lab-nat {
chain in { type nat hook prerouting priority dstnat; ${isCalled ? handOn : ''}
}
chain out { type nat hook postrouting priority srcnat; oifname "${interfaces.outside}" masquerade
}
}
`
  return [
    {
      name: natOf(name),
      kind: 'nat',
      site: name,
      addresses: [address],
      commands: [
        ...toInternet(address, interfaces.outside),
        `address add ${natAddress}/32 dev ${natInside}`,
        `route add ${own}/32 dev ${natInside}`,
      ],
      settings: forwarding,
      rules,
    },
  ]
}

function isFirstIn(seats: readonly Seat[], index: number): boolean {
  return seats.findIndex(({ subnet }) => subnet === seats[index]?.subnet) === index
}

/** Tables for uplinks whose packets are told by their source; others are natplan's or the system's. */
const firstTable = 100

function bySource({ address, nextHop: router, interface: device }: UplinkPlan, table: number): string[] {
  return [
    `route add default via ${router} dev ${device} table ${table}`,
    `rule add pref 100 from ${address} lookup ${table}`,
  ]
}

function toInternet(address: string, device: string, router = nextHop): string[] {
  return [
    `address add ${address} peer ${router}/32 dev ${device}`,
    `route add default via ${router} dev ${device} src ${address}`,
  ]
}

function towardsSeat({ subnet, gateway, addresses }: Seat, device: string, isFirst: boolean): string[] {
  const isOnLink = subnet.prefix.contains(gateway)
  if (isFirst && isOnLink) return [`address add ${gateway}/${subnet.prefix.length} dev ${device}`]
  const wholeSubnet = isFirst ? [`route add ${subnet.prefix} dev ${device}`] : []
  const single = isFirst ? [] : addresses.map((address) => `route add ${address}/32 dev ${device}`)
  return [`address add ${gateway}/32 dev ${device}`, ...wholeSubnet, ...single]
}

function seatPlan(seat: Seat, publicAddress: string | undefined): MachinePlan {
  const { machine, site, subnet, addresses, gateway, pool, forwards } = seat
  const device = insideOf(seat)
  const [own = Address.parse(nextHop), ...more] = addresses
  return {
    name: machine,
    kind: pool ? 'worker' : 'host',
    site,
    addresses: addresses.map(String),
    ...(forwards.length > 0 ? { ports: [...new Set(forwards.map(({ toPort }) => toPort))] } : {}),
    commands: [
      `address add ${own}/${subnet.prefix.length} dev ${device}`,
      ...more.map((address) => `address add ${address}/32 dev ${device}`),
      ...(subnet.prefix.contains(gateway) ? [] : [`route add ${gateway}/32 dev ${device}`]),
      ...(pool
        ? workerRoutes(pool, { subnet, gateway, publicAddress })
        : [`route add default via ${gateway} dev ${device}`]),
    ],
    settings: pool ? strict : {},
  }
}

/** The private network's route leads to the private gateway, the default route to the public one. */
function workerRoutes(
  pool: NodePool,
  { subnet, gateway, publicAddress }: { subnet: Subnet; gateway: Address; publicAddress: string | undefined },
): string[] {
  const isOwn = pool.gateway !== undefined || pool.privateNetwork.equals(subnet.prefix)
  return [
    ...(isOwn ? [] : [`route add ${pool.privateNetwork} via ${gateway} dev private`]),
    ...(publicAddress === undefined ? [] : toInternet(publicAddress, 'public')),
  ]
}
