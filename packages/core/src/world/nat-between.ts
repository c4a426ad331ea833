import { privateSpace } from '../device/next-hop.ts'
import type { Answer, PeerEnd } from './ends.ts'

/** Whether something between two gateways changes their addresses, so that what they send to each other goes in UDP (RFC 3947). */
export function natBetween(one: PeerEnd, other: PeerEnd): Answer {
  if (one.tunnel.forceNatTraversal || other.tunnel.forceNatTraversal) return 'yes'
  const answers = [isBehindNat(one, other), isBehindNat(other, one)]
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no'
}

/** A gateway whose peer sends to another address than it has, or that calls a public peer from a private one. */
function isBehindNat({ site, tunnel: { local } }: PeerEnd, { tunnel: peer }: PeerEnd): Answer {
  const { address: named } = peer.remote
  if (local.address.kind !== 'known') {
    if (named.kind !== 'known') return 'maybe'
    const isOwn = site.addresses.some((address) => address.equals(named.address))
    const isConcluded = site.reachedAt?.some(({ address }) => address.equals(named.address)) ?? false
    return isOwn && !isConcluded ? 'no' : 'maybe'
  }
  const own = local.address.address
  if (named.kind === 'known') return own.equals(named.address) ? 'no' : 'yes'
  const isFarPublic = peer.local.address.kind === 'known' && !privateSpace.contains(peer.local.address.address)
  if (privateSpace.contains(own)) return isFarPublic ? 'yes' : 'maybe'
  return 'no'
}
