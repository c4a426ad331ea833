import type { NodeRouting } from '@natplan/core'
import { daemonSetObject, type Mode } from './daemon-set.ts'
import { agentObject, namespaceObject, quotaObject, routesObject, serviceAccountObject } from './objects.ts'
import { toYaml } from './yaml.ts'

/** Every object of one cluster, in the order in which they must be there. */
function manifests(routing: NodeRouting, { mode }: { readonly mode: Mode }) {
  return [
    ...sharedObjects(routing),
    agentObject(routing),
    ...routing.lists.map((list) => routesObject(routing, list)),
    ...daemonSets(routing, mode),
  ]
}

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

/** All objects of one cluster as one text for `kubectl apply -f -`. */
export function manifestText(routing: NodeRouting, options: { readonly mode: Mode }): string {
  return manifests(routing, options).map(toYaml).join('---\n')
}
