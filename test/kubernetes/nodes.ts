import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from './control-plane.ts'

export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec: {
    readonly nodeName?: string
    readonly affinity?: {
      readonly nodeAffinity: {
        readonly requiredDuringSchedulingIgnoredDuringExecution: {
          readonly nodeSelectorTerms: readonly {
            readonly matchFields: readonly { readonly values: readonly string[] }[]
          }[]
        }
      }
    }
  }
  readonly status: { readonly phase?: string }
}

const longAgo = '2020-01-01T00:00:00Z'

/** Stands where a scheduler and the kubelets of the nodes are: binds the pods of a DaemonSet, says that they are ready, ends those to be ended. */
export class Nodes {
  /** Nodes that neither start nor end a pod. */
  readonly down = new Set<string>()
  readonly #plane: ControlPlane
  readonly #namespace: string
  #isServing = false

  constructor(plane: ControlPlane, namespace: string) {
    this.#plane = plane
    this.#namespace = namespace
  }

  async add(name: string): Promise<void> {
    const metadata = { name, labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name } }
    const node = JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata })
    const { stderr, status } = await this.#plane.kubectl(['create', '-f', '-'], node)
    if (status !== 0) throw new Error(stderr)
    // The API server marks it as not ready until a kubelet reports.
    await this.#plane.ask('patch', 'node', name, '--type=merge', '--patch', '{"spec":{"taints":null}}')
  }

  async pods(): Promise<Pod[]> {
    const { items } = await this.#plane.read<{ items: Pod[] }>('--namespace', this.#namespace, 'get', 'pods')
    return items
  }

  /** Serves the nodes until something has come to its end. */
  async while<T>(something: Promise<T>): Promise<T> {
    this.#isServing = true
    const serving = this.#serve()
    try {
      return await something
    } finally {
      this.#isServing = false
      await serving
    }
  }

  async #serve(): Promise<void> {
    while (this.#isServing) {
      for (const pod of await this.pods()) await this.#handle(pod)
      await sleep(200)
    }
  }

  async #handle({ metadata, spec, status }: Pod): Promise<void> {
    const { name, deletionTimestamp } = metadata
    const node = spec.nodeName ?? nodeOf(spec.affinity)
    if (spec.nodeName === undefined) await this.#bind(name, node)
    if (this.down.has(node)) return
    if (deletionTimestamp !== undefined) await this.#pod('delete', name, '--grace-period=0', '--force', '--wait=false')
    else if (status.phase !== 'Running') await this.report(name, { ready: true })
  }

  async #bind(name: string, node: string): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name: node }
    const binding = JSON.stringify({ apiVersion: 'v1', kind: 'Binding', metadata: { name }, target })
    const path = `/api/v1/namespaces/${this.#namespace}/pods/${name}/binding`
    await this.#plane.kubectl(['create', '--raw', path, '-f', '-'], binding)
  }

  /** Says of a pod what its kubelet would. */
  async report(name: string, { ready }: { readonly ready: boolean }): Promise<void> {
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: longAgo }]
    const patch = JSON.stringify({ status: { phase: 'Running', conditions } })
    await this.#pod('patch', name, '--subresource=status', '--type=merge', '--patch', patch)
  }

  /** The pod may be gone meanwhile, so nobody looks at the status. */
  async #pod(verb: string, name: string, ...options: readonly string[]): Promise<void> {
    await this.#plane.kubectl(['--namespace', this.#namespace, verb, 'pod', name, ...options])
  }
}

function nodeOf(affinity: Pod['spec']['affinity']): string {
  const [term] = affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms ?? []
  return term?.matchFields[0]?.values[0] ?? ''
}
