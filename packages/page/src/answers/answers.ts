import {
  generatedFiles,
  judgePlan,
  type LongTable,
  leftFiles,
  manifestFile,
  overlapTable,
  packetFigure,
  packetOf,
  pictureFigures,
  planTables,
  type RenderedGateway,
  renderGateways,
  report,
  svgOfFigures,
  type Table,
  traceTables,
  verifiedToDocument,
  verifiedWorld,
  verifyTables,
  wholeTable,
  withNodeFaults,
  worldOfTexts,
} from '@natplan/app'
import { dispositions, hasErrors, type NodeRouting, nodeRoutes, type Plan, tracePacket } from '@natplan/core'
import { fileNames, type Given, isNothing } from './given.ts'
import { areMany, manyPrefixes } from './many-prefixes.ts'
import { mendingOf } from './mending.ts'
import type {
  GatewaysPart,
  GatewayTexts,
  MendingPart,
  PackedFile,
  PacketQuestion,
  PartName,
  Parts,
  PicturePart,
  PlanPart,
  ProofPart,
  TracePart,
} from './parts.ts'
import { type PlanOfTexts, planOfTexts } from './plan-of-texts.ts'
import { documentOf, findingsOf, lockOf, type Planned, plannedOf } from './planned.ts'
import { holdsConfiguration, runningOf } from './running.ts'
import { type Told, toldError, toldOf } from './told.ts'

const noPlan: PlanPart = {
  text: undefined,
  findings: [],
  notes: [],
  document: undefined,
  overlaps: [],
  mapping: [],
  sights: [],
  changes: [],
  sites: [],
  lock: undefined,
  runningLock: undefined,
  isPrivate: false,
}

/** What is computed of one state of what was given; nothing twice, and nothing before it is asked for. */
export class Answers {
  readonly #given: Given
  #planned: Planned | undefined
  #written: PlanOfTexts | undefined
  #plan: Promise<PlanPart> | undefined

  constructor(given: Given) {
    this.#given = given
  }

  /** @throws what is a fault of natplan's own */
  async part<Name extends PartName>(name: Name): Promise<Parts[Name]> {
    const plan = await this.plan()
    const parts: { readonly [One in PartName]: () => Parts[One] | Promise<Parts[One]> } = {
      plan: () => plan,
      picture: () => this.#picture(),
      gateways: () => this.#gateways(),
      proof: () => this.#proof(),
      running: () => (areMany(this.#given) ? undefined : runningOf(this.#given)),
      mending: () => this.#mending(),
    }
    return parts[name]()
  }

  plan(): Promise<PlanPart> {
    this.#plan ??= this.#planPart().then((part) => ({
      ...part,
      isPrivate: !areMany(this.#given) && holdsConfiguration(this.#given),
    }))
    return this.#plan
  }

  async #planPart(): Promise<PlanPart> {
    const given = this.#given
    if (isNothing(given)) return noPlan
    if (areMany(given)) return manyPart(given)
    const written: PlanOfTexts =
      given.plan === undefined ? await planOfTexts(given) : { text: given.plan, findings: [], notes: [] }
    this.#written = written
    const { text, findings, notes, lock } = written
    if (text === undefined) return { ...noPlan, findings, notes }
    try {
      this.#planned = plannedOf(text, given.lock ?? lock)
    } catch (error) {
      return { ...noPlan, text, notes, findings: [...findings, toldError(error, fileNames.plan)] }
    }
    return { ...planPart(this.#planned, { text, notes, findings }), runningLock: lock }
  }

  get #plannedPlan(): { readonly planned: Planned; readonly plan: Plan } | undefined {
    const plan = this.#planned?.planning.plan
    return this.#planned && plan && { planned: this.#planned, plan }
  }

  /** A network that cannot be planned is drawn all the same, with what collides. */
  #picture(): PicturePart | undefined {
    const network = this.#planned?.loaded.network
    if (!network || !this.#planned) return undefined
    const planned = { network, ...this.#planned.planning }
    const { figures } = pictureFigures(planned, { kind: 'plan', around: undefined, unfold: false })
    return { svg: svgOfFigures(figures, { id: 'picture', style: false }) }
  }

  #gateways(): GatewaysPart | undefined {
    const known = this.#plannedPlan
    return known && gatewaysPart(known.plan, known.planned)
  }

  #mending(): MendingPart | undefined {
    if (areMany(this.#given)) return undefined
    const { findings = [], adoptions = [] } = this.#written ?? {}
    return mendingOf(this.#given, { planned: this.#planned, findings, adoptions })
  }

  /** The plan, its lock, and what `natplan generate` writes, without keys. */
  async files(): Promise<PackedFile[]> {
    const { text, lock = this.#given.lock } = await this.plan()
    const known = this.#plannedPlan
    return [
      ...(text === undefined ? [] : [{ path: fileNames.plan, text }]),
      ...(lock === undefined ? [] : [{ path: fileNames.lock, text: lock }]),
      ...(known ? writtenFiles(known.plan, known.planned) : []),
    ]
  }

  #proof(): ProofPart | undefined {
    const known = this.#plannedPlan
    if (!known) return undefined
    const loaded = worldOfTexts({ loaded: known.planned.withPlan, configs: [], routes: [] })
    const verified = verifiedWorld(loaded, () => [])
    return {
      document: verifiedToDocument(verified),
      tables: verifyTables(verified, { isScreen: true, withFindings: false }),
      findings: toldOf(verified.findings, verified.documents),
    }
  }

  /** @throws NatplanError for what the plan has no answer to */
  async trace(question: PacketQuestion): Promise<TracePart | undefined> {
    await this.plan()
    const known = this.#plannedPlan
    if (!known) return undefined
    const { world: planned } = worldOfTexts({ loaded: known.planned.withPlan, configs: [], routes: [] })
    if (!planned) return undefined
    const world = withNodeFaults(planned, {
      withoutRoutes: question.withoutRoutes,
      rpFilter: question.strictFilter ? 'strict' : undefined,
    })
    const { from, request } = packetOf({ world, plan: known.plan, isShown: false }, question)
    const tunnels = question.tunnelsDown ? 'down' : 'up'
    const traced = { world, from: from.name, request, trace: tracePacket(world, from, request, { tunnels }) }
    const { disposition } = traced.trace
    return {
      isGood: disposition !== 'unknown' && dispositions[disposition].isGood,
      title: dispositions[disposition].title,
      svg: svgOfFigures([packetFigure(traced)], { id: 'packet', style: false }),
      tables: traceTables(traced),
    }
  }
}

async function manyPart(given: Given): Promise<PlanPart> {
  const { tables, findings } = await manyPrefixes(given)
  const notes = ['So many prefixes are compared, not planned; a plan is made of up to 2,000 lines.']
  return { ...noPlan, overlaps: tables, findings, notes }
}

function planPart(
  planned: Planned,
  { text, notes, findings }: Pick<PlanPart, 'text' | 'notes' | 'findings'>,
): PlanPart {
  const { loaded, planning } = planned
  const { plan, overlaps } = planning
  const lockPath = loaded.documents.lock ? fileNames.lock : undefined
  const [, mapping, sights, ...rest] = plan ? planTables(plan, { lockPath, isScreen: false }) : []
  return {
    text,
    notes,
    findings: [...findings, ...findingsOf(planned)],
    document: documentOf(planned),
    overlaps: loaded.network && loaded.lock ? [overlapTable(overlaps)] : [],
    mapping: present(mapping),
    sights: [...present(sights), ...rest.slice(0, -1).map(wholeTable)],
    changes: present(rest.at(-1)),
    sites: [...(loaded.network?.sites.keys() ?? [])],
    lock: lockOf(planned),
    runningLock: undefined,
    isPrivate: false,
  }
}

function present(table: LongTable | undefined): Table[] {
  return table ? [wholeTable(table)] : []
}

function renderedOf(plan: Plan) {
  const rendered = renderGateways(plan, { keys: new Map(), showSecrets: false, judge: judgePlan })
  return { rendered, nodes: nodeRoutes(plan) }
}

function gatewaysPart(plan: Plan, { withPlan }: Planned): GatewaysPart {
  const { rendered, nodes } = renderedOf(plan)
  const findings = [...rendered.findings, ...nodes.findings]
  return {
    gateways: rendered.gateways.map(gatewayTexts),
    clusters: nodes.routings.map(clusterTexts),
    findings: toldOf(findings, withPlan.documents),
  }
}

function writtenFiles(plan: Plan, { withPlan }: Planned): readonly PackedFile[] {
  const { rendered, nodes } = renderedOf(plan)
  const { gateways } = rendered
  const clusters = nodes.routings
  if (hasErrors([...rendered.findings, ...nodes.findings]) || gateways.length + clusters.length === 0) return []
  const made = { plan, gateways, clusters, left: leftFiles(new Map(), plan, { gateways, clusters }) }
  return [...generatedFiles(made), { path: 'report.html', text: report({ ...made, loaded: withPlan, rendered }) }]
}

const kinds = { configure: 'Configure', check: 'Check', remove: 'Remove' } as const

function gatewayTexts({ policy: { site, platform }, texts }: RenderedGateway): GatewayTexts {
  const own = (['configure', 'check', 'remove'] as const).map((kind) => ({
    name: kinds[kind],
    path: `${site}-${kind}.txt`,
    text: texts[kind],
  }))
  const files = texts.files.map(({ name, text }) => ({ name, path: name, text }))
  return { title: `${site}: ${platform}`, texts: [...own, ...files].filter(({ text }) => text.trim() !== '') }
}

function clusterTexts(routing: NodeRouting): GatewayTexts {
  const { site } = routing
  return {
    title: `${site}: nodes`,
    texts: [
      { name: 'Apply', path: `${site}-kubernetes.yaml`, text: manifestFile(routing, 'run') },
      { name: 'Remove', path: `${site}-kubernetes-remove.yaml`, text: manifestFile(routing, 'cleanup') },
    ],
  }
}

/** The question as it stands, or why it has no answer. */
export async function traced(answers: Answers, question: PacketQuestion): Promise<TracePart | Told | undefined> {
  try {
    return await answers.trace(question)
  } catch (error) {
    return toldError(error, 'packet')
  }
}
