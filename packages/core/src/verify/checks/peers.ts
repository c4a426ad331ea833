import { type Finding, findingOf } from '../../finding.ts'
import type { PeerEnd } from '../../trace/negotiation.ts'
import type { TracedSite } from '../../trace/world.ts'
import { placeAt, type Subject } from '../subject.ts'

/** Every tunnel has another end that is known. */
export function peersAreKnown({ sites, lonely, unreadOf }: Subject): Finding[] {
  const owners = new Map(
    sites.flatMap((site) => site.gateway.outside.addresses.map((address) => [String(address), site] as const)),
  )
  return lonely.map((end) => {
    const owner = owners.get(String(end.tunnel.remote.address))
    if (owner === undefined) return unknownPeer(end)
    return unreadOf(owner).length > 0 ? unreadPeer(end, owner) : missingTunnel(end, owner)
  })
}

function unknownPeer({ site, tunnel }: PeerEnd): Finding {
  return findingOf('PEER_UNKNOWN', placeAt(site, tunnel), {
    message: `the tunnel ${tunnel.peer} of ${site.name} leads to ${tunnel.remote.address}, whose configuration is not given: only this end is checked`,
    hint: 'give the configuration of the other gateway as well',
  })
}

/** The tunnel back may be among the lines that nobody understood, so that it cannot be called missing. */
function unreadPeer({ site, tunnel }: PeerEnd, owner: TracedSite): Finding {
  return findingOf('PEER_UNKNOWN', placeAt(site, tunnel), {
    message: `the tunnel ${tunnel.peer} of ${site.name} leads to ${owner.name}, in whose configuration natplan finds no tunnel back, but lines that it does not understand: only this end is checked`,
    hint: `look at the lines of ${owner.name} that are left out`,
  })
}

function missingTunnel({ site, tunnel }: PeerEnd, owner: TracedSite): Finding {
  return findingOf('PEER_TUNNEL_MISSING', placeAt(site, tunnel), {
    message: `${site.name} has a tunnel to ${tunnel.remote.address}, but ${owner.name} has none to ${tunnel.local.address}`,
    hint: `add the tunnel at ${owner.name}, or correct the address of its peer`,
  })
}
