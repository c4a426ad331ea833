import { Fabric } from './fabric.ts'
import { textsWhenUp, worldOfTexts } from './fate-by-trace.ts'
import { mendingOf } from './mend.ts'
import type { Network } from './network.ts'
import { type Round, type RoundOptions, roundsOf } from './rounds.ts'
import { type Observed, Sender } from './send.ts'
import type { WrittenFilters } from './written-filters.ts'

/** What was seen in a round, which a guest hands over as JSON: natplan is asked outside of it, where the processor is no software. */
export interface RoundRun {
  readonly name: string
  /** Why it came to nothing. */
  readonly problem?: string
  readonly seconds: number
  /** Of each packet. */
  readonly observed: readonly Observed[]
  /** By site: what the commands of each gateway show, the children that are installed there, and filters in another language. */
  readonly texts: readonly (readonly [string, string])[]
  readonly installed: readonly (readonly [string, readonly string[]])[]
  readonly firewalls: readonly (readonly [string, WrittenFilters])[]
  /** The rules that natplan says are missing, where they were entered. */
  readonly mending: readonly string[]
}

/** Lays each network and sends its packets. */
export async function runRounds(name: string, options: RoundOptions, report: (run: RoundRun) => void): Promise<void> {
  const fabric = await Fabric.build(name)
  const sender = new Sender(fabric)
  try {
    for (const round of roundsOf(options)) {
      const start = performance.now()
      const outcome = await runRound(round, fabric, sender).catch(failed)
      const seconds = Math.round((performance.now() - start) / 100) / 10
      report({ name: round.name, seconds, ...outcome })
    }
  } finally {
    fabric.close()
  }
}

type Outcome = Omit<RoundRun, 'name' | 'seconds'>

function failed(error: unknown): Outcome {
  const problem = String(error instanceof Error ? error.stack : error)
  return { problem, observed: [], texts: [], installed: [], firewalls: [], mending: [] }
}

async function runRound(round: Round, fabric: Fabric, sender: Sender): Promise<Outcome> {
  const mending = await lay(round, fabric, sender.nextPort)
  const [texts, installed] = [await fabric.texts(), await fabric.installed()]
  const observed = await sender.send(round.packets)
  return { observed, texts: [...texts], installed: [...installed], firewalls: firewallsOf(fabric.network), mending }
}

/** Returns the rules that were missing, where they are entered. */
async function lay(round: Round, fabric: Fabric, firstPort: number): Promise<readonly string[]> {
  const lines: string[] = []
  const mend = async () => {
    const firewalls = new Map(firewallsOf(fabric.network))
    const mending = mendingOf(round.network, worldOfTexts(textsWhenUp(await fabric.texts()), firewalls))
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

function firewallsOf({ gateways }: Network): RoundRun['firewalls'] {
  return gateways.flatMap(({ site, written }) =>
    written && written.language !== 'iptables' ? [[site, written] as const] : [],
  )
}
