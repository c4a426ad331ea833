import type { NodePool, NodeRouteList, NodeRouting } from '@natplan/core'
import type { ConfigMap, Namespace, ResourceQuota, ServiceAccount } from 'kubernetes-types/core/v1.js'
import { agentScript } from './agent/script.generated.ts'
import { agentVersion, keys, names } from './names.ts'

/** What says whose an object is; nothing in it changes while the object lives, but the version. */
export function labels(more: { readonly instance?: string; readonly version?: string } = {}) {
  return {
    'app.kubernetes.io/name': names.app,
    ...(more.instance === undefined ? {} : { 'app.kubernetes.io/instance': more.instance }),
    ...(more.version === undefined ? {} : { 'app.kubernetes.io/version': more.version }),
    'app.kubernetes.io/component': 'route-agent',
    'app.kubernetes.io/part-of': 'natplan',
    'app.kubernetes.io/managed-by': 'natplan',
  }
}

/** Which site of the plan the object is for: it tells a cluster that got another one's manifests. */
export function annotations({ site }: NodeRouting) {
  return { 'natplan/site': site }
}

/**
 * Argo CD and Flux delete what is not among the manifests any more. The script of pods that the rollout has not reached must stay: without it
 * their node has no agent after a reboot, and `rollout undo` leads to pods that never start.
 */
const keptByDeliverers = {
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const

const privileged = 'privileged'

/** Host network and NET_ADMIN are beyond the baseline of Pod Security, so the namespace is for the agent alone. */
export function namespaceObject(routing: NodeRouting) {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: routing.kubernetes.agent.namespace,
      labels: {
        ...labels(),
        'pod-security.kubernetes.io/enforce': privileged,
        'pod-security.kubernetes.io/audit': privileged,
        'pod-security.kubernetes.io/warn': privileged,
      },
      annotations: annotations(routing),
    },
  } satisfies Namespace
}

/** Nothing is bound to it, and no token is mounted: the agent never talks to the API server. */
export function serviceAccountObject(routing: NodeRouting) {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: names.serviceAccount,
      namespace: routing.kubernetes.agent.namespace,
      labels: labels(),
      annotations: annotations(routing),
    },
    automountServiceAccountToken: false,
  } satisfies ServiceAccount
}

/** The list for people to read and edit: a JSON array, one prefix a line. */
export function routesText({ routes }: NodeRouteList): string {
  return `${JSON.stringify(routes, null, 2)}\n`
}

export function routesObject(routing: NodeRouting, list: NodeRouteList) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: routesMetadata(routing, list.pool),
    data: { [keys.routes]: routesText(list) },
  } satisfies ConfigMap
}

export function routesMetadata(routing: NodeRouting, pool: NodePool) {
  return {
    name: names.routes(pool),
    namespace: routing.kubernetes.agent.namespace,
    labels: labels({ instance: names.daemonSet(pool) }),
    annotations: annotations(routing),
  }
}

export function agentObject(routing: NodeRouting) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: agentMetadata(routing),
    // Another script has another name; this one is edited in no cluster.
    immutable: true,
    data: { [keys.agent]: agentScript.text },
  } satisfies ConfigMap
}

export function agentMetadata(routing: NodeRouting) {
  return {
    name: names.agent,
    namespace: routing.kubernetes.agent.namespace,
    labels: labels({ version: agentVersion }),
    annotations: { ...annotations(routing), ...keptByDeliverers },
  }
}

/** Some platforms admit pods of the two highest priority classes only where a quota names the class. */
export function quotaObject(routing: NodeRouting, priorityClassName: string) {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: {
      name: names.quota,
      namespace: routing.kubernetes.agent.namespace,
      labels: labels(),
      annotations: annotations(routing),
    },
    spec: {
      hard: { pods: '1G' },
      scopeSelector: {
        matchExpressions: [{ operator: 'In', scopeName: 'PriorityClass', values: [priorityClassName] }],
      },
    },
  } satisfies ResourceQuota
}
