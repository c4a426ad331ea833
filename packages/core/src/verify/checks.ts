import {
  rulesAreOnTheRightInterface,
  selectorsHaveHosts,
  translatedIsSelected,
  translationsAreOneToOne,
  translationsHaveBothDirections,
} from './checks/nat-translations.ts'
import { lifetimesMeet, tunnelsComeUp } from './checks/negotiation.ts'
import { peersAreKnown } from './checks/peers.ts'
import { nodeRoutesCover, remotesAreFree, routesLeadToTunnels, virtualRoutesCover } from './checks/routes.ts'
import { segmentsFit } from './checks/segment-size.ts'
import { selectorsAreApart, selectorsHaveTwoEnds, selectorsMirror } from './checks/selectors.ts'
import { rulesAreReached } from './checks/shadowing.ts'
import { offersAreStrong, tunnelsHoldPackets } from './checks/strength.ts'
import { everythingIsUnderstood } from './checks/unread.ts'
import type { Check } from './subject.ts'

/** Everything that is looked at beside the packets themselves. One line adds a check. */
export const checks: readonly Check[] = [
  everythingIsUnderstood,
  peersAreKnown,
  tunnelsComeUp,
  lifetimesMeet,
  offersAreStrong,
  tunnelsHoldPackets,
  selectorsMirror,
  selectorsAreApart,
  selectorsHaveTwoEnds,
  selectorsHaveHosts,
  translationsAreOneToOne,
  translatedIsSelected,
  translationsHaveBothDirections,
  rulesAreReached,
  rulesAreOnTheRightInterface,
  virtualRoutesCover,
  routesLeadToTunnels,
  remotesAreFree,
  nodeRoutesCover,
  segmentsFit,
]
