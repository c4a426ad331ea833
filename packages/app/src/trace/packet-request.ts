import {
  Address,
  callNameOf,
  NatplanError,
  nearest,
  type PacketRequest,
  protocolNames,
  protocolNumber,
  sitesWith,
  usualPorts,
  type World,
  type WorldSite,
} from '@natplan/core'

/** A packet as it stands on the command line. */
export interface WrittenPacket {
  /** `SITE:ADDRESS`, or an address that only one site has. */
  readonly source: string
  /** The address that the source's site calls, or `SITE:ADDRESS` with the real address at the far end. */
  readonly destination: string
  readonly proto: string
  readonly sport?: number | undefined
  readonly dport?: number | undefined
}

/** @throws NatplanError USAGE, ADDRESS_INVALID */
export function packetOf(
  world: World,
  written: WrittenPacket,
): { readonly from: WorldSite; readonly request: Required<PacketRequest> } {
  const { site: from, address: source } = sourceOf(world, written.source)
  const destination = destinationOf(world, from, written.destination)
  if (source.family !== destination.family) {
    throw new NatplanError('USAGE', `${source} and ${destination} are of different IP versions`)
  }
  const request = {
    source,
    destination,
    protocol: protocolOf(written.proto),
    sourcePort: portOf('--sport', written.sport ?? usualPorts.source),
    destinationPort: portOf('--dport', written.dport ?? usualPorts.destination),
  }
  return { from, request }
}

function sourceOf(world: World, text: string): { readonly site: WorldSite; readonly address: Address } {
  const { name, rest } = splitSite(world, text)
  const address = Address.parse(rest)
  if (name !== undefined) return { site: siteNamed(world, name), address }
  const sites = sitesWith(world, address)
  const [site] = sites
  if (site && sites.length === 1) return { site, address }
  const names = sites.length > 0 ? sites.map((one) => one.name) : [...world.sites.keys()]
  throw new NatplanError('USAGE', sites.length > 1 ? `several sites have ${address}` : `no site has ${address}`, {
    hint: `say whose it is: ${names
      .slice(0, 3)
      .map((one) => `${one}:${address}`)
      .join(' or ')}`,
  })
}

function destinationOf(world: World, from: WorldSite, text: string): Address {
  const { name, rest } = splitSite(world, text)
  const address = Address.parse(rest)
  if (name === undefined) return address
  const site = siteNamed(world, name)
  if (site === from) return address
  const called = callNameOf(world, from, { site, real: address })
  if (called) return called
  throw new NatplanError('USAGE', `no tunnel of ${from.name} carries ${address} of ${site.name}`, {
    hint: 'give the address as the source site calls it to see how far the packet gets',
  })
}

/**
 * An IPv6 address holds colons itself, and a site may be called `a` or `cafe`: what stands before the first colon is a site where there is
 * one of that name and an address follows, and where the whole is no address.
 */
function splitSite(world: World, text: string): { readonly name: string | undefined; readonly rest: string } {
  const at = text.indexOf(':')
  const [name, rest] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
  const isSite = world.sites.has(name) && Address.tryParse(rest) !== undefined
  if (at < 0 || (!isSite && Address.tryParse(text))) return { name: undefined, rest: text }
  return { name, rest }
}

function siteNamed(world: World, name: string): WorldSite {
  const site = world.sites.get(name)
  if (site) return site
  const near = nearest(name, [...world.sites.keys()])
  throw new NatplanError('USAGE', `there is no gateway of a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a gateway: ${[...world.sites.keys()].join(', ') || 'none'}`,
  })
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
