import type { NamedAddress } from '../../address/named-address.ts'
import type { Finding } from '../../finding.ts'
import type { PeerEnd } from '../../world/ends.ts'
import type { Peers } from '../../world/peers.ts'
import type { WorldSite } from '../../world/world.ts'
import { childText } from '../shown.ts'
import { doubtText, findingAt, placeAt, type Subject } from '../subject.ts'

/** The other end of every tunnel is known. */
export function peersAreKnown({ sites, world, lonely }: Subject): Finding[] {
  const owners = new Map(sites.flatMap((site) => site.addresses.map((address) => [String(address), site] as const)))
  return lonely.map(({ doubt, ...end }) => {
    const { address } = end.tunnel.remote
    const owner = address.kind === 'known' ? owners.get(String(address.address)) : undefined
    if (doubt) return unreadPeer(end, { doubt, site: world.sites.get(doubt.site) ?? end.site })
    if (owner === undefined || owner === end.site) return unknownPeer(end)
    return missingTunnel(end, owner)
  })
}

/** An address as people name it. */
function addressText(address: NamedAddress): string {
  if (address.kind === 'known') return address.address.toString()
  if (address.kind === 'host') return address.name
  return address.kind === 'any' ? 'any address' : 'an address that is not fixed'
}

/** So many selectors are shown that only one end has. */
const shownSelectors = 5

/** The selectors that are not asked in the usual order: nobody shows what they take from others, or others from them. */
function selectorsWithPriority({ site, tunnel }: PeerEnd): NonNullable<Finding['related']> {
  return tunnel.children
    .filter(({ priority }) => priority !== undefined)
    .slice(0, shownSelectors)
    .map((child) => ({
      place: placeAt(site, child),
      message: `${childText(child)} has priority ${child.priority}: whether it takes packets from other selectors is not checked either`,
    }))
}

function unknownPeer({ site, tunnel }: PeerEnd): Finding {
  return findingAt('PEER_UNKNOWN', {
    site,
    at: tunnel,
    about: { peer: tunnel.name, tunnel: tunnel.name },
    message: `the tunnel ${tunnel.name} of ${site.name} leads to ${addressText(tunnel.remote.address)}, whose configuration is not given: only this end is checked`,
    hint: 'give the configuration of the other gateway as well',
    related: selectorsWithPriority({ site, tunnel }),
  })
}

/** The tunnel back may be among the lines that nobody understood, so that it cannot be called missing. */
function unreadPeer(
  { site, tunnel }: PeerEnd,
  { doubt, site: owner }: { readonly doubt: Omit<NonNullable<Peers['doubt']>, 'site'>; readonly site: WorldSite },
): Finding {
  return findingAt('PEER_UNKNOWN', {
    site,
    at: tunnel,
    about: { peer: owner.name },
    message: `the tunnel ${tunnel.name} of ${site.name} may lead to ${owner.name}, where natplan does not understand ${doubtText(doubt, owner)}: only this end is checked`,
    hint: `look at the lines of ${owner.name} that are left out`,
  })
}

function missingTunnel({ site, tunnel }: PeerEnd, owner: WorldSite): Finding {
  const own = addressText(tunnel.local.address)
  return findingAt('PEER_TUNNEL_MISSING', {
    site,
    at: tunnel,
    about: { peer: owner.name },
    message: `${site.name} has a tunnel to ${addressText(tunnel.remote.address)}, but ${owner.name} has none to ${own}`,
    hint: `add the tunnel at ${owner.name}, or correct the address of its peer`,
  })
}
