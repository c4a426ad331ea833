import { readDocument } from '../../text/read-document.ts'
import { at, listAt, textAt, textEntriesAt, textsAt } from '../json-values.ts'

/** Ranges that an object of a cluster names, as they are written, and the words for why. */
export interface NamedRanges {
  readonly of: 'pods' | 'services'
  readonly ranges: readonly string[]
  readonly why: string
}

/** What an object says of the address ranges of pods and services. */
export function rangesIn(object: unknown): readonly NamedRanges[] {
  const kind = textAt(object, 'kind') ?? ''
  return (Object.hasOwn(readers, kind) ? readers[kind] : undefined)?.(object) ?? []
}

/** What an object calls the cluster, unless by the name that every cluster has. */
export function clusterNameIn(object: unknown): string | undefined {
  const kind = textAt(object, 'kind')
  if (kind === 'ConfigMap') {
    const name = textAt(kubeadm(object), 'clusterName') ?? textAt(object, 'data', 'cluster-name')
    return name === 'kubernetes' || name === 'default' ? undefined : name
  }
  if (kind === 'Infrastructure') return textAt(object, 'status', 'infrastructureName')
  if (kind !== 'Node') return undefined
  return nameLabels.map((label) => textAt(object, 'metadata', 'labels', label)).find((name) => name !== undefined)
}

const nameLabels = ['alpha.eksctl.io/cluster-name', 'kubernetes.azure.com/cluster', 'cluster.x-k8s.io/cluster-name']

const readers: Readonly<Record<string, (object: unknown) => NamedRanges[]>> = {
  Pod: (pod) => listAt(pod, 'spec', 'containers').flatMap((container) => ofCommand(container, named(pod))),
  Node: (node) =>
    ofWords(jsonTexts(textAt(node, 'metadata', 'annotations', 'k3s.io/node-args')), `node ${named(node)}`),
  ConfigMap: ofConfigMap,
  IPPool: (pool) => {
    const unused = at(pool, 'spec', 'disabled') === true ? ', disabled' : ''
    return pods(words(textAt(pool, 'spec', 'cidr')), `pool ${named(pool)} of Calico${unused}`)
  },
  CiliumPodIPPool: (pool) =>
    pods(
      [...textsAt(pool, 'spec', 'ipv4', 'cidrs'), ...textsAt(pool, 'spec', 'ipv6', 'cidrs')],
      `pool ${named(pool)} of Cilium`,
    ),
  ClusterCIDR: (range) =>
    pods(
      [...words(textAt(range, 'spec', 'ipv4')), ...words(textAt(range, 'spec', 'ipv6'))],
      `ClusterCIDR ${named(range)}`,
    ),
  ServiceCIDR: (range) => services(textsAt(range, 'spec', 'cidrs'), `ServiceCIDR ${named(range)}`),
  // OpenShift: config.openshift.io and operator.openshift.io.
  Network: (network) => [
    ...pods(
      listAt(network, 'spec', 'clusterNetwork').flatMap((one) => words(textAt(one, 'cidr'))),
      'clusterNetwork of the cluster',
    ),
    ...services(textsAt(network, 'spec', 'serviceNetwork'), 'serviceNetwork of the cluster'),
  ],
}

function ofConfigMap(map: unknown): NamedRanges[] {
  const networking = at(kubeadm(map), 'networking')
  const ofCilium = textAt(map, 'data', 'ipam') === 'cluster-pool'
  const proxy = /^\s*clusterCIDR:\s*"?([^"\s]+)"?\s*$/m.exec(textAt(map, 'data', 'config.conf') ?? '')?.[1]
  return [
    ...pods(words(textAt(networking, 'podSubnet')), "kubeadm's podSubnet"),
    ...services(words(textAt(networking, 'serviceSubnet')), "kubeadm's serviceSubnet"),
    ...pods(words(proxy), "kube-proxy's clusterCIDR"),
    ...pods(words(textAt(json(textAt(map, 'data', 'net-conf.json')), 'Network')), "flannel's Network"),
    ...(ofCilium ? pods(words(textAt(map, 'data', 'cluster-pool-ipv4-cidr')), "Cilium's pool for nodes") : []),
  ]
}

function kubeadm(map: unknown): unknown {
  const text = textAt(map, 'data', 'ClusterConfiguration')
  return text === undefined ? undefined : readDocument('ClusterConfiguration', text, 'input').data
}

function ofCommand(container: unknown, pod: string): NamedRanges[] {
  return ofWords([...textsAt(container, 'command'), ...textsAt(container, 'args')], `pod ${pod}`)
}

/** The flags of Kubernetes' own programs and of k3s, as `--flag=value` or as two words. */
function ofWords(given: readonly string[], whose: string): NamedRanges[] {
  return given.flatMap((word, index) => {
    const [flag = '', value = given[index + 1]] = word.split('=', 2)
    const [why, ranges] = [`${flag} of ${whose}`, words(value)]
    if (flag === '--cluster-cidr') return pods(ranges, why)
    return flag === '--service-cluster-ip-range' || flag === '--service-cidr' ? services(ranges, why) : []
  })
}

function pods(ranges: readonly string[], why: string): NamedRanges[] {
  return ranges.length > 0 ? [{ of: 'pods', ranges, why }] : []
}

function services(ranges: readonly string[], why: string): NamedRanges[] {
  return ranges.length > 0 ? [{ of: 'services', ranges, why }] : []
}

/** Several ranges are written with commas or blanks between them. */
function words(text: string | undefined): string[] {
  return text?.split(/[\s,]+/).filter((word) => word !== '') ?? []
}

function named(object: unknown): string {
  return textAt(object, 'metadata', 'name') ?? 'without a name'
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function jsonTexts(text: string | undefined): readonly string[] {
  return textsAt({ is: json(text) }, 'is')
}

/** A list of routes, and what people know it by. */
export interface NamedList {
  readonly name: string
  readonly destinations: readonly string[]
}

/** Lists in a ConfigMap that speak of routes: a JSON array of nothing but addresses and prefixes. */
export function routeListsIn(map: unknown, isDestination: (text: string) => boolean): readonly NamedList[] {
  return textEntriesAt(map, 'data').flatMap(([key, text]) => {
    const destinations = /route/i.test(`${key} ${named(map)}`) ? jsonTexts(text) : []
    if (destinations.length === 0 || !destinations.every(isDestination)) return []
    return { name: `${key} of the ConfigMap ${named(map)}`, destinations }
  })
}

/** Destinations that a script of a DaemonSet has a route made to. */
export function routesInScripts(daemonSet: unknown): NamedList {
  const spec = at(daemonSet, 'spec', 'template', 'spec')
  const containers = [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')]
  const scripts = containers.flatMap((one) => [...textsAt(one, 'command'), ...textsAt(one, 'args')]).join('\n')
  const made = scripts.matchAll(/\bip\s+(?:-4\s+)?r(?:oute)?\s+(?:add|replace|append|change)\s+["']?([0-9][0-9./]+)/g)
  return { name: `the script of the DaemonSet ${named(daemonSet)}`, destinations: [...made].map(([, to = '']) => to) }
}
