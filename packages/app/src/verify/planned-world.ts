import {
  type Device,
  derivePolicies,
  deviceOfPolicy,
  type Finding,
  type GatewayPolicy,
  hasErrors,
  type NodeGroup,
  type NodeRouting,
  nodeRoutes,
  type Plan,
  Prefix,
  type World,
  type WorldSite,
  worldOfPlan,
} from '@natplan/core'
import { manifestText, names, platformModule } from '@natplan/templates'
import { parseAllDocuments } from 'yaml'

/** What a plan makes, read back from the very texts that it is rendered to. */
export interface PlannedWorld {
  /** `undefined` with errors. */
  readonly world: World | undefined
  readonly findings: readonly Finding[]
}

/**
 * Renders every gateway and every ConfigMap of a plan and reads them back: what is checked is the text. `running`: devices by site that
 * stand in for those of the plan.
 */
export function plannedWorld(plan: Plan, running: ReadonlyMap<string, Device> = new Map()): PlannedWorld {
  const { policies, findings } = derivePolicies(plan)
  const routes = nodeRoutes(plan)
  const rendered = policies.map(readBack)
  const all = [...findings, ...routes.findings, ...rendered.flatMap((one) => one.findings)]
  if (hasErrors(all)) return { world: undefined, findings: all }
  const planned = worldOfPlan(
    plan,
    new Map([...rendered.map(({ site, device }) => [site, device] as const), ...running]),
  )
  const routings = new Map(routes.routings.map((routing) => [routing.site as string, routing]))
  const sites = [...planned.sites.values()].map(
    (site): WorldSite => ({ ...site, nodes: withRenderedRoutes(site.nodes, routings.get(site.name)) }),
  )
  return { world: { sites: new Map(sites.map((site) => [site.name, site])) }, findings: all }
}

/** A platform whose text cannot be read back is checked by its policy. */
function readBack(policy: GatewayPolicy) {
  const module = platformModule(policy.platform)
  const { texts, findings = [] } = module?.render(policy, { secrets: new Map() }) ?? {}
  const text = texts && [texts.configure, ...texts.files.map((file) => file.text)].join('\n')
  const read = text === undefined ? undefined : module?.readDevice?.(text)
  return { site: policy.site as string, device: read?.device ?? deviceOfPolicy(policy), findings }
}

/** The routes that the agent would read from its ConfigMap. */
function withRenderedRoutes(groups: readonly NodeGroup[], routing: NodeRouting | undefined): readonly NodeGroup[] {
  if (!routing) return groups
  const lists = routesByConfigMap(manifestText(routing, { mode: 'run' }))
  return groups.map((group) => {
    const pool = routing.lists.find((list) => list.pool.name === group.name)?.pool
    const written = pool ? (lists.get(names.routes(pool)) ?? []) : []
    const own = group.routes.filter(({ isManaged }) => !isManaged)
    return {
      ...group,
      routes: [...own, ...written.map((prefix) => ({ prefix, to: 'gateway' as const, isManaged: true }))],
    }
  })
}

interface WrittenConfigMap {
  readonly kind?: unknown
  readonly metadata?: { readonly name?: unknown }
  readonly data?: { readonly routes?: unknown }
}

function routesByConfigMap(text: string): Map<string, Prefix[]> {
  const objects = parseAllDocuments(text).map((document) => document.toJS() as WrittenConfigMap)
  return new Map(
    objects
      .filter(({ kind, data }) => kind === 'ConfigMap' && typeof data?.routes === 'string')
      .map(({ metadata, data }) => [String(metadata?.name), routesIn(String(data?.routes))]),
  )
}

function routesIn(json: string): Prefix[] {
  const routes: unknown = JSON.parse(json)
  if (!Array.isArray(routes)) throw new Error('the ConfigMap holds no list of routes')
  return routes.map((route) => Prefix.parse(String(route)))
}
