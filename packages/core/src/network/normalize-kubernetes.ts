import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { collect, inPlan } from '../finding.ts'
import type { AgentSettings, Kubernetes, NodePool, Toleration } from './network.ts'
import { type Gathered, prefixAt, prefixes } from './normalize-prefixes.ts'
import type { WrittenSite } from './written.ts'

type Written = NonNullable<WrittenSite['kubernetes']>
type WrittenPool = Omit<NonNullable<Written['nodePools']>[number], 'name'> & { readonly name?: string }

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

/** Parses what the plan file says of a cluster and fills in the defaults; each node pool gets what it leaves out. */
export function kubernetesOf(written: Written, { path, findings }: Gathered): Kubernetes {
  const cluster: Shared = {
    nodeSelector: written.nodeSelector ?? {},
    tolerations: written.tolerations ?? [],
    ...reachOf(written, { path, findings }),
  }
  return {
    nodePools: written.nodePools?.map((pool, index) =>
      poolOf(pool, cluster, { path: [...path, 'nodePools', index], findings }),
    ) ?? [poolOf({}, cluster, { path, findings })],
    podSubnets: prefixes(written.podSubnets ?? [], { path: [...path, 'podSubnets'], findings }),
    serviceSubnets: prefixes(written.serviceSubnets ?? [], { path: [...path, 'serviceSubnets'], findings }),
    podEgress: written.podEgress ?? 'masquerade',
    agent: agentOf(written),
    path,
  }
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
}

function reachOf(
  { privateNetwork, gateway }: Pick<WrittenPool, 'privateNetwork' | 'gateway'>,
  { path, findings }: Gathered,
): Reach {
  const at = (key: string) => [...path, key]
  return {
    privateNetwork:
      privateNetwork === undefined ? undefined : prefixAt(privateNetwork, { path: at('privateNetwork'), findings }),
    gateway: gateway === undefined ? undefined : collect(inPlan(at('gateway')), findings, () => Address.parse(gateway)),
  }
}

function poolOf(written: WrittenPool, cluster: Shared, { path, findings }: Gathered): NodePool {
  const own = reachOf(written, { path, findings })
  return {
    name: written.name,
    privateNetwork: own.privateNetwork ?? cluster.privateNetwork ?? defaultPrivateNetwork,
    gateway: own.gateway ?? cluster.gateway,
    nodeSelector: { ...cluster.nodeSelector, ...written.nodeSelector },
    tolerations: (written.tolerations ?? cluster.tolerations).map((one) => given(one) as Toleration),
    path,
  }
}

/** The entries that are there: a key that is written without a value is as good as none. */
function given<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, T>
}
