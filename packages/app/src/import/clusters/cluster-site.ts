import {
  type Address,
  type Finding,
  findingOf,
  inInput,
  isHostName,
  type Path,
  type Prefix,
  PrefixSet,
  type WrittenSite,
} from '@natplan/core'
import { count } from '../../text/count.ts'
import type { Imported, NamedHost, NodeRoute, Reason } from '../imported.ts'
import { LeftOutCounts, listSaid, type Said } from '../said.ts'
import type { ClusterFacts, Used } from './cluster-facts.ts'
import type { NodeNetwork } from './node-networks.ts'
import { waysOf } from './node-pools.ts'

/** The site that one cluster is. */
export function clusterSite(name: string, facts: ClusterFacts, given: readonly NodeNetwork[]): Imported {
  const draft = new ClusterDraft(name, facts, given)
  const { written, reasons } = draft.site()
  const routes: NodeRoute[] = facts.routes.map(({ prefix, said }) => ({ site: name, prefix, said }))
  return {
    network: { sites: { [name]: written } },
    reasons,
    findings: draft.findings,
    routes,
    ...hostsOf(name, facts),
  }
}

/** Nodes by their names, at the addresses by which their network knows them. */
function hostsOf(site: string, facts: ClusterFacts): Pick<Imported, 'hosts' | 'leftOut'> {
  const hosts: NamedHost[] = []
  const leftOut = new LeftOutCounts()
  for (const { name, addresses, file, line } of facts.nodes.values()) {
    const said = { why: `node ${name} has it`, file, line }
    if (isHostName(name)) hosts.push(...addresses.map((address) => ({ site, name, address, said })))
    else leftOut.add('nodes with names that DNS cannot have', { file, line })
  }
  return { hosts, leftOut: [...facts.leftOut.all, ...leftOut.all] }
}

class ClusterDraft {
  readonly findings: Finding[] = []
  readonly #name: string
  readonly #facts: ClusterFacts
  readonly #nodes
  readonly #networks: readonly NodeNetwork[]

  constructor(name: string, facts: ClusterFacts, given: readonly NodeNetwork[]) {
    this.#name = name
    this.#facts = facts
    this.#nodes = [...facts.nodes.values()]
    this.#networks = this.#ofNodes(given)
  }

  site(): { readonly written: WrittenSite; readonly reasons: readonly Reason[] } {
    const subnets = this.#networks.map(({ said }) => said)
    const podSubnets = this.#pods()
    const serviceSubnets = this.#facts.serviceRanges.map(({ said }) => said)
    this.#judgeNodes()
    this.#judgeUsed(this.#facts.pods, podSubnets, { what: 'pods', give: givePods })
    this.#judgeUsed(this.#facts.services, serviceSubnets, { what: 'services', give: giveServices })
    const listed = this.#facts.routes.map(({ prefix }) => prefix)
    const ways = waysOf(this.#networks, { nodes: this.#nodes, listed })
    if (ways.unknown) this.#miss(ways.unknown, this.#networks[0]?.said)
    const path = ['sites', this.#name]
    const lists = {
      subnets: listSaid(subnets, [...path, 'subnets']),
      podSubnets: listSaid(podSubnets, [...path, 'kubernetes', 'podSubnets']),
      serviceSubnets: listSaid(serviceSubnets, [...path, 'kubernetes', 'serviceSubnets']),
    }
    return {
      written: {
        subnets: lists.subnets.values,
        kubernetes: {
          ...ways.written,
          ...filled('podSubnets', lists.podSubnets.values),
          ...filled('serviceSubnets', lists.serviceSubnets.values),
        },
      },
      reasons: [
        ...Object.values(lists).flatMap(({ reasons }) => reasons),
        ...ways.reasons.map((one) => ({ ...one, path: [...path, 'kubernetes', ...one.path] as Path })),
      ],
    }
  }

  /** Of the networks that nodes show, those that nodes are known by; without nodes, those that lead on. */
  #ofNodes(given: readonly NodeNetwork[]): readonly NodeNetwork[] {
    const addresses = this.#nodes.flatMap((node) => node.addresses)
    if (addresses.length > 0) return given.filter(({ subnet }) => addresses.some((one) => subnet.contains(one)))
    const inside = given.filter(({ route }) => route)
    return inside.length > 0 ? inside : given.filter(({ leads }) => leads !== 'nowhere')
  }

  /** The ranges of all pods; where none is named, what the nodes have of one. */
  #pods(): readonly Said[] {
    const { podRanges, nodeRanges } = this.#facts
    const all = PrefixSet.of(podRanges.map(({ prefix }) => prefix))
    const beyond = nodeRanges.filter(({ prefix }) => !all.contains(prefix))
    const [first] = beyond
    if (first) {
      const message = `nodes have ranges for pods in no range that is named, such as ${first.prefix}: further nodes get further ones`
      this.#miss({ message, hint: givePods }, first.said)
    }
    return [...podRanges, ...beyond].map(({ said }) => said)
  }

  #judgeNodes(): void {
    const known = PrefixSet.of(this.#networks.map(({ subnet }) => subnet))
    const placed = this.#nodes.flatMap((node) => {
      const outside = node.addresses.find((address: Address) => !known.contains(address))
      return outside ? [{ node, outside }] : []
    })
    const [first] = placed
    if (!first) return
    const { node, outside } = first
    const message = `the subnets of ${count(placed.length, 'node')} are not known: an address such as ${outside} does not say how large its subnet is`
    const hint = 'give the output of ip route of a node in each subnet as well, or write the subnets'
    this.#miss({ message, hint }, node)
  }

  #judgeUsed(
    used: ReadonlyMap<string, Used>,
    ranges: readonly Said[],
    { what, give }: { readonly what: string; readonly give: string },
  ): void {
    const named = PrefixSet.of([...this.#rangesOf(ranges), ...this.#networks.map(({ subnet }) => subnet)])
    const outside = [...used.values()].filter(({ prefix }) => !named.contains(prefix))
    const [first] = outside
    if (!first) return
    const message = `${what} have addresses in no range that is named, such as ${first.said.value} of ${first.said.why}`
    this.#miss({ message, hint: give }, first.said)
  }

  #rangesOf(said: readonly Said[]): Prefix[] {
    const { podRanges, nodeRanges, serviceRanges } = this.#facts
    return [...podRanges, ...nodeRanges, ...serviceRanges]
      .filter((one) => said.includes(one.said))
      .map(({ prefix }) => prefix)
  }

  #miss(
    { message, hint }: { readonly message: string; readonly hint: string },
    place: { readonly file: string; readonly line: number } | undefined,
  ): void {
    const at = place ? { ...inInput(place.line), file: place.file } : inInput()
    this.findings.push(findingOf('IMPORT_INCOMPLETE', at, { message: `${this.#name}: ${message}`, hint }))
  }
}

const givePods =
  'give as well: kubectl get cm -n kube-system kubeadm-config -o yaml, kubectl get ippools -o json (Calico), or kubectl get pods -n kube-system -o json; or write kubernetes.podSubnets'
const giveServices =
  'give as well: kubectl get cm -n kube-system kubeadm-config -o yaml, kubectl get servicecidrs -o json, or kubectl get pods -n kube-system -o json; or write kubernetes.serviceSubnets'

function filled(key: 'podSubnets' | 'serviceSubnets', values: readonly string[]) {
  return values.length > 0 ? { [key]: [...values] } : {}
}
