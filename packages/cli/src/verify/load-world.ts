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
import { ofOtherSite } from '../gateways/fit-policies.ts'
import type { Documents } from '../input/documents.ts'
import { loadPlan } from '../input/load-plan.ts'
import { readConfigurations, type SiteConfig } from '../input/read-configurations.ts'
import { readNodeRoutes } from '../input/read-node-routes.ts'
import { divideRoutes, type GivenText, type ReadGateway } from './gateway-routes.ts'
import { keyDigester } from './key-digests.ts'
import { plannedWorld } from './planned-world.ts'

/** Where a world comes from: a plan file, configurations, or both. */
export interface WorldOptions {
  readonly file?: string | undefined
  readonly lock?: string | undefined
  /** `SITE=FILE` or `SITE:PLATFORM=FILE`. */
  readonly configs?: readonly string[] | undefined
  /** What gateways and nodes show of their routes: `SITE=FILE`, or `FILE` for nodes of the first site. */
  readonly routes?: readonly string[] | undefined
}

export interface LoadedWorld {
  /** `undefined` with errors. */
  readonly world: World | undefined
  readonly plan: Plan | undefined
  readonly inferred: readonly Inference[]
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** Configurations without a plan file stand for themselves; a plan file is read when it is named or when nothing else is. */
export function loadWorld(options: WorldOptions): LoadedWorld {
  const configs = readConfigurations({ files: options.configs ?? [] })
  const digest = keyDigester()
  const read = configs.map((config) => ({ site: config.site as string, device: withKeys(config, digest) }))
  const usesPlan = options.file !== undefined || configs.length === 0
  const loaded = usesPlan ? loadPlan(options) : undefined
  const { gateways, nodes } = divideRoutes(options.routes ?? [], read, sitesWithNodes(loaded?.plan))
  const known = loaded ? worldFromPlan(loaded, gateways) : worldFromConfigurations(gateways)
  const routed = known.world && withNodeRoutes(known.world, nodes)
  const findings = [...known.findings, ...configs.flatMap(findingsOf), ...(routed?.findings ?? [])]
  return { ...known, world: routed?.world, findings }
}

/** The device with digests of the keys that its text shows. */
function withKeys({ device, keys }: SiteConfig, digest: ReturnType<typeof keyDigester>): Device {
  const digests = digest(keys)
  const tunnels = device.tunnels.map((tunnel) => ({ ...tunnel, keyDigest: digests.get(tunnel.name) }))
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
  { plan, findings, documents }: ReturnType<typeof loadPlan>,
  read: readonly ReadGateway[],
): LoadedWorld {
  if (!plan) return { world: undefined, plan, inferred: [], findings, documents }
  const planned = plannedWorld(plan, new Map(read.map(({ site, device }) => [site, device])))
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
  routes: readonly GivenText[],
): { readonly world: World; readonly findings: readonly Finding[] } {
  const sites = new Map(world.sites)
  const findings: Finding[] = []
  for (const { site: named, path, text } of routes) {
    const site = named === undefined ? siteWithNodes(sites) : siteNamed(sites, named)
    const dump = readNodeRoutes(path, text)
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
