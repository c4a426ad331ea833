import type { Written } from '../device/device.ts'

/**
 * What a device does not do. Of what the policy has: `tunnel`, `terms`, `selector`, `rule`, `route`, `interface`, `clamp`, `guard`: it is not
 * there as it should be. Of what others have: `rule-first`: a rule that takes packets before the policy's can; `peer`: a second tunnel to a
 * peer; `pair-shared`: a tunnel that carries, passes or drops the same packets; `route-elsewhere` and `network`: a route or a connected
 * network that takes packets for a peer. `unread`: lines that could do any of it.
 */
export type UnfulfilledKind =
  | 'tunnel'
  | 'terms'
  | 'selector'
  | 'rule'
  | 'route'
  | 'interface'
  | 'clamp'
  | 'guard'
  | 'rule-first'
  | 'peer'
  | 'pair-shared'
  | 'route-elsewhere'
  | 'network'
  | 'unread'

/** One thing that a policy wants and a device does not do; `line`: where the device says otherwise. */
export interface Unfulfilled extends Written {
  readonly kind: UnfulfilledKind
  /** For people: a sentence without the name of the code. */
  readonly what: string
  readonly hint: string | undefined
  /** `false`: something that was not understood or is not known decides, so it may be all right. */
  readonly isCertain: boolean
}
