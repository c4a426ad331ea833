import { Address, Prefix } from '@natplan/core'
import { at, listAt, textAt, textEntriesAt, textsAt } from '../json-values.ts'
import { LeftOutCounts, type Said } from '../said.ts'
import { clusterNameIn, rangesIn, routeListsIn, routesInScripts } from './cluster-ranges.ts'
import { managedCluster } from './managed-clusters.ts'
import type { Manifest } from './manifests.ts'

export interface NodeFacts {
  readonly name: string
  readonly addresses: readonly Address[]
  readonly labels: ReadonlyMap<string, string>
  readonly file: string
  readonly line: number
}

/** A prefix that something has, and where that was read. */
export interface Used {
  readonly prefix: Prefix
  readonly said: Said
}

/** What objects of one cluster say, taken one by one: what is kept grows with nodes and with the /24 in use, not with the pods. */
export class ClusterFacts {
  readonly nodes = new Map<string, NodeFacts>()
  readonly podRanges: Used[] = []
  readonly serviceRanges: Used[] = []
  /** Parts of the pods' range that nodes have. */
  readonly nodeRanges: Used[] = []
  /** The first pod, and the first service, of each /24 (/64). */
  readonly pods = new Map<string, Used>()
  readonly services = new Map<string, Used>()
  /** What lists of routes of hand lead to. */
  readonly routes: Used[] = []
  readonly leftOut = new LeftOutCounts()
  name: Said | undefined
  #objects = 0

  get isEmpty(): boolean {
    return this.#objects === 0
  }

  take(manifest: Manifest): void {
    const { object, file, line } = manifest
    const service = managedCluster(object)
    const kind = service ? 'Cluster' : textAt(object, 'kind')
    if (kind === undefined || kind.endsWith('List')) return
    this.#objects++
    const name = service ? service.name : clusterNameIn(object)
    if (name !== undefined) this.name ??= { value: name, why: `the cluster is called so`, file, line }
    for (const { of, ranges, why } of service?.ranges ?? rangesIn(object))
      this.#useAll(of === 'pods' ? this.podRanges : this.serviceRanges, ranges, manifest, why)
    if (kind === 'Node' || kind === 'CiliumNode') this.#takeNode(manifest)
    else if (kind === 'Pod') this.#takePod(manifest)
    else if (kind === 'Service') this.#takeService(manifest)
    else if (kind === 'ConfigMap') this.#takeLists(manifest)
    else if (kind === 'DaemonSet') {
      const { name: script, destinations } = routesInScripts(object)
      this.#useAll(this.routes, destinations, manifest, script)
    }
  }

  #takeNode(manifest: Manifest): void {
    const { object, file, line } = manifest
    const name = textAt(object, 'metadata', 'name') ?? ''
    const known = this.nodes.get(name)
    const given = [...listAt(object, 'status', 'addresses'), ...listAt(object, 'spec', 'addresses')]
    const addresses = given
      .filter((one) => textAt(one, 'type') === 'InternalIP')
      .flatMap((one) => Address.tryParse(textAt(one, 'address') ?? textAt(one, 'ip') ?? '') ?? [])
    const labels = new Map([...(known?.labels ?? []), ...textEntriesAt(object, 'metadata', 'labels')])
    this.nodes.set(name, { file, line, ...known, name, addresses: known?.addresses ?? addresses, labels })
    const ranges = [...textsAt(object, 'spec', 'podCIDRs'), ...textsAt(object, 'spec', 'ipam', 'podCIDRs')]
    const single = textAt(object, 'spec', 'podCIDR')
    this.#useAll(this.nodeRanges, single === undefined ? ranges : [single, ...ranges], manifest, `pods of node ${name}`)
  }

  #takePod(manifest: Manifest): void {
    const { object } = manifest
    const phase = textAt(object, 'status', 'phase')
    if (phase === 'Succeeded' || phase === 'Failed') return
    const addresses = [
      textAt(object, 'status', 'podIP'),
      ...listAt(object, 'status', 'podIPs').map((one) => textAt(one, 'ip')),
    ]
    if (at(object, 'spec', 'hostNetwork') !== true) this.#firstOfEach(this.pods, addresses, manifest, 'pod')
  }

  #takeService(manifest: Manifest): void {
    const { object } = manifest
    const addresses = [textAt(object, 'spec', 'clusterIP'), ...textsAt(object, 'spec', 'clusterIPs')]
    this.#firstOfEach(this.services, addresses, manifest, 'service')
  }

  #takeLists(manifest: Manifest): void {
    const isDestination = (text: string) => prefixOf(text) !== undefined
    for (const { name, destinations } of routeListsIn(manifest.object, isDestination))
      this.#useAll(this.routes, destinations, manifest, name)
  }

  #useAll(to: Used[], texts: readonly string[], { file, line }: Manifest, why: string): void {
    for (const text of texts) {
      const prefix = prefixOf(text)
      if (prefix) to.push({ prefix, said: { value: String(prefix), why, file, line } })
      else this.leftOut.add('ranges of the cluster that are not prefixes', { file, line })
    }
  }

  #firstOfEach(
    to: Map<string, Used>,
    texts: readonly (string | undefined)[],
    { object, file, line }: Manifest,
    what: string,
  ): void {
    for (const text of texts) {
      const address = Address.tryParse(text ?? '')
      if (!address) continue
      const block = `${what} ${textAt(object, 'metadata', 'name') ?? ''}`
      const key = String(Prefix.fromBits(address.bits, address.family === 4 ? 24 : 64))
      if (!to.has(key))
        to.set(key, { prefix: Prefix.of(address), said: { value: String(address), why: block, file, line } })
    }
  }
}

/** A prefix, or the network of an address with a length, or a host. */
function prefixOf(text: string): Prefix | undefined {
  const [, first = '', length] = /^([^/]*)(?:\/([0-9]{1,3}))?$/.exec(text.trim()) ?? []
  const address = Address.tryParse(first)
  if (!address) return undefined
  const most = address.family === 4 ? 32 : 128
  const wanted = length === undefined ? most : Number(length)
  return wanted > most ? undefined : Prefix.fromBits(address.bits, wanted)
}
