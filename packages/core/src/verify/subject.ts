import { type Finding, inConfig, inPlan, type Place } from '../finding.ts'
import type { PeerEnd } from '../trace/negotiation.ts'
import type { TracedSite, World } from '../trace/world.ts'
import type { IntendedFlow } from './intended-flows.ts'
import type { TunnelPair } from './tunnel-pairs.ts'

/** What the checks look at. */
export interface Subject {
  readonly world: World
  readonly sites: readonly TracedSite[]
  readonly pairs: readonly TunnelPair[]
  /** Tunnels whose other end is not in the world. */
  readonly lonely: readonly PeerEnd[]
  readonly flows: readonly IntendedFlow[]
  /** The path MTU of a site's gateway in bytes. */
  readonly mtuOf: (site: TracedSite) => number
  /** The lines of a site's configuration that no parser understood. */
  readonly unreadOf: (site: TracedSite) => readonly UnreadLine[]
}

export interface UnreadLine {
  readonly line: number
  readonly text: string
}

/** One concept: everything in the world that contradicts it. */
export type Check = (subject: Subject) => Finding[]

/** The line of a rule, tunnel, selector or route in its configuration; for a derived policy, the gateway in the plan. */
export function placeAt({ name, gateway: { written } }: TracedSite, thing?: object): Place {
  if (!written) return inPlan(['sites', name, 'gateway'])
  return inConfig(thing && written.lines.get(thing), written.file)
}
