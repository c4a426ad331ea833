import {
  type Address,
  NatplanError,
  nearest,
  type PacketRequest,
  protocolNames,
  protocolNumber,
  usualPorts,
  type World,
  type WorldSite,
} from '@natplan/core'
import { type PacketWorld, sourceOf, type Target, targetsOf } from './packet-ends.ts'

/** A packet as it stands on the command line. */
export interface WrittenPacket {
  /** `SITE:ADDRESS`, or an address that only one site has; a host's name in place of the address. */
  readonly source: string
  /** The address that the source's site calls, or `SITE:ADDRESS` with the real address at the far end, or a host's name. */
  readonly destination: string
  readonly proto: string
  readonly sport?: number | undefined
  readonly dport?: number | undefined
}

/** @throws NatplanError USAGE, ADDRESS_INVALID, HOST_UNKNOWN, HOST_UNCLEAR */
export function packetOf(
  within: PacketWorld,
  written: WrittenPacket,
): { readonly from: WorldSite; readonly request: Required<PacketRequest> } {
  const { site: from, addresses } = sourceOf(within, written.source)
  const { source, target } = ofOneVersion(addresses, targetsOf(within, from, written))
  const request = {
    source,
    destination: target.address,
    protocol: protocolOf(written.proto),
    sourcePort: portOf('--sport', written.sport ?? usualPorts.source),
    destinationPort: portOf('--dport', written.dport ?? target.port ?? usualPorts.destination),
  }
  return { from, request }
}

/** The first addresses of the two that can meet. */
function ofOneVersion(
  sources: readonly Address[],
  targets: readonly Target[],
): { readonly source: Address; readonly target: Target } {
  for (const source of sources) {
    const target = targets.find(({ address }) => address.family === source.family)
    if (target) return { source, target }
  }
  throw new NatplanError('USAGE', `${sources[0]} and ${targets[0]?.address} are of different IP versions`)
}

/** A number that is kept for experiments (RFC 3692), so that no rule means it alone. */
const anyProtocol = 253

/** `any` is a protocol that no rule names. A slip would be one too, and would pass rules that the protocol in mind does not. */
function protocolOf(text: string): number {
  const word = text.toLowerCase()
  const number = word === 'any' ? anyProtocol : protocolNumber(word)
  if (number !== undefined) return number
  const near = nearest(word, ['any', ...protocolNames])
  throw new NatplanError('USAGE', `--proto ${JSON.stringify(text)} is not a protocol that natplan knows`, {
    hint: near ? `did you mean ${near}?` : 'write tcp, udp, icmp, any, or a number from 0 to 255',
  })
}

/** @throws NatplanError USAGE for a name that no nodes have */
export function poolOf(world: World, name: string | undefined): string | undefined {
  const names = [...world.sites.values()].flatMap(({ nodes }) => nodes.flatMap((group) => group.name ?? []))
  if (name === undefined || names.includes(name)) return name
  const near = nearest(name, names)
  throw new NatplanError('USAGE', `there are no nodes called ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `nodes with a name: ${[...new Set(names)].join(', ') || 'none'}`,
  })
}

function portOf(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new NatplanError('USAGE', `${option} is not a port`, { hint: 'write a number from 0 to 65535' })
}
