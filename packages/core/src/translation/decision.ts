import type { PeerList } from '../allocation/lock.ts'
import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import type { Occupied } from '../overlap/occupied.ts'

/** Why a subnet is translated. */
export type Reason =
  /** The plan file says `translate: always`, has a pin, or hides the subnet. */
  | { readonly kind: 'always' | 'pin' | 'hidden' }
  /** Its addresses are in use at the site `at`, by `with`; when `with` belongs to another site, both are seen at `at`. */
  | { readonly kind: 'collision'; readonly at: SiteName; readonly with: Occupied }
  /** Nothing asks for it any more, but the lock holds it. */
  | { readonly kind: 'locked' }

/** Towards whom one subnet is translated; an empty list means that it keeps its real addresses everywhere. */
export interface Decision {
  readonly subnet: Subnet
  readonly translatedFor: PeerList
  /** The first reason found; `undefined` when the subnet is not translated. */
  readonly reason: Reason | undefined
}

export function isTranslated(decision: Decision): boolean {
  return decision.translatedFor === 'all' || decision.translatedFor.length > 0
}
