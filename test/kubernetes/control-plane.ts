import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../support/command.ts'
import { program } from '../support/require.ts'

/** A free port of this machine. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** A real API server with its store and its controller of DaemonSets, on the loopback interface; it has no nodes but those that a test makes. */
export class ControlPlane {
  readonly #folder: string
  readonly #processes: ChildProcess[] = []

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async start(): Promise<ControlPlane> {
    const plane = new ControlPlane(mkdtempSync(join(tmpdir(), 'natplan-cluster-')))
    try {
      await plane.#startAll()
      return plane
    } catch (error) {
      await plane.stop()
      throw error
    }
  }

  async #startAll(): Promise<void> {
    const [store, peers, api] = [await freePort(), await freePort(), await freePort()]
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = (name: string, text: string) => {
      writeFileSync(join(this.#folder, name), text, { mode: 0o600 })
      return join(this.#folder, name)
    }
    const signing = file('sa.key', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
    const checking = file('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString())
    const tokens = file('tokens.csv', 'of-this-test,admin,admin,system:masters\n')
    this.#run('etcd', [
      `--data-dir=${join(this.#folder, 'etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${store}`,
      `--advertise-client-urls=http://127.0.0.1:${store}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-cluster=default=http://127.0.0.1:${peers}`,
    ])
    this.#run('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${store}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${api}`,
      `--cert-dir=${join(this.#folder, 'certificates')}`,
      '--service-account-issuer=https://natplan.test',
      `--service-account-key-file=${checking}`,
      `--service-account-signing-key-file=${signing}`,
      `--token-auth-file=${tokens}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=172.21.0.0/16',
      '--endpoint-reconciler-type=none',
    ])
    file('kubeconfig', kubeconfig(`https://127.0.0.1:${api}`))
    await this.#answers(['get', '--raw', '/readyz'])
    this.#run('kube-controller-manager', [
      `--kubeconfig=${join(this.#folder, 'kubeconfig')}`,
      '--controllers=daemonset-controller,serviceaccount-controller,namespace-controller',
      '--leader-elect=false',
      '--secure-port=0',
    ])
    await this.#answers(['get', 'serviceaccount', 'default'])
  }

  #run(name: string, options: readonly string[]): void {
    const child = spawn(program('setpriv'), ['--pdeathsig', 'KILL', program(name), ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] },
    })
    const log = createWriteStream(this.#log(name))
    child.stdout?.pipe(log)
    child.stderr?.pipe(log)
    this.#processes.push(child)
  }

  #log(name: string): string {
    return join(this.#folder, `${name}.log`)
  }

  async #answers(args: readonly string[]): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      if ((await this.kubectl(args)).status === 0) return
      if (this.#processes.some(({ exitCode }) => exitCode !== null)) break
      await sleep(500)
    }
    const tail = readFileSync(this.#log('kube-apiserver'), 'utf8').split('\n').slice(-20).join('\n')
    throw new Error(`the API server does not answer ${args.join(' ')}\n${tail}`)
  }

  #environment() {
    return { PATH: process.env['PATH'], HOME: this.#folder, KUBECONFIG: join(this.#folder, 'kubeconfig') }
  }

  kubectl(args: readonly string[], input?: string): Promise<Outcome> {
    return outcomeOf([program('kubectl'), ...args], { env: this.#environment(), input })
  }

  /** Runs lines of shell as a person does who has kubectl, and the programs of a folder, at hand. */
  shell(lines: string, { programs, cwd }: { readonly programs: string; readonly cwd: string }): Promise<Outcome> {
    const env = { ...this.#environment(), PATH: `${programs}:${process.env['PATH']}` }
    return outcomeOf(['bash', '--norc', '-euo', 'pipefail', '-c', lines], { env, cwd })
  }

  /** Runs kubectl and returns what it prints; throws when it fails. */
  async ask(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.kubectl(args)
    if (status === 0) return stdout
    throw new Error(`kubectl ${args.join(' ')}\n${stderr}`)
  }

  async read<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.ask(...args, '--output', 'json')) as T
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.reverse()) {
      if (child.exitCode !== null || child.signalCode) continue
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

interface Given {
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly input?: string | undefined
}

async function outcomeOf([command = '', ...args]: readonly string[], { env, cwd, input }: Given): Promise<Outcome> {
  const child = spawn(command, args, { env, cwd, timeout: 120_000 })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  child.stdin.on('error', () => undefined).end(input ?? '')
  const [status] = await once(child, 'close')
  return { status, ...texts }
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token: 'of-this-test' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  })
}
