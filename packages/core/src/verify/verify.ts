import type { Device } from '../device/device.ts'
import { bounded, type Finding, hasErrors } from '../finding.ts'
import { limits } from '../limits.ts'
import type { World, WorldSite } from '../world/world.ts'
import { negotiationDoubts } from './checks/negotiation.ts'
import { checks } from './checks.ts'
import { failoverFindings } from './failover.ts'
import { FilterDecisions } from './filter-decisions.ts'
import { doubtFindings, flowFindings, withoutTold } from './flow-findings.ts'
import { type Followed, follow } from './follow.ts'
import { hiddenPeers } from './hidden-peers.ts'
import { aboutPeer, flowsOfSelectors, type IntendedFlow, peerText } from './intended-flows.ts'
import { type ProofResult, ProofTable, type TunnelProof } from './proof-table.ts'
import { filesOf, type Replay } from './replay.ts'
import { followSecondTunnels } from './second-tunnels.ts'
import { findingAt, type Subject, tooLarge } from './subject.ts'
import { pairTunnels } from './tunnel-pairs.ts'

export interface Verification {
  /** By the names of the sites. */
  readonly proofs: readonly TunnelProof[]
  readonly findings: readonly Finding[]
  /** All packets that were followed, and those of flows that were not, or not to their end. */
  readonly followed: Pick<Followed, 'classes' | 'left'>
  /** `unknown` also when there was nothing to compare. */
  readonly result: ProofResult
}

export interface VerifyOptions {
  /** What is meant to arrive; without it, what the selectors say. */
  readonly flows?: readonly IntendedFlow[]
  /** Path MTU by site, in bytes; 1500 unless given. */
  readonly mtus?: ReadonlyMap<string, number>
  /** For the commands that findings show; unless given, they name the files of the configurations. */
  readonly replay?: Replay
  /** How many classes of packets are followed at most; what is left is not known. */
  readonly mostClasses?: number
}

const ethernetMtu = 1500

/**
 * Checks a world: configurations against each other, and every packet that is meant to arrive, by classes of equal treatment that
 * together hold every address. Costs one trace for each class and look-ups in sorted indexes for the rest.
 */
export function verify(world: World, options: VerifyOptions = {}): Verification {
  const { mtus, replay = filesOf(world), mostClasses = limits.packetClasses.most } = options
  const crowded = [...world.sites.values()].filter(({ device }) => countChildren(device) > limits.selectors.most)
  if (crowded.length > 0) return unlooked(world, crowded)
  const flows = options.flows ?? flowsOfSelectors(world)
  const { pairs, lonely } = pairTunnels(world)
  const subject: Subject = {
    world,
    sites: [...world.sites.values()],
    pairs,
    lonely,
    flows,
    mtuOf: ({ name }) => mtus?.get(name) ?? ethernetMtu,
    isPlanned: options.flows !== undefined,
    decisions: new FilterDecisions(),
  }
  const table = new ProofTable(subject)
  const { classes, failing, unknown, left, masked, partly } = follow(subject, mostClasses, table)
  const lost = new Set(failing.map(({ flow }) => flow))
  const arriving = flows.filter((flow) => !lost.has(flow))
  const second = followSecondTunnels(subject, arriving)
  for (const { flow } of second.unknown) table.leave(flow)
  for (const { from, peer } of second.lost) table.blame({ site: from.name, ...aboutPeer(peer) })
  const doubted = doubtFindings([...unknown, ...second.unknown], world, negotiationDoubts(subject))
  const checked = checks.flatMap(({ check }) => check(subject))
  const findings = [
    ...withoutTold(checked, doubted, world),
    ...flowFindings(failing, { world, replay, partly }),
    ...hiddenPeers(masked, world),
    ...doubted,
    ...unfollowed(left, mostClasses),
    ...failoverFindings(world, arriving),
    ...second.findings,
  ]
  for (const { severity, about } of findings) {
    if (severity === 'error' && about) table.blame(about)
  }
  const proofs = table.proofs()
  return { proofs, findings: bounded(findings), followed: { classes, left }, result: resultOf(proofs, findings) }
}

function countChildren({ tunnels }: Device): number {
  return tunnels.reduce((count, { children }) => count + children.length, 0)
}

/** Nothing was looked at, and that is all that is said. */
function unlooked(world: World, crowded: readonly WorldSite[]): Verification {
  const { pairs, lonely } = pairTunnels(world)
  const table = new ProofTable({ world, pairs, lonely, flows: [] })
  return {
    proofs: table.proofs(),
    findings: crowded.map((site) => tooLarge(site, `more than ${limits.selectors.most} selectors`)),
    followed: { classes: [], left: [] },
    result: 'unknown',
  }
}

function resultOf(proofs: readonly TunnelProof[], findings: readonly Finding[]): ProofResult {
  if (hasErrors(findings) || proofs.some(({ result }) => result === 'fault')) return 'fault'
  const isKnown = proofs.length > 0 && proofs.every(({ isProven }) => isProven)
  return isKnown && !findings.some(({ code }) => code === 'PROOF_BOUNDED') ? 'proven' : 'unknown'
}

function unfollowed(left: readonly IntendedFlow[], mostClasses: number): Finding[] {
  const first = new Map<WorldSite, IntendedFlow>()
  for (const flow of left) if (!first.has(flow.from)) first.set(flow.from, flow)
  return [...first].map(([site, { peer, source, destination }]) =>
    findingAt('PROOF_BOUNDED', {
      site,
      about: { ...aboutPeer(peer), range: `${source} → ${destination}` },
      message: `natplan follows ${mostClasses} classes of packets; those from ${site.name} to ${peerText(peer)}, ${source} → ${destination}, and all behind them were not followed: whether they arrive is not known`,
      hint: 'verify fewer gateways at once, or join neighbouring subnets',
    }),
  )
}
