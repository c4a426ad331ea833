import { type DeviceRule, type DeviceTunnel, type NamedAddress, RangeSet } from '@natplan/core'

/** The protocols of what tunnels send to each other: ESP, and UDP for IKE and behind NAT. */
const protocols = [17, 50]
const ports = [500, 4500]

/** Whether a rule that drops could drop what two gateways send to each other rather than what the tunnel carries. */
export function outerPackets(tunnels: readonly DeviceTunnel[]): (rule: DeviceRule) => boolean {
  const ends = tunnels.flatMap(({ local, remote }) => [local.address, remote.address])
  const known = RangeSet.ofValues(ends.flatMap((end) => (end.kind === 'known' ? [end.address.bits] : [])))
  return ({ match }) => {
    if ([match.source, match.destination].some((set) => set && !set.overlaps(known) && !isAll(set))) return false
    const { protocol, sourcePort, destinationPort, arrived, leaving } = match
    if (protocol && !protocols.some((number) => protocol.has(number))) return false
    const asksPorts = [sourcePort, destinationPort].filter((set) => set !== undefined)
    if (asksPorts.some((set) => !ports.some((port) => set.has(port)))) return false
    if (arrived === 'encrypted' || leaving === 'encrypted') return false
    return tunnels.some(({ local, remote }) => {
      const both = [local.address, remote.address] as const
      return isBetween(both, match) || isBetween([both[1], both[0]], match)
    })
  }
}

/** An address that is not known is taken to be in no set that leaves something out. */
function isBetween(
  [from, to]: readonly [NamedAddress, NamedAddress],
  { source, destination }: { readonly source?: RangeSet; readonly destination?: RangeSet },
): boolean {
  return isIn(from, source) && isIn(to, destination)
}

function isIn(address: NamedAddress, set: RangeSet | undefined): boolean {
  if (!set) return true
  return address.kind === 'known' ? set.has(address.address.bits) : isAll(set)
}

function isAll(set: RangeSet): boolean {
  return set.covers({ first: 1, last: 0xfffffffe })
}
