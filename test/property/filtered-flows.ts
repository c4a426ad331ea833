import { Address, type Trace, tracePacket, type WorldSite } from '@natplan/core'
import * as fc from 'fast-check'

/** A packet at the gateway of the first of two sites, as a rule can ask for it: eth1 is inside, eth0 outside. */
export interface Seen {
  readonly source: string
  readonly destination: string
  readonly protocol: number
  readonly port: number
  readonly in: string
  readonly out: string
  readonly state: 'new' | 'established'
  readonly isDecrypted: boolean
  readonly isEncrypting: boolean
}

/** Hosts of a site: the first, and how many of them as a length. */
export interface Hosts {
  readonly network: 1 | 2
  readonly first: number
  readonly length: 28 | 30 | 31 | 32
}

/** A connection between 10.1.0.0/28 and 10.2.0.0/28. */
export interface Flow {
  readonly from: 1 | 2
  readonly near: number
  readonly far: number
  readonly protocol: number
  readonly port: number
}

export const sourcePort = 40_000

export const flow: fc.Arbitrary<Flow> = fc.record({
  from: fc.constantFrom(1 as const, 2 as const),
  near: fc.integer({ min: 1, max: 13 }),
  far: fc.integer({ min: 1, max: 13 }),
  protocol: fc.constantFrom(6, 17),
  port: fc.constantFrom(53, 443),
})

export function isAmong(address: string, { network, first, length }: Hosts): boolean {
  const [, own, , host = 0] = address.split('.').map(Number)
  const size = 2 ** (32 - length)
  const start = Math.floor(first / size) * size
  return own === network && host >= start && host < start + size
}

/**
 * What natplan says: the packets arrive without a filter, so any other end is one by a filter. A policy by state may drop the negotiation as
 * well, and what leaves in clear is taken for guarded.
 */
export function tracedEnd(sites: ReadonlyMap<string, WorldSite>, flow: Flow): string {
  const { protocol, port } = flow
  const site = sites.get(flow.from === 1 ? 'one' : 'two')
  if (!site) throw new Error('there is no such site')
  const [source, destination] = endsOf(flow).map((end) => Address.parse(end)) as [Address, Address]
  const request = { source, destination, protocol, sourcePort, destinationPort: port }
  const { disposition }: Trace = tracePacket({ sites }, site, request)
  return disposition === 'delivered' || disposition === 'unknown' ? disposition : 'filtered'
}

/** What may become of it by an oracle that says of one packet what each filter can do: of the first packet, what follows it, and the answers. */
export function possibleEnds(flow: Flow, asked: (packet: Seen) => readonly ReadonlySet<'accept' | 'drop'>[]): string[] {
  const { from, protocol, port } = flow
  const ends = endsOf(flow)
  const outward = { in: 'eth1', out: 'eth0', isDecrypted: false, isEncrypting: true }
  const inward = { in: 'eth0', out: 'eth1', isDecrypted: true, isEncrypting: false }
  const [there, back] = from === 1 ? [outward, inward] : [inward, outward]
  const first = { source: ends[0], destination: ends[1], protocol, port, ...there }
  const answer = { source: ends[1], destination: ends[0], protocol, port: sourcePort, ...back }
  const packets: Seen[] = [
    { ...first, state: 'new' },
    { ...first, state: 'established' },
    { ...answer, state: 'established' },
  ]
  const all = packets.flatMap(asked)
  const isMixed = all.some((answers) => answers.size === 2)
  if (all.some((answers) => answers.size === 1 && answers.has('drop'))) {
    return isMixed ? ['filtered', 'unknown'] : ['filtered']
  }
  return [isMixed ? 'unknown' : 'delivered']
}

function endsOf({ from, near, far }: Flow): readonly [string, string] {
  return [`10.${from}.0.${near}`, `10.${from === 1 ? 2 : 1}.0.${far}`]
}
