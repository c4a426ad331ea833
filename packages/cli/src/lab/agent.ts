import { parseAllDocuments } from 'yaml'
import type { Machine } from './machine.ts'
import { settled } from './settled.ts'

const agentName = 'route-agent'

/** What the lab needs of a rendered object. */
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: { readonly template: { readonly spec: PodSpec } }
}

interface PodSpec {
  readonly containers: readonly Container[]
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[]
}

interface Container {
  readonly command: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly readinessProbe: { readonly exec: { readonly command: readonly string[] } }
  readonly securityContext: {
    readonly capabilities: { readonly drop: readonly string[]; readonly add: readonly string[] }
  }
}

/** The pod of a DaemonSet on a worker node, made from the rendered manifests: ConfigMaps, command, variables, capabilities. */
export class AgentPod {
  readonly #machine: Machine
  readonly #container: Container
  readonly #maps: readonly {
    readonly name: string
    readonly path: string
    readonly data: Readonly<Record<string, string>>
  }[]

  constructor(machine: Machine, manifests: string, daemonSet: string) {
    const objects = parseAllDocuments(manifests).map((document) => document.toJS() as Manifest)
    const pod = objectOf(objects, 'DaemonSet', daemonSet).spec?.template.spec
    const container = pod?.containers[0]
    if (!pod || !container) throw new Error(`${daemonSet} has no container`)
    this.#machine = machine
    this.#container = container
    this.#maps = container.volumeMounts.flatMap(({ name, mountPath }) => {
      const map = pod.volumes.find((volume) => volume.name === name)?.configMap
      return map ? [{ name, path: mountPath, data: objectOf(objects, 'ConfigMap', map.name).data ?? {} }] : []
    })
  }

  /** Starts the agent and waits until it says that the node's routes are right. */
  async start(): Promise<void> {
    for (const { path, data } of this.#maps) {
      for (const [key, text] of Object.entries(data)) this.#machine.writeText(`${path}/${key}`, text)
    }
    await this.#machine.start(agentName, this.#contained(this.#container.command))
    await this.#becomeReady(() => this.#state().verdict === 'ready')
  }

  /** Replaces the list of routes, as an edit of the ConfigMap does, and waits for the agent's look at it. */
  async list(routes: readonly string[] | undefined): Promise<void> {
    const map = this.#maps.find(({ name }) => name === 'routes')
    if (!map) throw new Error('the pod has no list of routes')
    const text = routes ? `${JSON.stringify(routes)}\n` : (map.data['routes'] ?? '')
    const { looks } = this.#state()
    this.#machine.writeText(`${map.path}/routes`, text)
    this.#machine.signal(agentName, 'SIGHUP')
    await this.#becomeReady(() => this.#state().looks !== looks && this.#state().verdict === 'ready')
  }

  /** Asks the readiness probe, as kubelet does. */
  async isReady(): Promise<boolean> {
    return (await this.#machine.attempt(this.#contained(this.#container.readinessProbe.exec.command))).status === 0
  }

  async #becomeReady(condition: () => boolean): Promise<void> {
    if (await settled(condition)) return
    throw new Error(`the route agent on ${this.#machine.name} is not ready:\n${this.#machine.log(agentName)}`)
  }

  /** What the loop leaves for the probes: when, which look, and whether the routes are right. */
  #state(): { readonly looks: string | undefined; readonly verdict: string | undefined } {
    const [, looks, verdict] = this.#machine.readText('/run/natplan/state')?.trim().split(/ +/) ?? []
    return { looks, verdict }
  }

  #contained(command: readonly string[]): string[] {
    const { drop, add } = this.#container.securityContext.capabilities
    const bounding = [...drop.map((name) => `-${name}`), ...add.map((name) => `+${name}`)].join(',').toLowerCase()
    const variables = this.#container.env.map(({ name, value }) => `${name}=${value}`)
    const path = `PATH=/usr/sbin:/usr/bin:/sbin:/bin`
    return [
      'setpriv',
      '--bounding-set',
      bounding,
      '--inh-caps',
      '-all',
      '--no-new-privs',
      'env',
      '-i',
      path,
      ...variables,
      ...command,
    ]
  }
}

function objectOf(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (!found) throw new Error(`the manifests have no ${kind} ${name}`)
  return found
}
