import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Path } from '../finding.ts'
import type { AgentSettings, Kubernetes, NodePool, Toleration } from './network.ts'
import { below, type Gathered, prefixAt, prefixes, readAt } from './normalize-prefixes.ts'
import type { Placed } from './partial-network.ts'
import type { Partly } from './partly.ts'
import type { WrittenSite } from './written.ts'

type Written = Partly<NonNullable<WrittenSite['kubernetes']>>
type WrittenPool = NonNullable<NonNullable<Written['nodePools']>[number]>

const defaultPrivateNetwork = Prefix.parse('10.0.0.0/8')

/** What the route agent uses and how it runs when the plan file does not say anything else. */
const defaults: AgentSettings = {
  namespace: 'static-routes',
  image: 'docker.io/library/alpine:3.22.2',
  priorityClassName: undefined,
  interval: 20,
  maxUnavailable: '10%',
  metric: 17_600,
  resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
}

/** A cluster, and the ranges of its pods and services with their places. */
export interface Cluster {
  readonly kubernetes: Kubernetes
  readonly pods: readonly Placed[]
  readonly services: readonly Placed[]
}

/** Parses what the plan file says of a cluster and fills in the defaults; each node pool gets what it leaves out. */
export function clusterOf(written: Written, place: Gathered): Cluster {
  const shared: Shared = {
    nodeSelector: given(written.nodeSelector ?? {}),
    tolerations: written.tolerations ?? [],
    path: place.path,
    ...reachOf(written, place),
  }
  const nodePools = written.nodePools?.flatMap((pool, index) =>
    pool ? [poolOf(pool, shared, below(place, 'nodePools', index))] : [],
  ) ?? [poolOf({}, shared, place)]
  const pods = prefixes(written.podSubnets ?? [], below(place, 'podSubnets'))
  const services = prefixes(written.serviceSubnets ?? [], below(place, 'serviceSubnets'))
  const kubernetes = {
    nodePools,
    podSubnets: pods.map(({ prefix }) => prefix),
    serviceSubnets: services.map(({ prefix }) => prefix),
    podEgress: written.podEgress ?? 'masquerade',
    agent: agentOf(written),
    path: place.path,
  }
  return { kubernetes, pods, services }
}

function agentOf(written: Written): AgentSettings {
  const { namespace, image, priorityClassName, interval, maxUnavailable, metric, resources = {} } = written
  return {
    namespace: namespace ?? defaults.namespace,
    image: image ?? defaults.image,
    priorityClassName,
    interval: interval ?? defaults.interval,
    maxUnavailable: maxUnavailable ?? defaults.maxUnavailable,
    metric: metric ?? defaults.metric,
    resources: {
      requests: given(resources.requests ?? defaults.resources.requests),
      limits: given(resources.limits ?? defaults.resources.limits),
    },
  }
}

/** How nodes reach the private gateway. */
interface Reach {
  readonly privateNetwork: Prefix | undefined
  readonly gateway: Address | undefined
}

/** What pools have from their cluster. */
interface Shared extends Reach {
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly tolerations: NonNullable<Written['tolerations']>
  readonly path: Path
}

function reachOf({ privateNetwork, gateway }: Pick<WrittenPool, 'privateNetwork' | 'gateway'>, place: Gathered): Reach {
  return {
    privateNetwork: prefixAt(privateNetwork, below(place, 'privateNetwork')),
    gateway: gateway === undefined ? undefined : readAt(below(place, 'gateway'), () => Address.parse(gateway)),
  }
}

function poolOf(written: WrittenPool, cluster: Shared, place: Gathered): NodePool {
  const own = reachOf(written, place)
  inheritHoles(written, cluster, place)
  return {
    name: written.name,
    privateNetwork: own.privateNetwork ?? cluster.privateNetwork ?? defaultPrivateNetwork,
    gateway: own.gateway ?? cluster.gateway,
    nodeSelector: { ...cluster.nodeSelector, ...given(written.nodeSelector ?? {}) },
    tolerations: (written.tolerations ?? cluster.tolerations).flatMap((one) => (one ? [given(one) as Toleration] : [])),
    path: place.path,
  }
}

/** What could not be read of a cluster, its pools do not have either. */
function inheritHoles(written: WrittenPool, cluster: Shared, { path, unread }: Gathered): void {
  for (const key of ['nodeSelector', 'tolerations'] as const) {
    const isInherited = key === 'nodeSelector' || written[key] === undefined
    if (isInherited && unread.touches([...cluster.path, key])) unread.add([...path, key])
  }
}

/** The entries that are there: a key that is written without a value is as good as none. */
function given<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, T>
}
