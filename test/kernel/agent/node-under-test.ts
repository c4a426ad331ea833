import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Namespace, type Ran, until } from '../../support/namespaces.ts'
import { program } from '../../support/require.ts'
import { ConfigMapMount } from './config-map-mount.ts'
import { type Toolbox, unpack } from './toolboxes.ts'

export const metric = 17600
export const protocol = 176

/** The agent's script. */
export const script = fileURLToPath(
  new URL('../../../packages/templates/src/kubernetes/agent/route-agent.sh', import.meta.url),
)

type Environment = Readonly<Record<string, string>>

/** What remains of a container's root: the bounding set is NET_ADMIN and nothing can be gained. */
const containment = ['setpriv', '--bounding-set', '-all,+net_admin', '--inh-caps', '-all', '--no-new-privs']

/** The state that the agent's loop leaves for its probes. */
interface State {
  readonly looks: number
  readonly verdict: string
}

/**
 * A worker node with a public interface (eth0, default route) and a private one (eth1, 10.0.0.0/8), and the agent's
 * pod on it: a read-only root, a mounted ConfigMap, an empty folder in memory, NET_ADMIN.
 */
export class NodeUnderTest {
  readonly namespace: Namespace
  readonly configMap: ConfigMapMount
  readonly toolbox: Toolbox
  readonly #folder: string
  readonly #shell: readonly string[]
  #environment: Environment

  private constructor(namespace: Namespace, toolbox: Toolbox, folder: string) {
    this.namespace = namespace
    this.toolbox = toolbox
    this.#folder = folder
    this.#shell = unpack(toolbox, join(folder, 'bin'))
    this.configMap = new ConfigMapMount(join(folder, 'routes'))
    mkdirSync(join(folder, 'state'))
    this.#environment = {
      PATH: join(folder, 'bin'),
      NATPLAN_ROUTES_FILE: join(folder, 'routes', 'routes'),
      NATPLAN_STATE_DIR: join(folder, 'state'),
      NATPLAN_INTERVAL: '3600',
    }
  }

  /** Makes a node without interfaces. */
  static async bare(toolbox: Toolbox): Promise<NodeUnderTest> {
    const namespace = await Namespace.create()
    const node = new NodeUnderTest(namespace, toolbox, mkdtempSync(join(tmpdir(), 'natplan-agent-')))
    namespace.script(`mount -t tmpfs tmpfs ${node.#folder}/state; mount -o remount,bind,ro /`)
    return node
  }

  /** Makes a node with both interfaces and their routes; nobody is at the other end. */
  static async create(toolbox: Toolbox): Promise<NodeUnderTest> {
    const node = await NodeUnderTest.bare(toolbox)
    node.namespace.script(`
      for i in 0 1; do ip link add eth$i type veth peer name peer$i; ip link set peer$i up; done
      ${node.addressing}
    `)
    return node
  }

  /** The shell lines that give eth0 and eth1 their addresses and routes. */
  readonly addressing = `
    ip addr add 203.0.113.5/24 dev eth0; ip link set eth0 up
    ip addr add 10.1.2.5/24 dev eth1; ip link set eth1 up
    ip route add default via 203.0.113.1
    ip route add 10.0.0.0/8 via 10.1.2.1
  `

  async remove(): Promise<void> {
    await this.namespace.remove()
    rmSync(this.#folder, { recursive: true })
  }

  /** Sets environment variables of the agent's container from here on. */
  set(environment: Environment): void {
    this.#environment = { ...this.#environment, ...environment }
  }

  /** Takes a program out of the agent's image. */
  discard(name: string): void {
    rmSync(join(this.#folder, 'bin', name))
  }

  /** Lets a program of the agent's image fail whenever its arguments hold these. */
  spoil(name: string, words: string): void {
    const bin = join(this.#folder, 'bin')
    const kept = join(this.#folder, 'kept')
    mkdirSync(kept)
    renameSync(join(bin, name), join(kept, name))
    const lines = ['#!/bin/sh', `case " $* " in *" ${words} "*) exit 1 ;; esac`, `exec ${join(kept, name)} "$@"`, '']
    writeFileSync(join(bin, name), lines.join('\n'), { mode: 0o755 })
  }

  /** Puts a list into the ConfigMap: prefixes, or a text to be taken as it is. */
  list(routes: readonly string[] | string | Uint8Array): void {
    const text = Array.isArray(routes) ? `${JSON.stringify(routes, null, 2)}\n` : (routes as string | Uint8Array)
    this.configMap.write({ routes: text })
  }

  /** Runs `ip` of iproute2 on the node. */
  ip(line: string): string {
    return this.namespace.run('ip', ...line.split(' '))
  }

  #command(subcommand: string, more: Environment = {}): string[] {
    const variables = Object.entries({ ...this.#environment, ...more }).map(([name, value]) => `${name}=${value}`)
    return [...containment, 'env', '-i', ...variables, ...this.#shell, script, subcommand]
  }

  /** Runs the agent with a subcommand that ends by itself, perhaps more contained than a pod is. */
  agent(subcommand: string, containedBy: readonly string[] = []): Ran {
    const further = containedBy.length > 0 ? ['setpriv', ...containedBy] : []
    return this.namespace.attempt(...further, ...this.#command(subcommand))
  }

  /** Runs one look and returns its log lines; throws unless everything is right afterwards. */
  converge(): string[] {
    const { status, stdout, stderr } = this.agent('once')
    if (status !== 0 || stderr !== '') throw new Error(`status ${status}\n${stdout}${stderr}`)
    return lines(stdout)
  }

  /** Starts the agent's loop as the first process of its own process namespace, as in a container. */
  async start(): Promise<AgentLoop> {
    return this.#start('', {})
  }

  /** Starts the loop of one more agent on the node, with the same settings but its own list. */
  async startAnother(routes: readonly string[]): Promise<AgentLoop> {
    const list = join(this.#folder, 'state', 'another-list')
    this.namespace.run('sh', '-c', `printf '%s' '${JSON.stringify(routes)}' >"$1"`, 'sh', list)
    const more = { NATPLAN_ROUTES_FILE: list, NATPLAN_STATE_DIR: join(this.#folder, 'state', 'another') }
    return this.#start('another', more)
  }

  async #start(name: string, more: Environment): Promise<AgentLoop> {
    const file = join(this.#folder, `log${name}`)
    const log = openSync(file, 'a')
    const container = ['unshare', '--pid', '--fork', '--kill-child']
    const parent = this.namespace.start([...container, ...this.#command('run', more)], { stdio: ['ignore', log, log] })
    closeSync(log)
    const loop = new AgentLoop(parent, file, () => this.#state(name))
    const logged = loop.log().length
    await until(
      () => `the first look\n${loop.log().join('\n')}`,
      () => loop.log().length > logged && loop.verdict !== 'starting',
      20_000,
    )
    return loop
  }

  /** The path of a file of this node as the node sees it. */
  inside(path: string): string {
    return join(this.#folder, path)
  }

  /** The agent's folder for its state, seen from the machine. */
  get stateFolder(): string {
    return join('/proc', String(this.namespace.pid), 'root', this.inside('state'))
  }

  #state(name: string): State {
    try {
      const [, looks, verdict] = readFileSync(join(this.stateFolder, name, 'state'), 'utf8')
        .trim()
        .split(/ +/)
      return { looks: Number(looks), verdict: verdict ?? 'starting' }
    } catch {
      return { looks: 0, verdict: 'starting' }
    }
  }

  /** Every route of every table, as text, protocols as numbers. */
  table(): string[] {
    return lines(this.ip('-N -4 route show table all').replaceAll('\n\t', ' '))
  }

  /** The agent's routes in table main: prefix → gateway. */
  own(mark = metric): Map<string, string> {
    return new Map(this.#split(mark).own.map((line) => [destination(line), line.split(' ')[2] ?? '']))
  }

  /** All routes but the agent's. */
  foreign(mark = metric): string[] {
    return this.#split(mark).foreign
  }

  /** The agent's routes, each as `PREFIX GATEWAY`, and all others, at one moment. */
  split(mark = metric): { own: string[]; foreign: string[] } {
    const { own, foreign } = this.#split(mark)
    return { own: own.map((line) => `${destination(line)} ${line.split(' ')[2]}`).sort(), foreign }
  }

  #split(mark: number): { own: string[]; foreign: string[] } {
    const table = this.table()
    const isOwn = (line: string) =>
      [` proto ${protocol} `, ` metric ${mark} `, ' via '].every((part) => line.includes(part)) &&
      [' table ', ' nexthop '].every((part) => !line.includes(part))
    return { own: table.filter(isOwn), foreign: table.filter((line) => !isOwn(line)) }
  }
}

/** A running agent. */
export class AgentLoop {
  readonly #parent: ChildProcess
  readonly #file: string
  readonly #state: () => State

  constructor(parent: ChildProcess, file: string, state: () => State) {
    this.#parent = parent
    this.#file = file
    this.#state = state
  }

  /** The pid of the agent's shell, seen from the machine. */
  get pid(): number {
    const parent = String(this.#parent.pid)
    return Number(
      readFileSync(join('/proc', parent, 'task', parent, 'children'), 'utf8')
        .trim()
        .split(' ')[0],
    )
  }

  get looks(): number {
    return this.#state().looks
  }

  get verdict(): string {
    return this.#state().verdict
  }

  log(): string[] {
    return lines(readFileSync(this.#file, 'utf8'))
  }

  /** How many processes the container has started so far, this question included: the next process number. */
  processes(): number {
    const enter = ['--target', String(this.pid), '--pid', 'sh', '-c', 'echo $$']
    return Number(spawnSync(program('nsenter'), enter, { encoding: 'utf8' }).stdout)
  }

  /** Makes the agent look now. */
  wake(): void {
    process.kill(this.pid, 'SIGHUP')
  }

  /** Wakes the agent and waits for the end of its look; returns what it logged. */
  async look(): Promise<string[]> {
    const { looks } = this
    const logged = this.log().length
    this.wake()
    await until(
      () => `a look\n${this.log().join('\n')}`,
      () => this.looks > looks,
      20_000,
    )
    return this.log().slice(logged)
  }

  /** Sends a signal and waits for the end; returns the milliseconds that took. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    const gone = once(this.#parent, 'exit')
    const start = performance.now()
    process.kill(this.pid, signal)
    await gone
    return performance.now() - start
  }
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

function destination(line: string): string {
  const prefix = line.split(' ')[0] ?? ''
  return prefix.includes('/') ? prefix : `${prefix}/32`
}
