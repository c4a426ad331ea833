import { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { collect, inPlan } from '../finding.ts'
import type { AgentSettings, Kubernetes, NodePool, Toleration } from './network.ts'
import { type Gathered, prefixAt, prefixes } from './normalize-prefixes.ts'
import type { WrittenSite } from './written.ts'

type Written = NonNullable<WrittenSite['kubernetes']>
type WrittenPool = Omit<NonNullable<Written['nodePools']>[number], 'name'> & { readonly name?: string }

const defaultPrivateNetwork = '10.0.0.0/8'

/** What the route agent uses and how it runs when the plan file does not say anything else. */
const defaults: AgentSettings = {
  namespace: 'static-routes',
  image: 'docker.io/library/alpine:3.22.2',
  priorityClassName: undefined,
  interval: 20,
  metric: 17_600,
  resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
}

/** Parses what the plan file says of a cluster and fills in the defaults; each node pool gets what it leaves out. */
export function kubernetesOf(written: Written, { path, findings }: Gathered): Kubernetes {
  const listed: readonly WrittenPool[] = written.nodePools ?? [{}]
  return {
    nodePools: listed.map((pool, index) => poolOf(pool, { written, index, path, findings })),
    podSubnets: prefixes(written.podSubnets ?? [], { path: [...path, 'podSubnets'], findings }),
    serviceSubnets: prefixes(written.serviceSubnets ?? [], { path: [...path, 'serviceSubnets'], findings }),
    podEgress: written.podEgress ?? 'masquerade',
    agent: agentOf(written),
    path,
  }
}

function agentOf({ namespace, image, priorityClassName, interval, metric, resources = {} }: Written): AgentSettings {
  return {
    namespace: namespace ?? defaults.namespace,
    image: image ?? defaults.image,
    priorityClassName,
    interval: interval ?? defaults.interval,
    metric: metric ?? defaults.metric,
    resources: {
      requests: given(resources.requests ?? defaults.resources.requests),
      limits: given(resources.limits ?? defaults.resources.limits),
    },
  }
}

interface PoolPlace extends Gathered {
  readonly written: Written
  readonly index: number
}

function poolOf(pool: WrittenPool, { written, index, path, findings }: PoolPlace): NodePool {
  const own = pool.name === undefined ? path : [...path, 'nodePools', index]
  const place = (key: 'privateNetwork' | 'gateway') => ({
    path: [...(pool[key] === undefined ? path : own), key],
    // What all pools have from the cluster is reported once.
    findings: pool[key] === undefined && index > 0 ? [] : findings,
  })
  const network = pool.privateNetwork ?? written.privateNetwork ?? defaultPrivateNetwork
  const gateway = pool.gateway ?? written.gateway
  const { path: gatewayPath, findings: gatewayFindings } = place('gateway')
  return {
    name: pool.name,
    privateNetwork: prefixAt(network, place('privateNetwork')) ?? Prefix.parse(defaultPrivateNetwork),
    gateway:
      gateway === undefined ? undefined : collect(inPlan(gatewayPath), gatewayFindings, () => Address.parse(gateway)),
    nodeSelector: { ...written.nodeSelector, ...pool.nodeSelector },
    tolerations: (pool.tolerations ?? written.tolerations ?? []).map((one) => given(one) as Toleration),
    path: own,
  }
}

/** The entries that are there: a key that is written without a value is as good as none. */
function given<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, T>
}
