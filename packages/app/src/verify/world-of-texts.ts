import {
  connectedNetworks,
  type Device,
  type Finding,
  type Inference,
  NatplanError,
  type NodeGroup,
  nearest,
  nodesOfRoutes,
  type Plan,
  type World,
  type WorldSite,
  worldOfDevices,
} from '@natplan/core'
import type { Secret } from '@natplan/templates'
import { divideRoutes, type GivenRoutes, type ReadGateway } from '../configs/gateway-routes.ts'
import { type GivenConfig, readConfiguration, type SiteConfig } from '../configs/read-configuration.ts'
import { readNodeRoutes } from '../configs/read-node-routes.ts'
import { ofOtherSite } from '../gateways/fit-policies.ts'
import type { LoadedPlan } from '../plan/read-plan.ts'
import type { Documents } from '../text/documents.ts'
import { type MadeGateways, plannedWorld } from './planned-world.ts'

/** What a world is made of: a plan, texts, or both. */
export interface GivenWorld {
  /** A plan as it was read; configurations without one stand for themselves. */
  readonly loaded: LoadedPlan | undefined
  /** What the gateways of the plan are rendered to, where somebody has it already. */
  readonly made?: MadeGateways | undefined
  readonly configs: readonly GivenConfig[]
  /** What gateways and nodes show of their routes; without a site those of nodes of the first one. */
  readonly routes: readonly GivenRoutes[]
}

export interface LoadedWorld {
  /** `undefined` with errors. */
  readonly world: World | undefined
  readonly plan: Plan | undefined
  readonly inferred: readonly Inference[]
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** @throws NatplanError USAGE */
export function worldOfTexts({ loaded, made, configs: given, routes }: GivenWorld): LoadedWorld {
  const configs = given.map(readConfiguration)
  const numbers = new KeyNumbers()
  const read = configs.map((config) => ({ site: config.site as string, device: withKeys(config, numbers) }))
  const { gateways, nodes } = divideRoutes(routes, read, sitesWithNodes(loaded?.plan))
  const known = loaded ? worldFromPlan(loaded, gateways, made) : worldFromConfigurations(gateways)
  const routed = known.world && withNodeRoutes(known.world, nodes)
  const findings = [...known.findings, ...configs.flatMap(findingsOf), ...(routed?.findings ?? [])]
  return { ...known, world: routed?.world, findings }
}

/** Tells which keys are equal, and nothing else of them. */
class KeyNumbers {
  readonly #numbers = new Map<string, string>()

  of(key: Secret): string {
    const text = key.reveal()
    const number = this.#numbers.get(text) ?? String(this.#numbers.size + 1)
    this.#numbers.set(text, number)
    return number
  }
}

/** The device with what tells the keys in its text apart. */
function withKeys({ device, keys }: SiteConfig, numbers: KeyNumbers): Device {
  const tunnels = device.tunnels.map((tunnel) => {
    const key = keys.get(tunnel.name)
    return { ...tunnel, keyDigest: key && numbers.of(key) }
  })
  return { ...device, tunnels }
}

function findingsOf({ findings, document }: SiteConfig): Finding[] {
  return findings.map((finding) => ({ ...finding, place: { ...finding.place, file: document.name } }))
}

function worldFromConfigurations(read: readonly ReadGateway[]): LoadedWorld {
  const { world, inferred } = worldOfDevices(read)
  return { world, plan: undefined, inferred, findings: [], documents: {} }
}

function sitesWithNodes(plan: Plan | undefined): ReadonlySet<string> {
  const sites = [...(plan?.network.sites.values() ?? [])].filter(({ kubernetes }) => kubernetes !== undefined)
  return new Set(sites.map(({ name }) => name))
}

/** The gateways as they are configured stand in for those of the plan. */
function worldFromPlan(
  { plan, findings, documents }: LoadedPlan,
  read: readonly ReadGateway[],
  made: MadeGateways | undefined,
): LoadedWorld {
  if (!plan) return { world: undefined, plan, inferred: [], findings, documents }
  const planned = plannedWorld(plan, new Map(read.map(({ site, device }) => [site, device])), made)
  const { world } = planned
  if (world) for (const { site } of read) siteNamed(world.sites, site)
  const misplaced = read.flatMap((one) => ofOtherSite(one, plan))
  if (misplaced.length > 0) {
    return { world: undefined, plan, inferred: [], findings: [...findings, ...misplaced], documents }
  }
  const all = [...findings, ...planned.findings]
  if (!world) return { world: undefined, plan, inferred: [], findings: all, documents }
  return { world, plan, inferred: [], findings: all, documents }
}

function siteNamed(sites: ReadonlyMap<string, WorldSite>, name: string): WorldSite {
  const site = sites.get(name)
  if (site) return site
  const near = nearest(name, [...sites.keys()])
  throw new NatplanError('USAGE', `there is no gateway of a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a gateway: ${[...sites.keys()].join(', ') || 'none'}`,
  })
}

/** Nodes as their own commands show them, in place of what the plan says of them. */
function withNodeRoutes(
  world: World,
  routes: readonly GivenRoutes[],
): { readonly world: World; readonly findings: readonly Finding[] } {
  const sites = new Map(world.sites)
  const findings: Finding[] = []
  for (const { site: named, text } of routes) {
    const site = named === undefined ? siteWithNodes(sites) : siteNamed(sites, named)
    const dump = readNodeRoutes(text)
    const file = dump.document.name
    findings.push(...dump.findings.map((finding) => ({ ...finding, place: { ...finding.place, file } })))
    sites.set(site.name, { ...site, nodes: nodesOf(site, dump.nodes) })
  }
  return { world: { sites }, findings }
}

function nodesOf(site: WorldSite, nodes: Parameters<typeof nodesOfRoutes>[0]): NodeGroup[] {
  const [planned] = site.nodes
  return nodesOfRoutes(nodes, {
    subnets: site.subnets,
    gateways: connectedNetworks(site.device)
      .filter((network) => network.interface.name === site.sides.inside)
      .map(({ address }) => address),
    podSubnets: planned?.podSubnets ?? [],
    podEgress: planned?.podEgress ?? 'masquerade',
  })
}

/** The only site of which nodes are known, or else the first one. */
function siteWithNodes(sites: ReadonlyMap<string, WorldSite>): WorldSite {
  const all = [...sites.values()]
  const withNodes = all.filter(({ nodes }) => nodes.length > 0)
  const [found] = withNodes.length === 1 ? withNodes : all
  if (!found) throw new NatplanError('USAGE', 'there is no site that nodes could belong to')
  return found
}
