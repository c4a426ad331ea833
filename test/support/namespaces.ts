import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { program } from './require.ts'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface Link {
  /** Interface name on this side. */
  readonly here: string
  readonly peer: Namespace
  /** Interface name on the peer's side. */
  readonly there: string
}

/**
 * A network and mount namespace of its own. It has no name on the machine: it lives as long as the processes in it,
 * and the kernel ends the first of them with the thread that made it, so nothing is left behind however a test ends.
 * Its file system is the machine's; what is mounted in it is seen there alone.
 */
export class Namespace {
  readonly #holder: ChildProcess
  readonly #children = new Set<ChildProcess>()
  readonly pid: number

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder
    this.pid = pid
  }

  /** Makes a namespace with its loopback interface up. */
  static async create(): Promise<Namespace> {
    const hold = 'ip link set lo up && echo up && exec sleep infinity'
    const holder = spawn(
      program('setpriv'),
      ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--propagation', 'private', 'sh', '-c', hold],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])
    if (holder.pid === undefined || holder.exitCode !== null) {
      throw new Error(`no namespace: ${holder.stderr.read() ?? 'the process that should hold it ended'}`)
    }
    return new Namespace(holder, holder.pid)
  }

  #enter(command: readonly string[]): string[] {
    return ['--target', String(this.pid), '--net', '--mount', ...command]
  }

  /** Runs a program in the namespace and waits for it, whatever its status. */
  attempt(...command: readonly string[]): Ran {
    const result = spawnSync(program('nsenter'), this.#enter(command), { encoding: 'utf8', timeout: 60_000 })
    if (result.error) throw result.error
    return { status: result.status ?? -1, stdout: result.stdout, stderr: result.stderr }
  }

  /** Runs a program in the namespace and returns its output; throws when it fails. */
  run(...command: readonly string[]): string {
    const { status, stdout, stderr } = this.attempt(...command)
    if (status === 0) return stdout
    throw new Error(`${command.join(' ')}\nended with status ${status}\n${stdout}${stderr}`)
  }

  /** Runs lines of shell in the namespace; throws at the first that fails. */
  script(lines: string): string {
    return this.run('sh', '-euc', lines)
  }

  /** Starts a program in the namespace. It ends with the namespace at the latest. */
  start(command: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(program('setpriv'), ['--pdeathsig', 'KILL', 'nsenter', ...this.#enter(command)], options)
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** Joins this namespace and a peer with a veth pair; both ends are up. */
  connect({ here, peer, there }: Link): void {
    const end = ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', String(peer.pid)]
    this.run('ip', ...end)
    this.run('ip', 'link', 'set', here, 'up')
    peer.run('ip', 'link', 'set', there, 'up')
  }

  /** Ends everything that was started here, and with it the namespace. */
  async remove(): Promise<void> {
    const running = [...this.#children, this.#holder].filter((child) => child.exitCode === null && !child.signalCode)
    await Promise.all(
      running.map((child) => {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        return gone
      }),
    )
  }
}

/** Waits until a condition holds; throws with the description after `timeout` milliseconds. */
export async function until(description: () => string, condition: () => boolean, timeout = 5000): Promise<void> {
  const end = performance.now() + timeout
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${timeout} ms: ${description()}`)
    await sleep(5)
  }
}
