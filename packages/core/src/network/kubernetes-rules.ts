import { type Finding, findingOf, inPlan } from '../finding.ts'
import { wordTable } from '../word-table.ts'
import type { Kubernetes, NodePool, Toleration } from './network.ts'
import type { PartialNetwork } from './partial-network.ts'

type Cluster = Kubernetes & { readonly site: string }

function clustersOf(network: PartialNetwork): Cluster[] {
  return [...network.sites.values()].flatMap(({ name, kubernetes }) =>
    kubernetes ? [{ ...kubernetes, site: name }] : [],
  )
}

/** A node must belong to one pool at most: two agents on one node would each remove what the other adds. */
export function nodePoolsAreApart(network: PartialNetwork): Finding[] {
  return clustersOf(network).flatMap(({ nodePools, site }) => {
    const read = nodePools.filter((pool) => isRead(network, pool, ['name', 'nodeSelector']))
    return read.flatMap((pool, index) => {
      const clash = read.slice(0, index).find((other) => meets(pool, other))
      if (!clash) return []
      const isSame = pool.name === clash.name
      const message = isSame
        ? `${site} has two node pools ${pool.name}`
        : `a node of ${site} can be in both ${clash.name} and ${pool.name}`
      const hint = isSame
        ? 'give each a name of its own'
        : 'give both a nodeSelector with the same label and different values'
      return [findingOf('NODE_POOLS_MEET', inPlan(pool.path), { message, hint })]
    })
  })
}

/** Whether all that is written under these keys was read. */
function isRead(
  { unread }: PartialNetwork,
  { path }: Pick<Kubernetes | NodePool, 'path'>,
  keys: readonly string[],
): boolean {
  return !keys.some((key) => unread.touches([...path, key]))
}

function meets(one: NodePool, other: NodePool): boolean {
  const differs = Object.entries(one.nodeSelector).some(
    ([label, value]) => Object.hasOwn(other.nodeSelector, label) && other.nodeSelector[label] !== value,
  )
  return one.name === other.name || !differs
}

/** Routes lead to a private IPv4 gateway, found by a route that is not the default one. */
export function nodeNetworksAreUsable(network: PartialNetwork): Finding[] {
  return clustersOf(network).flatMap(({ nodePools }) => {
    const findings = nodePools.flatMap(({ privateNetwork, gateway, path }) => {
      const problems: [string, string, string][] = []
      if (privateNetwork.family === 6) {
        problems.push(['privateNetwork', `${privateNetwork} is IPv6`, 'name the IPv4 route to the private gateway'])
      } else if (privateNetwork.length === 0) {
        const message = 'the default route leads to the internet, or to where everything else goes'
        problems.push(['privateNetwork', message, 'name the route to the private gateway, or the gateway itself'])
      }
      if (gateway?.family === 6) problems.push(['gateway', `${gateway} is IPv6`, 'IPv4 routes need an IPv4 gateway'])
      return problems.map(([key, message, hint]) =>
        findingOf('NODE_NETWORK_UNFIT', inPlan([...path, key]), { message, hint }),
      )
    })
    // What pools have from their cluster is said once.
    return [...new Map(findings.map((finding) => [finding.message, finding])).values()]
  })
}

/** Kubernetes refuses these when they are applied, and by then the rest is there. */
export function tolerationsAreUsable(network: PartialNetwork): Finding[] {
  return clustersOf(network).flatMap(({ nodePools }) => {
    const read = nodePools.filter((pool) => isRead(network, pool, ['tolerations']))
    const findings = read.flatMap(({ tolerations, path }) =>
      tolerations.flatMap((toleration) => {
        const fault = faultOf(toleration)
        if (fault === undefined) return []
        const message = `the toleration of ${toleration.key ?? 'every key'} ${fault}`
        return [findingOf('TOLERATION_UNFIT', inPlan([...path, 'tolerations']), { message })]
      }),
    )
    return [...new Map(findings.map((finding) => [finding.message, finding])).values()]
  })
}

function faultOf({ key, operator = 'Equal', value, effect, tolerationSeconds }: Toleration): string | undefined {
  if (operator === 'Exists' && value) return 'has a value, but operator: Exists takes none'
  if (operator === 'Equal' && key === undefined) return 'needs operator: Exists'
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    return 'has tolerationSeconds without effect: NoExecute'
  return undefined
}

/** Kubernetes refuses a pod that asks for more than it may use; what the plan leaves out has its default. */
export function resourcesAreUsable(network: PartialNetwork): Finding[] {
  const read = clustersOf(network).filter((cluster) => isRead(network, cluster, ['resources']))
  return read.flatMap(({ agent: { resources }, path }) =>
    Object.entries(resources.requests).flatMap(([name, asked]) => {
      const limit = resources.limits[name]
      if (limit === undefined || thousandths(asked) <= thousandths(limit)) return []
      const message = `the agent requests ${asked} of ${name} but may use at most ${limit}`
      const hint = `write limits.${name}: ${asked} or more, or requests.${name}: ${limit} or less`
      return [findingOf('RESOURCES_UNFIT', inPlan([...path, 'resources']), { message, hint })]
    }),
  )
}

const units: Readonly<Record<string, number>> = wordTable({
  m: 1,
  '': 1e3,
  k: 1e6,
  Ki: 1e3 * 2 ** 10,
  M: 1e9,
  Mi: 1e3 * 2 ** 20,
  G: 1e12,
  Gi: 1e3 * 2 ** 30,
})

/** A quantity as Kubernetes writes it, in thousandths: `10m` is ten. */
function thousandths(quantity: string): number {
  const unit = quantity.replace(/^[0-9]+/, '')
  return Number.parseInt(quantity, 10) * (units[unit] ?? Number.NaN)
}

/** An image without a version is another one tomorrow, on one node and not on the next. */
export function imagesArePinned(network: PartialNetwork): Finding[] {
  return clustersOf(network).flatMap(({ agent: { image }, path }) => {
    const tag = /:([A-Za-z0-9._-]+)$/.exec(image)?.[1]
    if (image.includes('@sha256:') || (tag !== undefined && tag !== 'latest')) return []
    const message = `${image} names no version`
    const hint = 'write IMAGE:VERSION or IMAGE@sha256:DIGEST'
    return [findingOf('IMAGE_NOT_PINNED', inPlan([...path, 'image']), { message, hint })]
  })
}
