import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { Fabric } from './fabric.ts'
import { differenceOf, type Fate, shownFate } from './fate.ts'
import { fatesByTrace, type Given, type Said, textsWhenUp, worldOfTexts } from './fate-by-trace.ts'
import { mendingOf, withoutFilters } from './mend.ts'
import type { Network } from './network.ts'
import { type Round, type RoundOptions, roundsOf } from './rounds.ts'
import { type Observed, Sender } from './send.ts'

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
  readonly problem?: string
  readonly seconds: number
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

/** Lays each network, sends its packets, and holds what is seen against what natplan says about the texts of the gateways. */
export async function runRounds(
  name: string,
  options: RoundOptions,
  report: (result: RoundReport) => void,
): Promise<void> {
  const fabric = await Fabric.build(name)
  const sender = new Sender(fabric)
  try {
    for (const round of roundsOf(options)) {
      const start = performance.now()
      const outcome = await runRound(round, fabric, sender).catch(failed)
      const seconds = Math.round((performance.now() - start) / 100) / 10
      report({ name: round.name, isFiltered: round.isFiltered, changes: round.network.changes, seconds, ...outcome })
    }
  } finally {
    fabric.close()
  }
}

type Outcome = Omit<RoundReport, 'name' | 'isFiltered' | 'changes' | 'seconds'>

function failed(error: unknown): Outcome {
  const problem = String(error instanceof Error ? error.stack : error)
  return { problem, fates: [], dispositions: [], unknown: [], disagreements: [], mending: [], unopened: [], texts: [] }
}

async function runRound(round: Round, fabric: Fabric, sender: Sender): Promise<Outcome> {
  const lines = await lay(round, fabric, sender.nextPort)
  const given = await givenBy(fabric)
  const said = fatesByTrace(given, round.packets)
  const observed = await sender.send(round.packets)
  const disagreements = round.packets.flatMap((packet, index) => disagreementOf(packet, observed[index], said[index]))
  const unopened = round.isMended ? unopenedOf(round, given, { observed, said }) : []
  return {
    fates: observed.map(({ fate }) => shownFate(fate)),
    dispositions: said.map(({ disposition }) => disposition),
    unknown: said.filter(({ fate }) => fate === 'unknown').map(({ why }) => why),
    disagreements,
    mending: lines,
    unopened,
    texts: disagreements.length + unopened.length > 0 ? shownTexts(given) : [],
  }
}

/** Returns the rules that were missing, where they are entered. */
async function lay(round: Round, fabric: Fabric, firstPort: number): Promise<readonly string[]> {
  const lines: string[] = []
  const mend = async () => {
    const { texts, firewalls } = await givenBy(fabric, new Map())
    const mending = mendingOf(round.network, worldOfTexts(textsWhenUp(texts), firewalls))
    await fabric.mend(mending)
    lines.push(...mending.lines)
  }
  const prepare = round.isMended ? mend : undefined
  if (round.keepsTunnels) {
    await fabric.refilter(round.network, firstPort)
    await prepare?.()
  } else await fabric.lay(round.network, { sender: round.sender, firstPort, ...(prepare ? { prepare } : {}) })
  return lines
}

async function givenBy(fabric: Fabric, installed?: Given['installed']): Promise<Given> {
  const { network } = fabric
  return {
    texts: await fabric.texts(),
    installed: installed ?? (await fabric.installed()),
    hosts: network.hosts,
    firewalls: firewallsOf(network),
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

function firewallsOf({ gateways }: Network): Given['firewalls'] {
  return new Map(
    gateways.flatMap(({ site, written }) =>
      written && written.language !== 'iptables' ? [[site, written] as const] : [],
    ),
  )
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
