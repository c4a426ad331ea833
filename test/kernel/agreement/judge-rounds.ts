import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { differenceOf, type Fate, shownFate } from './fate.ts'
import { fatesByTrace, type Given, type Said } from './fate-by-trace.ts'
import { withoutFilters } from './mend.ts'
import type { Round } from './rounds.ts'
import type { RoundRun } from './run-rounds.ts'
import type { Observed } from './send.ts'

/** A packet of which natplan says something else than what happens. */
export interface Disagreement {
  readonly packet: LabPacket
  readonly seen: Fate
  readonly said: Fate
  /** natplan's reason. */
  readonly why: string
  readonly differing: readonly (keyof Fate)[]
  /** Where the packet and its answer were seen. */
  readonly path: readonly string[]
}

/** What came of a round. */
export interface RoundReport {
  readonly name: string
  readonly isFiltered: boolean
  /** How the gateways differ from those that the topology makes. */
  readonly changes: string
  /** Why it came to nothing. */
  readonly problem?: string | undefined
  /** Of each packet, as the kernel has it. */
  readonly fates: readonly string[]
  /** What natplan says of each. */
  readonly dispositions: readonly Said['disposition'][]
  /** Why it says nothing, where it does. */
  readonly unknown: readonly string[]
  readonly disagreements: readonly Disagreement[]
  /** The rules that natplan says are missing, where they were entered. */
  readonly mending: readonly string[]
  /** Packets that pass where nothing is filtered, and did not when those rules were there. */
  readonly unopened: readonly string[]
  /** By site, where there is a disagreement: what natplan was given. */
  readonly texts: readonly (readonly [string, string])[]
}

/** Holds what was seen in a round against what natplan says about the texts of the gateways. */
export function judged(round: Round, run: RoundRun | undefined): RoundReport {
  const { name, isFiltered, network, packets } = round
  const { problem, observed, mending } = run ?? { problem: 'it was never reached', observed: [], mending: [] }
  const place = { name, isFiltered, changes: network.changes, mending }
  if (!run || problem !== undefined)
    return { ...place, problem, fates: [], dispositions: [], unknown: [], disagreements: [], unopened: [], texts: [] }
  const given: Given = {
    texts: new Map(run.texts),
    installed: new Map(run.installed),
    hosts: network.hosts,
    firewalls: new Map(run.firewalls),
  }
  const said = fatesByTrace(given, packets)
  const disagreements = packets.flatMap((packet, index) => disagreementOf(packet, observed[index], said[index]))
  const unopened = round.isMended ? unopenedOf(round, given, { observed, said }) : []
  return {
    ...place,
    fates: observed.map(({ fate }) => shownFate(fate)),
    dispositions: said.map(({ disposition }) => disposition),
    unknown: said.filter(({ fate }) => fate === 'unknown').map(({ why }) => why),
    disagreements,
    unopened,
    texts: disagreements.length + unopened.length > 0 ? shownTexts(given) : [],
  }
}

const dropping: readonly Said['disposition'][] = ['filtered', 'ike-blocked', 'esp-blocked']

/**
 * Packets that would pass if nothing was filtered, and do not, or of which natplan says so. A rule that holds back what goes to no tunnel
 * is none that a rule is missing before: natplan says so of its packets (`no-selector`).
 */
function unopenedOf(
  { packets }: Round,
  given: Given,
  { observed, said }: { readonly observed: readonly Observed[]; readonly said: readonly Said[] },
): string[] {
  const open = fatesByTrace(given, packets, withoutFilters)
  return packets.flatMap(({ protocol, from, source, destination }, index) => {
    const fate = open[index]?.fate
    const isMeant = fate !== undefined && fate !== 'unknown' && fate.goesOn
    const { fate: found, disposition = 'unknown' } = said[index] ?? {}
    const isOpen = observed[index]?.fate.goesOn && !dropping.includes(disposition)
    const isHeld = !dropping.includes(disposition) && (found === 'unknown' || !found?.goesOn)
    if (!isMeant || isOpen || isHeld) return []
    return [`${protocol} of ${from} ${source} > ${destination}`]
  })
}

function shownTexts({ texts, firewalls }: Given): RoundReport['texts'] {
  return [...texts].map(([site, text]) => [site, `${text}${firewalls.get(site)?.text ?? ''}`] as const)
}

function disagreementOf(packet: LabPacket, observed: Observed | undefined, said: Said | undefined): Disagreement[] {
  if (!observed || !said) throw new Error('a packet is lost between two lists')
  if (said.fate === 'unknown') return []
  const { fate: seen, path } = observed
  const differing = differenceOf(seen, said.fate, said.told)
  return differing.length === 0 ? [] : [{ packet, seen, said: said.fate, why: said.why, differing, path }]
}

/** A disagreement as a person reads it. */
export function shownDisagreement({ packet, seen, said, why, differing, path }: Disagreement): string {
  const { protocol, from, source, destination } = packet
  return [
    `${protocol} of ${from} ${source} > ${destination}: ${differing.join(', ')}`,
    `  the kernel: ${shownFate(seen)}`,
    `  natplan:    ${shownFate(said)} (${why})`,
    ...path.map((line) => `    ${line}`),
  ].join('\n')
}
