import type { FlowBox } from '../match/packet.ts'
import type { Disposition } from '../trace/disposition.ts'
import { exploreFlows } from '../trace/flow-classes.ts'
import type { World } from '../world/world.ts'
import type { FailingFlow } from './failing-flow.ts'
import { askedFor, type IntendedFlow, isUsed, siteOfPeer } from './intended-flows.ts'
import type { ProofTable } from './proof-table.ts'
import { isEveryService } from './services.ts'
import type { Subject } from './subject.ts'
import { maskAtEnd, type Verdict, verdictOf } from './verdict.ts'

/** Packets of a flow that meet the same rules, and what became of them. */
export interface FollowedClass {
  readonly flow: IntendedFlow
  readonly box: FlowBox
  /** The group of nodes that was asked about, where it has a name. */
  readonly nodes: string | undefined
  readonly verdict: Verdict
  readonly disposition: Disposition
}

/** What became of all packets that are meant to arrive. */
export interface Followed {
  readonly classes: readonly FollowedClass[]
  readonly failing: readonly FailingFlow[]
  readonly unknown: readonly FailingFlow[]
  /** Arrived, of some protocols or ports only. */
  readonly partly: readonly FailingFlow[]
  /** Arrived with the address of the last gateway. */
  readonly masked: readonly FailingFlow[]
  /** Flows that were not followed, or not to their end. */
  readonly left: readonly IntendedFlow[]
}

/** Follows all packets of all flows, once for each group of nodes that they concern, and counts them in a table. */
export function follow(
  { world, flows, decisions }: Pick<Subject, 'world' | 'flows' | 'decisions'>,
  mostClasses: number,
  table?: ProofTable,
): Followed {
  const classes: FollowedClass[] = []
  const failing: FailingFlow[] = []
  const unknown: FailingFlow[] = []
  const masked: FailingFlow[] = []
  const partly: FailingFlow[] = []
  const left: IntendedFlow[] = []
  let open = mostClasses
  for (const flow of flows) {
    if (flow.isHidden) {
      table?.hide(flow)
      continue
    }
    for (const followed of classesOf(world, flow)) {
      if (open-- <= 0) break
      const verdict = verdictOf(followed, world)
      const { box, trace } = followed.found
      classes.push({ flow, box, nodes: followed.nodes, verdict, disposition: trace.disposition })
      decisions?.add(trace)
      table?.count(flow, followed.found, verdict)
      if (verdict === 'arrives' && maskAtEnd(followed.found)) masked.push(followed)
      if (verdict === 'arrives' && !flow.service && !isEveryService(followed.found.box)) partly.push(followed)
      if (verdict !== 'arrives') (verdict === 'fails' ? failing : unknown).push(followed)
    }
    if (open >= 0) continue
    left.push(flow)
    table?.leave(flow)
  }
  return { classes, failing, unknown, left, masked, partly }
}

function* classesOf(world: World, flow: IntendedFlow): Generator<FailingFlow> {
  const groups = [flow.from, siteOfPeer(flow.peer, world)].flatMap((site) => site?.nodes ?? [])
  const names = new Set(groups.map(({ name }) => name))
  for (const nodes of names.size > 0 ? names : [undefined]) {
    for (const found of exploreFlows(world, askedFor(flow), { nodes })) {
      if (isUsed(flow, found.box)) yield { flow, found, nodes }
    }
  }
}
