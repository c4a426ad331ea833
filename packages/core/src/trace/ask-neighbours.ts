import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Written } from '../device/device.ts'
import type { Packet } from '../match/packet.ts'
import { RangeSet, rangeOf } from '../match/range-set.ts'
import { calledInside } from '../world/called-inside.ts'
import { lansOf } from '../world/lans.ts'
import type { WorldSite } from '../world/world.ts'

/** What comes of it when a host asks for an address by ARP that no neighbour has, since the gateway leads it elsewhere. */
export type Answered =
  | { readonly kind: 'answered'; readonly at: Written | undefined }
  /** Why nobody does. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** What would have to be known. */
  | { readonly kind: 'unknown'; readonly what: string }

/** `undefined` where no such address is called. */
export function askNeighbours(site: WorldSite, { source, destination }: Packet): Answered | undefined {
  const called = calledInside(site)
  if (called.isEmpty || !destination.isMember(called)) return undefined
  const address = Address.fromBits(destination.value)
  const lans = lansOf(site)
  const lan = lans.find(({ prefix }) => source.peek(rangeOf(prefix)))
  if (lan) source.isIn(rangeOf(lan.prefix))
  else if (lans.length > 0) return { kind: 'unanswered', why: `the gateway has no address in its network` }
  const port = lan?.interface.name ?? site.sides.inside
  const { entries = [], isWhole = false } = site.device.proxyArp ?? {}
  const own = entries.filter((one) => one.interface === undefined || one.interface === port)
  const named = RangeSet.ofPrefixes(own.flatMap((one) => (one.address ? [Prefix.of(one.address)] : [])))
  const forAll = own.find((one) => one.address === undefined)
  if (forAll) return { kind: 'answered', at: forAll }
  if (destination.isMember(named)) {
    return { kind: 'answered', at: own.find((one) => one.address?.equals(address)) }
  }
  const where = port === undefined ? '' : ` on ${port}`
  return lan && isWhole
    ? { kind: 'unanswered', why: `the gateway does not answer${where} for it (proxy ARP)` }
    : { kind: 'unknown', what: `whether the gateway answers ARP${where} for ${address}` }
}
