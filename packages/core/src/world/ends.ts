import type { Address } from '../address/address.ts'
import { textOf } from '../address/named-address.ts'
import type { DeviceTunnel } from '../device/device.ts'
import type { WorldSite } from './world.ts'

/** One end of a tunnel, with its site. */
export interface PeerEnd {
  readonly site: WorldSite
  readonly tunnel: DeviceTunnel
}

/** An answer about what a configuration may leave open. */
export type Answer = 'yes' | 'no' | 'maybe'

/** The addresses at which a gateway can be reached, as far as they are known. */
export function knownAddresses({ addresses, device }: WorldSite): Address[] {
  const locals = device.tunnels.flatMap(({ local }) => (local.address.kind === 'known' ? [local.address.address] : []))
  const all = [...addresses, ...locals]
  return [...new Map(all.map((address) => [address.toString(), address])).values()]
}

/** Reports whether a gateway may have addresses that nobody wrote down. */
export function hasUnknownAddresses(site: WorldSite): boolean {
  const isDynamic = site.device.interfaces.some(({ addresses }) => addresses.some(({ kind }) => kind === 'dynamic'))
  return isDynamic || knownAddresses(site).length === 0
}

/** Whether packets to what one end names as its peer arrive at the other end. */
export function leadsTo({ tunnel: { remote } }: PeerEnd, { site, tunnel }: PeerEnd): Answer {
  const { address: named } = remote
  if (named.kind === 'any' || (named.kind === 'host' && named.name === site.hostName)) return 'yes'
  if (named.kind !== 'known') return 'maybe'
  const isTarget = (address: Address) => address.equals(named.address)
  const { address: local } = tunnel.local
  if (local.kind === 'known' && isTarget(local.address)) return 'yes'
  // Another tunnel's own address is not that of a NAT in front of this one.
  const isOfAnother = site.device.tunnels.some(
    ({ local: other }) => other.address.kind === 'known' && isTarget(other.address.address),
  )
  if (site.addresses.some(isTarget) && (!isOfAnother || local.kind !== 'known')) {
    return isContested(site, named.address) ? 'maybe' : 'yes'
  }
  if (isOfAnother && local.kind !== 'known') return 'yes'
  return local.kind !== 'known' && hasUnknownAddresses(site) ? 'maybe' : 'no'
}

/** Peers send to several addresses for one private address, so one of them may be wrong. */
function isContested({ reachedAt = [] }: WorldSite, address: Address): boolean {
  return reachedAt.some(
    (one) =>
      one.address.equals(address) &&
      reachedAt.some((other) => other.own.equals(one.own) && !other.address.equals(address)),
  )
}

const anyIdentities: ReadonlySet<string> = new Set(['%any', '%any4', '%any6', 'any', '0.0.0.0', '::'])

/** Whether one end takes the identity that the other sends. */
export function acceptsIdentity({ tunnel: { remote } }: PeerEnd, { site, tunnel: { local } }: PeerEnd): Answer {
  if (remote.identity === undefined) return 'maybe'
  const expected = plainIdentity(remote.identity)
  if (anyIdentities.has(expected)) return 'yes'
  if (local.identity !== undefined && !anyIdentities.has(plainIdentity(local.identity))) {
    return expected === plainIdentity(local.identity) ? 'yes' : 'no'
  }
  // Nothing is written: the gateway sends the address that it has.
  if (knownAddresses(site).some((address) => address.toString() === expected)) return 'yes'
  return hasUnknownAddresses(site) ? 'maybe' : 'no'
}

/** Reports whether both ends name one identity, so that they belong together whatever their addresses are. */
export function sharesIdentity(one: PeerEnd, other: PeerEnd): boolean {
  const [expected, sent] = [one.tunnel.remote.identity, other.tunnel.local.identity]
  if (expected === undefined || sent === undefined) return false
  const plain = plainIdentity(expected)
  return !anyIdentities.has(plain) && plain === plainIdentity(sent)
}

/** Reports whether an identity is that of one gateway, not a word for all. */
export function isSingleIdentity(identity: string): boolean {
  return !anyIdentities.has(plainIdentity(identity))
}

/** `@` only says that a name follows; names are compared without regard to case. */
export function plainIdentity(identity: string): string {
  return identity.replace(/^@/, '').toLowerCase()
}

export function ownAddressText({ site, tunnel }: PeerEnd): string {
  const { address } = tunnel.local
  const own = address.kind === 'known' ? [address.address.toString()] : []
  const all = [...new Set([...own, ...site.addresses.map(String)])]
  return all.length > 0 ? all.join(' or ') : textOf(address)
}
