import type { Finding } from '../finding.ts'
import { exploreFlows } from '../trace/explore-flows.ts'
import type { World } from '../trace/world.ts'
import { checks } from './checks.ts'
import type { FailingFlow } from './failing-flow.ts'
import { flowFindings, isFailing } from './flow-findings.ts'
import { flowsOfSelectors, type IntendedFlow } from './intended-flows.ts'
import { ProofTable, type TunnelProof } from './proof-table.ts'
import { filesOf, type Replay } from './replay.ts'
import type { Subject, UnreadLine } from './subject.ts'
import { pairTunnels } from './tunnel-pairs.ts'

export interface Verification {
  /** By the names of the sites. */
  readonly proofs: readonly TunnelProof[]
  readonly findings: readonly Finding[]
}

export interface VerifyOptions {
  /** What is meant to arrive; without it, what the selectors say. */
  readonly flows?: readonly IntendedFlow[]
  /** Path MTU by site, in bytes; 1500 unless given. */
  readonly mtus?: ReadonlyMap<string, number>
  /** Lines that no parser understood, by site. */
  readonly unread?: ReadonlyMap<string, readonly UnreadLine[]>
  /** For the commands that findings show; unless given, they name the files of the configurations. */
  readonly replay?: Replay
}

const ethernetMtu = 1500

/**
 * Checks a world: configurations against each other, and every packet that is meant to arrive, by classes of equal treatment that
 * together hold every address. Costs one trace for each class and look-ups in sorted indexes for the rest.
 */
export function verify(world: World, options: VerifyOptions = {}): Verification {
  const { mtus, unread, replay = filesOf(world) } = options
  const flows = options.flows ?? flowsOfSelectors(world)
  const { pairs, lonely } = pairTunnels(world)
  const subject: Subject = {
    world,
    sites: [...world.sites.values()],
    pairs,
    lonely,
    flows,
    mtuOf: ({ name }) => mtus?.get(name) ?? ethernetMtu,
    unreadOf: ({ name }) => unread?.get(name) ?? [],
  }
  const table = new ProofTable(subject)
  const failing: FailingFlow[] = []
  for (const flow of flows) failing.push(...exploreFlow(world, flow, table))
  const findings = [
    ...checks.flatMap(({ check }) => check(subject)),
    ...flowFindings(failing, { world, replay, unreadOf: subject.unreadOf }),
  ]
  return { proofs: table.proofs(), findings }
}

/** Follows all packets of a flow, once for each group of nodes that it concerns. */
function exploreFlow(world: World, flow: IntendedFlow, table: ProofTable): FailingFlow[] {
  const groups = [flow.from, world.sites.get(flow.peer)].flatMap((site) => site?.nodes ?? [])
  const names = new Set(groups.map(({ name }) => name))
  return [...(names.size > 0 ? names : [undefined])].flatMap((nodes) => {
    const { from, source, destination } = flow
    const failing: FailingFlow[] = []
    for (const found of exploreFlows(world, { from, source, destination }, { nodes })) {
      const fails = isFailing(flow, found, world)
      table.count(flow, found, fails)
      if (fails) failing.push({ flow, found, nodes })
    }
    return failing
  })
}
