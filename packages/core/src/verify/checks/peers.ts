import { type Finding, findingOf } from '../../finding.ts'
import type { PeerEnd } from '../../trace/negotiation.ts'
import { placeAt, type Subject } from '../subject.ts'

/** Every tunnel has another end that is known. */
export function peersAreKnown({ sites, lonely }: Subject): Finding[] {
  const owners = new Map(
    sites.flatMap((site) => site.gateway.outside.addresses.map((address) => [String(address), site.name] as const)),
  )
  return lonely.map((end) => {
    const owner = owners.get(String(end.tunnel.remote.address))
    return owner === undefined ? unknownPeer(end) : missingTunnel(end, owner)
  })
}

function unknownPeer({ site, tunnel }: PeerEnd): Finding {
  return findingOf('PEER_UNKNOWN', placeAt(site, tunnel), {
    message: `the tunnel ${tunnel.peer} of ${site.name} leads to ${tunnel.remote.address}, whose configuration is not given: only this end is checked`,
    hint: 'give the configuration of the other gateway as well',
  })
}

function missingTunnel({ site, tunnel }: PeerEnd, owner: string): Finding {
  return findingOf('PEER_TUNNEL_MISSING', placeAt(site, tunnel), {
    message: `${site.name} has a tunnel to ${tunnel.remote.address}, but ${owner} has none to ${tunnel.local.address}`,
    hint: `add the tunnel at ${owner}, or correct the address of its peer`,
  })
}
