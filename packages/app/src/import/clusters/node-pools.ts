import type { Address, Prefix, WrittenSite } from '@natplan/core'
import type { Reason } from '../imported.ts'
import { freeName, type Said } from '../said.ts'
import type { NodeFacts } from './cluster-facts.ts'
import type { NodeNetwork } from './node-networks.ts'

type WrittenKubernetes = NonNullable<WrittenSite['kubernetes']>

/** How nodes reach the private network: by a route that names the gateway, or by a gateway that only single routes name. */
interface Way {
  readonly key: 'privateNetwork' | 'gateway'
  readonly value: string
  readonly said: Said
}

export interface Ways {
  readonly written: Pick<WrittenKubernetes, 'privateNetwork' | 'gateway' | 'nodePools'>
  /** Paths are from `kubernetes` on. */
  readonly reasons: readonly Reason[]
  /** What is not known, with what would say it. */
  readonly unknown: { readonly message: string; readonly hint: string } | undefined
}

/** The ways to the private network of all nodes, or of pools of nodes where they differ. */
export function waysOf(
  networks: readonly NodeNetwork[],
  { nodes, listed }: { readonly nodes: readonly NodeFacts[]; readonly listed: readonly Prefix[] },
): Ways {
  const known = networks.flatMap((network) => {
    const way = wayOf(network, listed)
    return way ? { network, way } : []
  })
  const different = [...new Map(known.map(({ way }) => [`${way.key} ${way.value}`, way])).values()]
  const [only] = different
  if (!only) return noWay(networks)
  if (different.length === 1) {
    return { written: { [only.key]: only.value }, reasons: [reasonOf(only, [only.key])], unknown: undefined }
  }
  return pooled(known, { nodes, different })
}

function noWay(networks: readonly NodeNetwork[]): Ways {
  const message = 'no route of the nodes says which router leads to the private networks'
  const hint = 'write kubernetes.gateway, or privateNetwork where nodes have such a route'
  return { written: {}, reasons: [], unknown: networks.length > 0 ? { message, hint } : undefined }
}

/** Routes of hand name the gateway where no wider route does. */
function wayOf({ route, others, said }: NodeNetwork, listed: readonly Prefix[]): Way | undefined {
  if (route && !listed.some((prefix) => prefix.equals(route.prefix))) {
    return { key: 'privateNetwork', value: String(route.prefix), said: route.said }
  }
  const hops = new Set(listed.flatMap((prefix) => String(others.get(String(prefix)) ?? '') || []))
  const [hop] = hops
  if (hops.size !== 1 || hop === undefined) return undefined
  return { key: 'gateway', value: hop, said: { ...said, why: 'the routes of the list lead to it' } }
}

function pooled(
  known: readonly { readonly network: NodeNetwork; readonly way: Way }[],
  { nodes, different }: { readonly nodes: readonly NodeFacts[]; readonly different: readonly Way[] },
): Ways {
  const placed = nodes.flatMap((node) => {
    const found = known.find(({ network }) =>
      node.addresses.some((address: Address) => network.subnet.contains(address)),
    )
    return found ? { node, way: found.way } : []
  })
  const label = labelThatTells(placed)
  if (label === undefined || placed.length < nodes.length || nodes.length === 0) {
    const ways = different.map(({ value }) => value).join(' and ')
    return {
      written: {},
      reasons: [],
      unknown: {
        message: `nodes reach the private networks by ${ways}, and which node by which is not known`,
        hint: 'write kubernetes.nodePools with a nodeSelector each, or give kubectl get nodes -o json and ip route of a node of each subnet',
      },
    }
  }
  const ways = new Map(placed.map(({ node, way }) => [node.labels.get(label) ?? '', way]))
  const pools = [...ways].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = poolNames(pools.map(([value]) => value))
  return {
    written: {
      nodePools: pools.map(([value, way], index) => ({
        name: names[index] ?? value,
        [way.key]: way.value,
        nodeSelector: { [label]: value },
      })),
    },
    reasons: pools.map(([, way], index) => reasonOf(way, ['nodePools', index, way.key])),
    unknown: undefined,
  }
}

const hostLabel = 'kubernetes.io/hostname'
const zoneLabel = 'topology.kubernetes.io/zone'

/** A label that all nodes have, of which each value goes one way only; the one with the fewest values. */
function labelThatTells(placed: readonly { readonly node: NodeFacts; readonly way: Way }[]): string | undefined {
  const [first] = placed
  const labels = [...(first?.node.labels.keys() ?? [])].filter((label) => label !== hostLabel && tells(label, placed))
  const rated = labels.map((label) => {
    const values = new Set(placed.map(({ node }) => node.labels.get(label)))
    return { label, rank: values.size * 2 - (label === zoneLabel ? 1 : 0) }
  })
  return rated.toSorted((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1))[0]?.label
}

function tells(label: string, placed: readonly { readonly node: NodeFacts; readonly way: Way }[]): boolean {
  const ways = new Map<string, string>()
  return placed.every(({ node, way }) => {
    const value = node.labels.get(label)
    if (value === undefined || value === '') return false
    const before = ways.get(value)
    ways.set(value, `${way.key} ${way.value}`)
    return before === undefined || before === `${way.key} ${way.value}`
  })
}

function poolNames(values: readonly string[]): readonly string[] {
  const names = new Set<string>()
  for (const value of values) names.add(freeName(poolName(value), names))
  return [...names]
}

function poolName(value: string): string {
  const plain = value.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return plain.slice(0, 38).replace(/^-+|-+$/g, '') || 'pool'
}

function reasonOf({ said: { why, file, line } }: Way, path: Reason['path']): Reason {
  return { path, text: why, file, line }
}
