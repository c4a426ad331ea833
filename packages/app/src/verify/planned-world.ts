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
import { names, platformModule, routeTexts, type Texts } from '@natplan/templates'
import { readDocument } from '../text/read-document.ts'

/** What a plan makes, read back from the very texts that it is rendered to. */
export interface PlannedWorld {
  /** `undefined` with errors. */
  readonly world: World | undefined
  readonly findings: readonly Finding[]
}

/** The gateways of a plan with what they are rendered to, without keys, and what was found on the way. */
export interface MadeGateways {
  readonly gateways: readonly { readonly policy: GatewayPolicy; readonly texts: Texts | undefined }[]
  readonly findings: readonly Finding[]
}

/**
 * Renders every gateway, unless somebody has, and every ConfigMap of a plan, and reads them back: what is checked is the text. `running`:
 * devices by site that stand in for those of the plan.
 */
export function plannedWorld(
  plan: Plan,
  running: ReadonlyMap<string, Device> = new Map(),
  made: MadeGateways = madeOf(plan),
): PlannedWorld {
  const routes = nodeRoutes(plan)
  const all = [...made.findings, ...routes.findings]
  if (hasErrors(all)) return { world: undefined, findings: all }
  const planned = worldOfPlan(plan, new Map([...made.gateways.map(readBack), ...running]))
  const routings = new Map(routes.routings.map((routing) => [routing.site as string, routing]))
  const sites = [...planned.sites.values()].map(
    (site): WorldSite => ({ ...site, nodes: withRenderedRoutes(site.nodes, routings.get(site.name)) }),
  )
  return { world: { sites: new Map(sites.map((site) => [site.name, site])) }, findings: all }
}

function madeOf(plan: Plan): MadeGateways {
  const { policies, findings } = derivePolicies(plan)
  const rendered = policies.map((policy) => ({
    policy,
    ...platformModule(policy.platform)?.render(policy, { secrets: new Map() }),
  }))
  return {
    gateways: rendered.map(({ policy, texts }) => ({ policy, texts })),
    findings: [...findings, ...rendered.flatMap((one) => one.findings ?? [])],
  }
}

/** A platform whose text cannot be read back is checked by its policy. */
function readBack({ policy, texts }: MadeGateways['gateways'][number]): readonly [string, Device] {
  const text = texts && [texts.configure, ...texts.files.map((file) => file.text)].join('\n')
  const read = text === undefined ? undefined : platformModule(policy.platform)?.readDevice?.(text)
  return [policy.site, read?.device ?? deviceOfPolicy(policy)]
}

/** The routes that the agent would read from its ConfigMap. */
function withRenderedRoutes(groups: readonly NodeGroup[], routing: NodeRouting | undefined): readonly NodeGroup[] {
  if (!routing) return groups
  const lists = routesByConfigMap(routeTexts(routing))
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
  readonly metadata?: { readonly name?: unknown }
  readonly data?: { readonly routes?: unknown }
}

function routesByConfigMap(texts: readonly string[]): Map<string, Prefix[]> {
  const objects = texts.map((text) => readDocument('a ConfigMap', text, 'config').data as WrittenConfigMap)
  return new Map(objects.map(({ metadata, data }) => [String(metadata?.name), routesIn(String(data?.routes))]))
}

function routesIn(json: string): Prefix[] {
  const routes: unknown = JSON.parse(json)
  if (!Array.isArray(routes)) throw new Error('the ConfigMap holds no list of routes')
  return routes.map((route) => Prefix.parse(String(route)))
}
