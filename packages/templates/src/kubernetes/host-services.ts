import type { ConfigMap, Namespace, Service } from 'kubernetes-types/core/v1.js'
import type { EndpointSlice } from 'kubernetes-types/discovery/v1.js'
import { toYaml } from './yaml.ts'

/** Hosts of another site, which pods call by NAME.NAMESPACE.svc. */
export interface HostServices {
  /** The site whose cluster it is. */
  readonly site: string
  readonly namespace: string
  readonly hosts: readonly HostService[]
}

export interface HostService {
  readonly name: string
  /** As the cluster calls the host. */
  readonly addresses: readonly { readonly family: 4 | 6; readonly text: string }[]
}

/** Whether a Service may be called so (RFC 1035, section 2.3.1, in small letters). */
export function isServiceName(text: string): boolean {
  return /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
}

/** Whether hosts may be in a namespace: others are there before them, and their services are not to be replaced. */
export function isFreeNamespace(text: string): boolean {
  return isServiceName(text) && text !== 'default' && !/^(kube|openshift)-/.test(text)
}

/** Namespaces with a Service without an address of its own for each host, so that every port is the host's. */
export function hostServicesText(all: readonly HostServices[]): string {
  return all
    .flatMap((services) => [namespaceObject(services), ...services.hosts.flatMap((host) => objectsOf(services, host))])
    .map(toYaml)
    .join('---\n')
}

/** What AKS, K3s and others add to the Corefile of the cluster: a server block. */
export function corednsCustomText({ site }: Pick<HostServices, 'site'>, serverBlock: string): string {
  return toYaml({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns-custom', namespace: 'kube-system', labels: labels(), annotations: annotations(site) },
    data: { 'natplan.server': serverBlock },
  } satisfies ConfigMap)
}

function labels() {
  return {
    'app.kubernetes.io/component': 'names',
    'app.kubernetes.io/part-of': 'natplan',
    'app.kubernetes.io/managed-by': 'natplan',
  }
}

function annotations(site: string) {
  return { 'natplan/site': site }
}

function namespaceObject({ site, namespace }: HostServices) {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: labels(), annotations: annotations(site) },
  } satisfies Namespace
}

function objectsOf({ site, namespace }: HostServices, { name, addresses }: HostService) {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: labels(), annotations: annotations(site) },
    spec: { type: 'ClusterIP', clusterIP: 'None' },
  } satisfies Service
  const slices = ([4, 6] as const).flatMap((family) => {
    const texts = addresses.filter((one) => one.family === family).map(({ text }) => text)
    return texts.length > 0 ? [sliceObject({ site, namespace, name, family, texts })] : []
  })
  return [service, ...slices]
}

interface Slice {
  readonly site: string
  readonly namespace: string
  readonly name: string
  readonly family: 4 | 6
  readonly texts: readonly string[]
}

/** No controller of the cluster touches slices that something else manages. */
function sliceObject({ site, namespace, name, family, texts }: Slice) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-ipv${family}`,
      namespace,
      labels: {
        ...labels(),
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'natplan',
      },
      annotations: annotations(site),
    },
    addressType: `IPv${family}`,
    endpoints: texts.map((text) => ({ addresses: [text] })),
  } satisfies EndpointSlice
}
