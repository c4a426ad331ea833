import type { Gateway, Site } from '../network/network.ts'

/** A site whose gateway the plan file describes. */
export type GatewaySite = Site & { readonly gateway: Gateway }
