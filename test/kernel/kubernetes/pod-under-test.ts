import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Container, Manifest, PodSpec } from '../../kubernetes/lint.ts'
import { Namespace, type Ran, until } from '../../support/namespaces.ts'
import { program } from '../../support/require.ts'
import { ConfigMapMount } from '../agent/config-map-mount.ts'
import { AgentLoop } from '../agent/node-under-test.ts'
import { type Toolbox, unpack } from '../agent/toolboxes.ts'

/** The objects of a cluster by kind and name. */
function find(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found
}

/**
 * A node with the pod of one DaemonSet on it, made from nothing but the manifests: the command, the variables, the capabilities,
 * and the volumes where the pod has them. ConfigMaps change as kubelet changes them.
 */
export class PodUnderTest {
  readonly namespace: Namespace
  readonly maps: ReadonlyMap<string, ConfigMapMount>
  readonly #folder: string
  readonly #container: Container

  private constructor(namespace: Namespace, folder: string, given: { pod: PodSpec; objects: readonly Manifest[] }) {
    const { pod, objects } = given
    const [container] = pod.containers
    if (!container) throw new Error('the pod has no container')
    this.namespace = namespace
    this.#folder = folder
    this.#container = container
    this.maps = new Map(
      pod.volumes.flatMap(({ name, configMap }) => {
        if (!configMap) return []
        const mount = new ConfigMapMount(join(folder, 'volumes', name))
        mount.write(find(objects, 'ConfigMap', configMap.name).data ?? {})
        return [[name, mount] as const]
      }),
    )
  }

  static async create(objects: readonly Manifest[], daemonSet: string, toolbox: Toolbox): Promise<PodUnderTest> {
    const pod = find(objects, 'DaemonSet', daemonSet).spec?.template.spec
    if (!pod) throw new Error(`${daemonSet} has no pod`)
    const namespace = await Namespace.create()
    const folder = mkdtempSync(join(tmpdir(), 'natplan-pod-'))
    const made = new PodUnderTest(namespace, folder, { pod, objects })
    const [shell] = unpack(toolbox, join(folder, 'bin'))
    made.#mount(shell ?? '')
    return made
  }

  /** Lays the volumes where the pod has them, the toolbox's shell over /bin/sh, and makes the root read-only. */
  #mount(shell: string): void {
    const paths = this.#container.volumeMounts.map(({ mountPath }) => mountPath)
    // Debian's awk is a link through this folder.
    const alternatives = '/etc/alternatives'
    for (const path of [...paths, alternatives]) mkdirSync(join(this.#folder, 'root', path), { recursive: true })
    const tops = new Set(paths.map((path) => path.split('/')[1] ?? ''))
    this.namespace.script(`
      mount --bind ${alternatives} '${this.#folder}/root${alternatives}'
      ${[...tops].map((top) => `mount --rbind '${this.#folder}/root/${top}' /${top}`).join('\n')}
      ${this.#container.volumeMounts.map(({ name, mountPath }) => this.#volume(name, mountPath)).join('\n')}
      mount --bind '${shell}' /bin/sh
      mount -o remount,bind,ro /`)
  }

  #volume(name: string, path: string): string {
    const map = this.maps.get(name)
    return map
      ? `mount --bind '${map.folder}' ${path}; mount -o remount,bind,ro ${path}`
      : `mount -t tmpfs tmpfs ${path}`
  }

  #contained(command: readonly string[]): string[] {
    const { drop, add } = this.#container.securityContext.capabilities
    const bounding = [...drop.map((name) => `-${name}`), ...add.map((name) => `+${name}`)].join(',').toLowerCase()
    const variables = this.#container.env.map(({ name, value }) => `${name}=${value}`)
    const path = `PATH=${join(this.#folder, 'bin')}`
    const containment = ['--bounding-set', bounding, '--inh-caps', '-all', '--no-new-privs']
    return [program('setpriv'), ...containment, 'env', '-i', path, ...variables, ...command]
  }

  /** Asks a probe as kubelet does. */
  probe(kind: 'readinessProbe' | 'livenessProbe'): Ran {
    return this.execute(...this.#container[kind].exec.command)
  }

  /** Runs a command in the container. */
  execute(...command: readonly string[]): Ran {
    return this.namespace.attempt(...this.#contained(command))
  }

  /** Starts the container and waits until its first look is over. */
  async start(): Promise<AgentLoop> {
    const file = join(this.#folder, 'log')
    writeFileSync(file, '')
    const log = openSync(file, 'a')
    const own = ['unshare', '--pid', '--fork', '--kill-child']
    const parent = this.namespace.start([...own, ...this.#contained(this.#container.command)], {
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    const loop = new AgentLoop(parent, file, () => this.#state())
    await until(
      () => `the first look\n${loop.log().join('\n')}`,
      () => loop.log().length > 0 && loop.verdict !== 'starting',
      20_000,
    )
    return loop
  }

  #state(): { looks: number; verdict: string } {
    try {
      const file = join('/proc', String(this.namespace.pid), 'root/run/natplan/state')
      const [, looks, verdict] = readFileSync(file, 'utf8').trim().split(/ +/)
      return { looks: Number(looks), verdict: verdict ?? 'starting' }
    } catch {
      return { looks: 0, verdict: 'starting' }
    }
  }

  /** The node's routes by the agent's metric: prefix and gateway. */
  routes(metric = 17_600): string[] {
    const lines = this.namespace.run('ip', '-4', 'route', 'show', 'table', 'main').split('\n')
    return lines
      .filter((line) => line.includes(`metric ${metric}`))
      .map((line) => line.split(' '))
      .map(([prefix, , via]) => `${prefix} ${via}`)
      .sort()
  }

  async remove(): Promise<void> {
    await this.namespace.remove()
    rmSync(this.#folder, { recursive: true })
  }
}
