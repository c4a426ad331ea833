import type { FlowClass } from '../trace/explore-flows.ts'
import { negotiationFaults, sideOf } from '../trace/negotiation.ts'
import type { IntendedFlow } from './intended-flows.ts'
import { rangeText } from './shown.ts'
import type { Subject } from './subject.ts'

/** What was shown about the tunnels of two sites. */
export interface TunnelProof {
  /** The second is what the first calls its peer, where the other end is not known. */
  readonly sites: readonly [string, string]
  readonly hasBothEnds: boolean
  /** Address ranges of which every packet and its answer arrives: sent by the first site, and by the second. */
  readonly delivered: readonly [number, number]
  /** Address ranges of which some packets do not. */
  readonly failing: readonly [number, number]
  readonly keys: 'equal' | 'different' | 'unknown'
  /** Lines of both configurations that the proof leaves out. */
  readonly leftOut: number
  /** Every address arrives in both directions, and nothing was left out. */
  readonly isProven: boolean
}

interface Row {
  readonly sites: readonly [string, string]
  readonly hasBothEnds: boolean
  readonly leftOut: number
  keys: TunnelProof['keys']
  canComeUp: boolean
  readonly delivered: readonly [Set<string>, Set<string>]
  readonly failing: readonly [Set<string>, Set<string>]
}

/** Collects what becomes of all flows, by pair of sites. */
export class ProofTable {
  readonly #rows = new Map<string, Row>()

  constructor({ pairs, lonely, world, unreadOf }: Subject) {
    const unread = (name: string) => {
      const site = world.sites.get(name)
      return site ? unreadOf(site).length : 0
    }
    const grow = (one: string, other: string, hasBothEnds: boolean) => {
      const key = keyOf(one, other)
      const known = this.#rows.get(key)
      if (known) return known
      const sites: Row['sites'] = one < other || !hasBothEnds ? [one, other] : [other, one]
      const empty = () => [new Set<string>(), new Set<string>()] as const
      const row: Row = {
        sites,
        hasBothEnds,
        leftOut: unread(one) + (hasBothEnds ? unread(other) : 0),
        keys: 'unknown',
        canComeUp: true,
        delivered: empty(),
        failing: empty(),
      }
      this.#rows.set(key, row)
      return row
    }
    for (const { here, there } of pairs) {
      const row = grow(here.site.name, there.site.name, true)
      const faults = negotiationFaults(sideOf(here), sideOf(there))
      if (faults.length > 0) row.canComeUp = false
      const digests = [here, there].map(({ site, tunnel }) => site.gateway.keyDigests.get(tunnel.peer))
      if (faults.some(({ kind }) => kind === 'key')) row.keys = 'different'
      else if (row.keys === 'unknown' && digests.every((digest) => digest !== undefined)) row.keys = 'equal'
    }
    for (const { site, tunnel } of lonely) grow(site.name, tunnel.peer, false)
  }

  /** Notes how one class of packets went. */
  count(flow: IntendedFlow, found: FlowClass, isFailing: boolean): void {
    const { from, peer } = flow
    const row = this.#rows.get(keyOf(from.name, peer))
    if (!row) return
    const direction = from.name === row.sites[0] ? 0 : 1
    const range = `${rangeText(found.box.source)} ${rangeText(found.box.destination)}`
    if (isFailing) row.failing[direction].add(range)
    else if (found.trace.disposition === 'delivered') row.delivered[direction].add(range)
  }

  proofs(): TunnelProof[] {
    const sorted = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return sorted.map(([, { sites, hasBothEnds, leftOut, keys, canComeUp, ...row }]) => {
      // A range of which one protocol fails is not one that arrives.
      const arriving = (direction: 0 | 1) =>
        [...row.delivered[direction]].filter((range) => !row.failing[direction].has(range)).length
      const delivered = [arriving(0), arriving(1)] as const
      const failing = [row.failing[0].size, row.failing[1].size] as const
      const arrives = failing.every((count) => count === 0) && delivered.every((count) => count > 0)
      const isProven = hasBothEnds && canComeUp && leftOut === 0 && arrives
      return { sites, hasBothEnds, delivered, failing, keys, leftOut, isProven }
    })
  }
}

/** Names of sites hold no blank, and a pair has one row whichever end is named first. */
function keyOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
