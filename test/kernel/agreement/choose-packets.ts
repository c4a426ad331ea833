import type { Prefix } from '@natplan/core'
import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { pick, type Random } from '../lab/mutations.ts'
import type { HostState, Network } from './network.ts'
import { internetAddress } from './wiring.ts'

/** Packets of hosts to what they call most often, and to what somebody may call by mistake. */
export function choosePackets(network: Network, random: Random, count: number): LabPacket[] {
  return Array.from({ length: count }, () => packetFrom(network, random))
}

function packetFrom(network: Network, random: Random): LabPacket {
  const host = pick(random, network.hosts)
  const source = pick(random, host.addresses)
  const destination = destinationFor(network, host, random)
  const isOwn = host.addresses.includes(destination) || destination === host.gateway
  if (isOwn) return packetFrom(network, random)
  const protocol = pick(random, ['icmp', 'tcp', 'tcp', 'udp', 'udp', 'udp'] as const)
  return { from: host.machine, source, destination, protocol }
}

function destinationFor({ called, hosts }: Network, { site }: HostState, random: Random): string {
  const chance = random()
  const usual = called.get(site) ?? []
  if (chance < 0.75) return addressIn(pick(random, usual), random)
  if (chance < 0.9) return addressIn(pick(random, hosts).prefix, random)
  if (chance < 0.96) return addressIn(pick(random, [...called.values()].flat()), random)
  return internetAddress
}

/** Where hosts are, most often; sometimes the edges. */
function addressIn(prefix: Prefix, random: Random): string {
  const size = 2 ** (32 - prefix.length)
  if (size < 8) return prefix.at(Math.floor(random() * size)).toString()
  const hosts = [5, 6, 12, 17, 20, 30].filter((number) => number + 1 < size)
  const number = random() < 0.92 ? pick(random, hosts) : pick(random, [0, 2, size - 2, size / 2 + 5])
  return prefix.at(number).toString()
}
