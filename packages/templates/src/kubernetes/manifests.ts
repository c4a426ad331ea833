import type { NodeRouting } from '@natplan/core'
import { daemonSetObject, type Mode } from './daemon-set.ts'
import { agentObject, namespaceObject, quotaObject, routesObject, serviceAccountObject } from './objects.ts'
import { toYaml } from './yaml.ts'

/** What is there once in a cluster, without the ConfigMaps. */
export function sharedObjects(routing: NodeRouting) {
  const { namespace, priorityClassName } = routing.kubernetes.agent
  const isCritical = priorityClassName === 'system-node-critical' || priorityClassName === 'system-cluster-critical'
  return [
    ...(isOfTheCluster(namespace) ? [] : [namespaceObject(routing)]),
    serviceAccountObject(routing),
    ...(isCritical && namespace !== 'kube-system' ? [quotaObject(routing, priorityClassName)] : []),
  ]
}

export function daemonSets(routing: NodeRouting, mode: Mode) {
  return routing.lists.map((list) => daemonSetObject(routing, list, mode))
}

/** Such a namespace is in every cluster and not ours to label, let alone to delete with the rest. */
function isOfTheCluster(namespace: string): boolean {
  return namespace === 'default' || /^(kube|openshift)-/.test(namespace)
}

/** All objects of one cluster as one text for `kubectl apply -f -`, in the order in which they must be there. */
export function manifestText(routing: NodeRouting, { mode }: { readonly mode: Mode }): string {
  const shared = [...sharedObjects(routing), agentObject(routing)].map(toYaml)
  return [...shared, ...routeTexts(routing), ...daemonSets(routing, mode).map(toYaml)].join('---\n')
}

/** Of these the ConfigMaps that the agents read their routes from, each as its own text. */
export function routeTexts(routing: NodeRouting): string[] {
  return routing.lists.map((list) => toYaml(routesObject(routing, list)))
}
