/** The places on a packet's way where rules are asked. */
export type Hook = (typeof hooks)[number]

export const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const

/** One thing that happens to a packet on its way through a device. */
export type Stage =
  /** The filters of a hook whose priority is at least `from` and below `below`. */
  | ({ readonly kind: 'filters'; readonly hook: Hook; readonly from?: number; readonly below?: number } & AtInterface)
  /** The lists of one translation, by priority: the first that translates decides. */
  | ({ readonly kind: 'translate'; readonly side: 'source' | 'destination' } & AtInterface)
  | { readonly kind: 'route' }
  /**
   * What the children say of packets that come in: what should have come through a tunnel must have. `arrived`: of all packets, with the
   * addresses that they came with; `clear`: of those that came in clear, with the addresses that they have by then.
   */
  | { readonly kind: 'arrivals'; readonly of: 'arrived' | 'clear' }
  /**
   * The children of policy-based tunnels. `note`: what is found counts unless NAT changes the packet; `again`: only a packet that source NAT
   * changed, and only what is found now counts; `take`: the packet leaves at once, or over the interface where NAT is done for it;
   * `virtual`: only a packet on such an interface, which is dropped when nothing is found.
   */
  | { readonly kind: 'selectors'; readonly how: 'note' | 'again' | 'take' | 'virtual' }

interface AtInterface {
  /** Stands at the interface that a packet comes in by: those out of a policy-based tunnel that names none do not pass it. */
  readonly isAtInterface?: true
}

/** Reports whether packets out of a policy-based tunnel that names no interface have come in by none, and not by the outside one. */
export function leavesTunnelsNowhere(order: readonly Stage[]): boolean {
  return order.some((stage) => 'isAtInterface' in stage)
}

export interface OwnHooks extends Readonly<Record<'in' | 'out', readonly Hook[]>> {
  /** Those of which it is not known whether they are asked about ESP. */
  readonly maybeOfEsp?: readonly Hook[]
}

/** Where a device asks about packets that come to itself, and those that it sends (IKE, ESP). */
export function ownHooks(order: readonly Stage[]): OwnHooks {
  const isDataplane = order.some((stage) => stage.kind === 'selectors' && stage.how === 'take')
  return isDataplane ? dataplaneHooks : kernelHooks
}

const arriving = ['prerouting', 'input'] as const

/**
 * What the gateway itself sends is not dropped where packets leave, whatever the rules there say (npf_apply_firewall of DANOS npf_shim.c).
 * It takes ESP before the filters for the gateway itself are asked (l3_v4_l4.c); that its predecessors did so is not known.
 */
const dataplaneHooks: OwnHooks = { in: arriving, out: ['output'], maybeOfEsp: ['input'] }
const kernelHooks: OwnHooks = { in: arriving, out: ['output', 'postrouting'] }

/** Priorities of the kernel at which all NAT is done, whatever priority single lists have among each other (linux/netfilter_ipv4.h). */
const kernelNat = { destination: -100, source: 100 } as const

/**
 * Linux: destination NAT, then routing, then source NAT, and the selectors are asked of every forwarded packet, whatever interface
 * routing chose, and again after source NAT; before, those of the other direction are asked whether it had to come in encrypted. Measured with Linux 6.1; policy-based tunnels bring packets in on the outside interface.
 */
export const kernelStages: readonly Stage[] = [
  { kind: 'filters', hook: 'prerouting', below: kernelNat.destination },
  { kind: 'translate', side: 'destination' },
  { kind: 'filters', hook: 'prerouting', from: kernelNat.destination },
  { kind: 'route' },
  { kind: 'arrivals', of: 'arrived' },
  { kind: 'selectors', how: 'note' },
  { kind: 'filters', hook: 'forward' },
  { kind: 'filters', hook: 'postrouting', below: kernelNat.source },
  { kind: 'translate', side: 'source' },
  { kind: 'selectors', how: 'again' },
  { kind: 'filters', hook: 'postrouting', from: kernelNat.source },
]

/**
 * Vyatta 5600 (DANOS dataplane, npf_shim.c, crypto.c and crypto_policy.c): filters of the interface that the packet comes in on,
 * destination NAT, the selectors of both directions, routing, source NAT, filters of the interface that it leaves by; on a virtual feature
 * point the selectors come last. What comes out of a policy-based tunnel without one begins at the selectors (ip_input_from_ipsec).
 */
export const dataplaneStages: readonly Stage[] = [
  { kind: 'filters', hook: 'prerouting', isAtInterface: true },
  { kind: 'translate', side: 'destination', isAtInterface: true },
  { kind: 'arrivals', of: 'clear' },
  { kind: 'selectors', how: 'take' },
  { kind: 'route' },
  { kind: 'translate', side: 'source' },
  { kind: 'filters', hook: 'postrouting' },
  { kind: 'selectors', how: 'virtual' },
]

/** The order of a platform: those that translate at a virtual interface have a data plane of their own. */
export function stagesOf({ virtualInterface }: { readonly virtualInterface: boolean }): readonly Stage[] {
  return virtualInterface ? dataplaneStages : kernelStages
}
