import { type DeviceInterface, type DeviceTunnel, type PacketMatch, Prefix, RangeSet } from '@natplan/core'
import { everyAddressOf, everyFamily } from '../words.ts'

/** What a gateway takes for its own: rules ask for the type of an address (`addrtype`, `fib`). */
export interface OwnAddresses {
  readonly local: RangeSet
  readonly broadcast: RangeSet
  /** No interface has others. */
  readonly isWhole: boolean
}

export function ownAddresses(interfaces: readonly DeviceInterface[], tunnels: readonly DeviceTunnel[]): OwnAddresses {
  const written = interfaces.flatMap(({ addresses }) => addresses)
  const known = written.flatMap((one) => (one.kind === 'known' ? [one] : []))
  const ends = tunnels.flatMap(({ local: { address } }) => (address.kind === 'known' ? [address.address.bits] : []))
  const networks = known.filter(({ network }) => network.family === 4 && network.length < 31)
  return {
    local: RangeSet.ofValues([...known.map(({ address }) => address.bits), ...ends]).union(loopback),
    broadcast: RangeSet.ofValues([0xffffffff, ...networks.map(({ network }) => network.lastBits)]),
    isWhole: known.length > 0 && written.length === known.length,
  }
}

const loopback = RangeSet.ofPrefixes(['127.0.0.0/8', '::1/128'].map((text) => Prefix.parse(text)))
const multicast = RangeSet.ofPrefixes(['224.0.0.0/4', 'ff00::/8'].map((text) => Prefix.parse(text)))

interface AskedKinds {
  readonly side: 'source' | 'destination'
  readonly kinds: readonly string[]
  readonly isNegated: boolean
  readonly family: 4 | 6 | undefined
}

/** Packets with an address of one of these types, or of none of them: one of the matches must hold. */
export function addressKinds(own: OwnAddresses, { side, kinds, isNegated, family }: AskedKinds): PacketMatch[] {
  const all = family === undefined ? everyFamily : everyAddressOf(family)
  const found = kinds.map((kind) => membersOf(kind.toLowerCase(), own))
  const sure = joined(found.map((one) => one.sure)).intersect(all)
  const unclear = joined(found.map((one) => one.possible))
    .intersect(all)
    .subtract(sure)
  const certain = isNegated ? all.subtract(sure).subtract(unclear) : sure
  return [
    ...(certain.isEmpty ? [] : [{ [side]: certain }]),
    ...(unclear.isEmpty ? [] : [{ [side]: unclear, unknown: `the type of the ${side}` }]),
  ]
}

function joined(sets: readonly RangeSet[]): RangeSet {
  return RangeSet.of(sets.flatMap(({ ranges }) => ranges))
}

interface Members {
  readonly sure: RangeSet
  /** Those of which it is not known as well. */
  readonly possible: RangeSet
}

function membersOf(kind: string, { local, broadcast, isWhole }: OwnAddresses): Members {
  const others = everyFamily.subtract(multicast)
  switch (kind) {
    case 'local':
      return { sure: local, possible: isWhole ? local : others }
    case 'broadcast':
      return { sure: broadcast, possible: isWhole ? broadcast : others }
    case 'multicast':
      return { sure: multicast, possible: multicast }
    case 'unicast':
      return { sure: RangeSet.empty, possible: others.subtract(local).subtract(broadcast) }
    default:
      return { sure: RangeSet.empty, possible: everyFamily }
  }
}
