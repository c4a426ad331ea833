import type { Code } from '../codes.ts'
import { bothEndsCanBegin } from './checks/beginning.ts'
import { othersLeaveTunnelsAlone } from './checks/catching.ts'
import { clearPacketsStayOut } from './checks/clear-packets.ts'
import { filterRulesAreReached } from './checks/filter-shadows.ts'
import { acceptsAreNarrow } from './checks/filter-width.ts'
import { tunnelsHoldPackets } from './checks/guards.ts'
import { remotesAreFree, selectorsLeaveInsideAlone, targetsAreThere, translatedIsFree } from './checks/inside.ts'
import {
  rulesAreOnTheRightInterface,
  selectorsHaveHosts,
  translatedIsSelected,
  translationsAreOneToOne,
  translationsHaveBothDirections,
} from './checks/nat-translations.ts'
import { lifetimesMeet, peersAreReached, tunnelsComeUp } from './checks/negotiation.ts'
import { nodeRoutesCover } from './checks/node-routes.ts'
import { errorsComeThrough } from './checks/path-mtu.ts'
import { peersAreKnown } from './checks/peers.ts'
import { routesLeadToTunnels, virtualRoutesCover } from './checks/routes.ts'
import { segmentsFit } from './checks/segment-size.ts'
import { selectorsAreApart, selectorsHaveTwoEnds, selectorsMirror } from './checks/selectors.ts'
import { rulesAreReached } from './checks/shadowing.ts'
import { offersAreStrong } from './checks/strength.ts'
import { everythingIsUnderstood } from './checks/unread.ts'
import type { Check } from './subject.ts'

/** A check, what holds where it finds nothing, and the codes of what it finds. */
export interface CheckEntry {
  readonly about: string
  readonly codes: readonly Code[]
  readonly check: Check
}

const agreement = [
  'ADDRESSES_DIFFER',
  'VERSIONS_DIFFER',
  'IKE_PROPOSALS_DIFFER',
  'ESP_PROPOSALS_DIFFER',
  'PFS_DIFFERS',
  'IDENTITIES_DIFFER',
  'KEYS_DIFFER',
  'KEYS_FOR_OTHERS',
  'START_NOBODY',
  'AUTHENTICATION_DIFFERS',
  'NEGOTIATION_NOT_KNOWN',
] as const

function entry(check: Check, about: string, ...codes: readonly Code[]): CheckEntry {
  return { about, codes, check }
}

/** Everything that is looked at beside the packets themselves; docs/verify-checks.md is made of it. One line adds a check. */
export const checks: readonly CheckEntry[] = [
  entry(
    everythingIsUnderstood,
    'Every line that may touch packets is understood and followed.',
    'PROOF_INCOMPLETE',
    'FILTER_NOT_FOLLOWED',
  ),
  entry(
    clearPacketsStayOut,
    'What a filter accepts because of the addresses of a peer, it accepts only out of the tunnel.',
    'FILTER_ADMITS_CLEAR',
  ),
  entry(
    filterRulesAreReached,
    'No rule of a filter waits for packets that earlier ones of its set accept or drop.',
    'FILTER_SHADOWED',
  ),
  entry(
    acceptsAreNarrow,
    'What a filter accepts for a peer is what the plan lets it reach; asked only with a plan.',
    'FILTER_WIDER_THAN_PLAN',
  ),
  entry(
    errorsComeThrough,
    'Filters let errors about established connections pass with their packets.',
    'FILTER_DROPS_RELATED',
  ),
  entry(bothEndsCanBegin, 'Filters let both ends of a tunnel initiate.', 'TUNNEL_ONE_SIDED'),
  entry(peersAreKnown, 'The other end of every tunnel is known.', 'PEER_TUNNEL_MISSING', 'PEER_UNKNOWN'),
  entry(tunnelsComeUp, 'Both ends agree on everything that they negotiate; keys by digest.', ...agreement),
  entry(peersAreReached, 'Packets of a tunnel itself have a route to the other gateway.', 'PEER_UNREACHABLE'),
  entry(lifetimesMeet, 'Keys are renewed at the same pace.', 'LIFETIMES_DIFFER'),
  entry(offersAreStrong, 'No offer can be broken, the last one included.', 'PROPOSAL_REFUSED', 'PROPOSAL_WEAK'),
  entry(tunnelsHoldPackets, 'Nothing leaves unencrypted while a tunnel is down.', 'TUNNEL_MAY_LEAK'),
  entry(selectorsMirror, 'The selectors of both ends mirror each other.', 'SELECTOR_NOT_MIRRORED'),
  entry(
    selectorsAreApart,
    'A gateway has one tunnel for each pair of addresses.',
    'SELECTOR_DUPLICATE',
    'SELECTOR_OVERLAP',
  ),
  entry(selectorsHaveTwoEnds, 'No address is at both ends of a selector.', 'SELECTOR_MEETS_ITSELF'),
  entry(selectorsHaveHosts, 'There is something behind every address that a selector carries.', 'SELECTOR_UNBACKED'),
  entry(
    translationsAreOneToOne,
    'Rules for tunnels map a prefix to one of the same length, or hide hosts on purpose.',
    'NAT_NOT_ONE_TO_ONE',
    'NAT_ONE_WAY',
  ),
  entry(
    translatedIsSelected,
    'Whatever source rules translate packets for a peer to is covered by a selector.',
    'NAT_UNSELECTED',
  ),
  entry(
    translationsHaveBothDirections,
    'What is translated on the way out is translated on the way in, for all that the peer sends.',
    'NAT_HALF',
  ),
  entry(
    rulesAreReached,
    'No rule is shadowed by earlier ones, wholly or in part.',
    'NAT_SHADOWED',
    'NAT_PARTLY_SHADOWED',
    'NAT_RULE_DEAD',
  ),
  entry(
    othersLeaveTunnelsAlone,
    'No rule that was written for other packets translates those of a tunnel as well.',
    'NAT_CATCHES_TUNNEL',
  ),
  entry(targetsAreThere, 'Destination rules for tunnels lead to a network that exists.', 'NAT_TARGET_MISSING'),
  entry(
    rulesAreOnTheRightInterface,
    'Rules are on the interface that packets of the tunnel pass.',
    'NAT_INTERFACE_WRONG',
  ),
  entry(
    virtualRoutesCover,
    'Routes lead to the virtual interface, longer than the remote prefix.',
    'GATEWAY_ROUTE_MISSING',
  ),
  entry(routesLeadToTunnels, 'No route leads packets for a peer elsewhere.', 'ROUTE_DIVERTS', 'REMOTE_ROUTED_INSIDE'),
  entry(remotesAreFree, 'No prefix by which a site sees its peers is in use at the site itself.', 'REMOTE_OCCUPIED'),
  entry(translatedIsFree, 'No prefix by which peers see a site is in use at the site itself.', 'TRANSLATED_OCCUPIED'),
  entry(
    selectorsLeaveInsideAlone,
    'No selector takes packets between two networks of the site itself.',
    'SELECTOR_TAKES_LOCAL',
  ),
  entry(
    nodeRoutesCover,
    'Nodes send packets for everything that is seen to the private gateway.',
    'NODE_ROUTE_MISSING',
  ),
  entry(segmentsFit, 'The MSS is clamped to what fits, in both directions.', 'MSS_MISSING', 'MSS_TOO_LARGE'),
]
