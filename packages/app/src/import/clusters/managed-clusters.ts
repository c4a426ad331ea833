import { at, listAt, textAt, textsAt } from '../json-values.ts'
import type { NamedRanges } from './cluster-ranges.ts'

/** The answer of a cloud about one of its clusters, which is no object of the cluster. */
interface Managed {
  readonly kind: string
  /** What only such an answer has. */
  readonly mark: readonly string[]
  name(answer: unknown): string | undefined
  ranges(answer: unknown): Readonly<Record<NamedRanges['of'], readonly (string | undefined)[]>>
}

const managed: readonly Managed[] = [
  {
    kind: 'az aks show',
    mark: ['networkProfile', 'networkPlugin'],
    name: (answer) => textAt(answer, 'name'),
    ranges: (answer) => {
      const of = (key: string) => [
        textAt(answer, 'networkProfile', key),
        ...textsAt(answer, 'networkProfile', `${key}s`),
      ]
      return { pods: of('podCidr'), services: of('serviceCidr') }
    },
  },
  {
    kind: 'gcloud container clusters describe',
    mark: ['servicesIpv4Cidr'],
    name: (answer) => textAt(answer, 'name'),
    ranges: (answer) => ({
      pods: [
        textAt(answer, 'clusterIpv4Cidr'),
        ...listAt(answer, 'nodePools').map((pool) => textAt(pool, 'networkConfig', 'podIpv4CidrBlock')),
      ],
      services: [textAt(answer, 'servicesIpv4Cidr')],
    }),
  },
  {
    kind: 'aws eks describe-cluster',
    mark: ['cluster', 'kubernetesNetworkConfig'],
    name: (answer) => textAt(answer, 'cluster', 'name'),
    ranges: (answer) => ({
      pods: [],
      services: [textAt(answer, 'cluster', 'kubernetesNetworkConfig', 'serviceIpv4Cidr')],
    }),
  },
]

/** Reports whether a text is such an answer, by its begin. */
export function isManaged(head: string): boolean {
  return /^\s*[[{]/.test(head) && /"(networkPlugin|servicesIpv4Cidr|kubernetesNetworkConfig)"\s*:/.test(head)
}

/** What an answer says of the ranges of pods and services; `undefined` for an object of a cluster. */
export function managedCluster(
  object: unknown,
): { readonly name: string | undefined; readonly ranges: readonly NamedRanges[] } | undefined {
  const found = managed.find(({ mark }) => at(object, ...mark) !== undefined)
  if (!found) return undefined
  const given = found.ranges(object)
  const ranges = (['pods', 'services'] as const).map((of) => ({
    of,
    ranges: [...new Set(given[of].flatMap((text) => text ?? []))],
    why: `${of} of the cluster (${found.kind})`,
  }))
  return { name: found.name(object), ranges: ranges.filter((one) => one.ranges.length > 0) }
}
