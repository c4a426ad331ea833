import { Address, exampleOf, type NodePool, type Plan, type Prefix, type SiteName, type Subnet } from '@natplan/core'
import { names } from '@natplan/templates'
import { type LabSite, labSites } from './as-linux.ts'

/** Where one host or worker node sits. */
export interface Seat {
  readonly machine: string
  readonly site: SiteName
  readonly subnet: Subnet
  /** Its own first; the others are addresses that hosts of peers have at home as well. */
  readonly addresses: readonly Address[]
  /** The gateway's address on the way to this seat. */
  readonly gateway: Address
  /** The node pool, for a worker. */
  readonly pool: NodePool | undefined
  readonly daemonSet: string | undefined
  /** The ports that lead to addresses of this seat. */
  readonly forwards: Subnet['forwards']
}

/** More hosts at a site would show nothing new. */
const seatsAtMost = 3

/** What a gateway is called on a link where its subnet has no address for it (RFC 3927: of this link alone). */
const ofThisLink = Address.parse('169.254.0.2')

interface Seating {
  readonly seats: readonly Seat[]
  readonly leftOut: readonly string[]
}

/** A host for each subnet of every site, or a worker node where the site has a cluster; where hosts of two peers may have one address, they do. */
export function seatsOf(plan: Plan): Seating {
  const seatings = labSites(plan).map((site) => seatsAt(site))
  const seats = seatings.flatMap((seating) => seating.seats)
  return {
    seats: seats.map((seat) => withSameAddresses(plan, seat, seats)),
    leftOut: seatings.flatMap((one) => one.leftOut),
  }
}

function seatsAt(site: LabSite): Seating {
  const subnets = site.subnets.filter(({ prefix }) => prefix.family === 4)
  const pools = (site.kubernetes?.nodePools ?? []).slice(0, seatsAtMost)
  const seats: Seat[] = []
  for (const pool of subnets.length > 0 ? pools : []) {
    const subnet = subnetOf(pool, subnets, seats)
    if (!subnet) continue
    const machine = pool.name === undefined ? `${site.name}-worker` : `${site.name}-worker-${pool.name}`
    seats.push(seatIn(subnet, seats, { machine, pool, daemonSet: names.daemonSet(pool) }))
  }
  const free = subnets.filter((subnet) => !seats.some((seat) => seat.subnet === subnet))
  const hosted = free.slice(0, Math.max(0, seatsAtMost - seats.length))
  for (const [index, subnet] of hosted.entries()) {
    const machine = hosted.length === 1 ? `${site.name}-host` : `${site.name}-host${index + 1}`
    seats.push(seatIn(subnet, seats, { machine, pool: undefined, daemonSet: undefined }))
  }
  return { seats, leftOut: leftOutAt(site, free.length - hosted.length) }
}

function leftOutAt(site: LabSite, withoutHost: number): string[] {
  const six = site.subnets.length - site.subnets.filter(({ prefix }) => prefix.family === 4).length
  const pools = (site.kubernetes?.nodePools.length ?? 0) - seatsAtMost
  return [
    ...(withoutHost > 0 ? [`${site.name}: hosts in ${withoutHost} of its ${site.subnets.length} subnets`] : []),
    ...(six > 0 ? [`${site.name}: hosts in ${six === 1 ? 'its IPv6 subnet' : `its ${six} IPv6 subnets`}`] : []),
    ...(pools > 0 ? [`${site.name}: nodes of ${pools} of its node pools`] : []),
  ]
}

/** The subnet in which a pool's gateway is, or one that its private network covers; one without a node before others. */
function subnetOf({ gateway, privateNetwork }: NodePool, subnets: readonly Subnet[], seats: readonly Seat[]) {
  const fitting = subnets.filter(({ prefix }) => (gateway ? prefix.contains(gateway) : privateNetwork.contains(prefix)))
  const candidates = fitting.length > 0 ? fitting : subnets
  return candidates.find((subnet) => !seats.some((seat) => seat.subnet === subnet)) ?? candidates[0]
}

function seatIn(
  subnet: Subnet,
  seats: readonly Seat[],
  { machine, pool, daemonSet }: Pick<Seat, 'machine' | 'pool' | 'daemonSet'>,
): Seat {
  const { prefix, site } = subnet
  const isFirst = !seats.some((seat) => seat.subnet === subnet)
  const gateway = pool?.gateway ?? gatewayIn(subnet)
  const forwards = isFirst ? subnet.forwards.filter(({ to }) => !to.equals(gateway)) : []
  const taken = [gateway, ...seats.flatMap(({ addresses }) => addresses)]
  const addresses = new Map([freeAddress(prefix, taken), ...forwards.map(({ to }) => to)].map((one) => [`${one}`, one]))
  return { machine, site, subnet, addresses: [...addresses.values()], gateway, pool, daemonSet, forwards }
}

/** The last address that a host can have, and to which no port leads. */
function gatewayIn({ prefix, forwards }: Subnet): Address {
  if (prefix.length > 30) return ofThisLink
  const led = new Set(forwards.map(({ to }) => String(to)))
  let distance = Number(prefix.size) - 2
  while (distance > 1 && led.has(String(prefix.at(distance)))) distance--
  return prefix.at(distance)
}

function freeAddress(prefix: Prefix, taken: readonly Address[]): Address {
  const wanted = exampleOf({ real: prefix, translated: prefix }).real
  const distance = Number(wanted.bits) - Number(prefix.first.bits)
  for (let more = 0; distance + more < Number(prefix.size); more++) {
    const address = prefix.at(distance + more)
    if (!taken.some((other) => other.equals(address))) return address
  }
  return wanted
}

function withSameAddresses(plan: Plan, seat: Seat, seats: readonly Seat[]): Seat {
  const { prefix } = seat.subnet
  const atPeers = seats.filter(({ site }) => site !== seat.site && plan.peers.areJoined(site, seat.site))
  const same = atPeers.flatMap(({ addresses }) => addresses.slice(0, 1)).filter((address) => isUsable(prefix, address))
  const taken = [seat.gateway, ...seats.filter(({ site }) => site === seat.site).flatMap(({ addresses }) => addresses)]
  const addresses = [...seat.addresses]
  for (const address of same) {
    if (![...taken, ...addresses].some((other) => other.equals(address))) addresses.push(address)
  }
  return { ...seat, addresses }
}

function isUsable(prefix: Prefix, address: Address): boolean {
  const isEdge = prefix.length < 31 && (address.equals(prefix.first) || address.equals(prefix.last))
  return prefix.contains(address) && !isEdge
}
