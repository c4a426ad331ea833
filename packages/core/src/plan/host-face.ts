import type { Address } from '../address/address.ts'
import { knownOf } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import type { SiteName } from '../network/names.ts'
import type { Forward, Reserved, Site, Subnet } from '../network/network.ts'
import { outsidesOf } from '../network/outsides.ts'
import { turned } from './other-face.ts'
import { type Plan, visibleAs } from './plan.ts'

/** What a site calls a host of another one, if it can call it at all. */
export type HostFace =
  | { readonly kind: 'called'; readonly address: Address; readonly isTranslated: boolean }
  /** Only at ports of the address that its subnet hides behind. */
  | { readonly kind: 'forwarded'; readonly address: Address; readonly forwards: readonly Forward[] }
  | { readonly kind: 'unreachable'; readonly why: Unreachable }

/** Why a site cannot call a host. */
export type Unreachable =
  /** The two sites do not talk. */
  | { readonly kind: 'apart' }
  /** Nothing of the calling site has an address of that IP version. */
  | { readonly kind: 'family' }
  /** The host hides with all of its subnet, and no port leads to it. */
  | { readonly kind: 'hidden'; readonly subnet: Subnet }
  /** Its network takes part in no tunnel. */
  | { readonly kind: 'reserved'; readonly reserved: Reserved }
  /** The address is that of the gateway's outside, which is called without a tunnel. */
  | { readonly kind: 'outside' }
  /** It is in no network that the plan knows there. */
  | { readonly kind: 'nowhere' }

/** A host by its site and one of its real addresses. */
export interface HostAt {
  readonly site: SiteName
  readonly address: Address
}

/** What hosts of `seenBy`, which is another site, call a host. */
export function hostFace(plan: Plan, { site: name, address }: HostAt, seenBy: SiteName): HostFace {
  const site = plan.network.sites.get(name)
  const viewer = plan.network.sites.get(seenBy)
  if (!site || !viewer || !plan.peers.of(seenBy).has(name)) return unreachable({ kind: 'apart' })
  const subnet = site.subnets.find(({ prefix }) => prefix.contains(address))
  if (!subnet) return unreachable(outsideTunnels(site, address))
  if (!viewer.subnets.some(({ prefix }) => prefix.family === address.family)) return unreachable({ kind: 'family' })
  return faceIn(subnet, address, visibleAs(plan, subnet, seenBy))
}

function faceIn(subnet: Subnet, address: Address, visible: Prefix): HostFace {
  const isTranslated = !visible.equals(subnet.prefix)
  const called = isTranslated ? turned(Prefix.of(address), subnet.prefix, visible) : Prefix.of(address)
  if (!isTranslated || !subnet.hideBehind) return { kind: 'called', address: called.first, isTranslated }
  const forwards = subnet.forwards.filter(({ to }) => to.equals(address))
  return forwards.length > 0
    ? { kind: 'forwarded', address: called.first, forwards }
    : unreachable({ kind: 'hidden', subnet })
}

function outsideTunnels({ reserved, gateway }: Site, address: Address): Unreachable {
  const ends = gateway ? knownOf(outsidesOf(gateway).map((end) => end.address)) : []
  if (ends.some((end) => end.equals(address))) return { kind: 'outside' }
  const use = reserved.find(({ prefix }) => prefix.contains(address))
  return use ? { kind: 'reserved', reserved: use } : { kind: 'nowhere' }
}

function unreachable(why: Unreachable): HostFace {
  return { kind: 'unreachable', why }
}
