import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ran, type RunOptions, runProgram, startProgram } from './programs.ts'

/** The lab's own files on a machine, in memory. */
export const ownFolder = '/run/natplan-lab'

/** Leaves a program running: its number, as the machine underneath knows it, and what it prints are in files of its name. */
const background = `
( read -r number rest </proc/self/stat
  echo "$number" >"$0.pid"
  exec "$@" </dev/null >"$0.log" 2>&1 ) &
`

/** Brings a machine up from the files of its plan: kernel settings, given as PATH=VALUE, then rules, then interfaces. */
const bringUp = `
for one; do
  path=/proc/sys/\${one%%=*}
  if [ -e "$path" ]; then echo "\${one#*=}" >"$path"; fi
done
nft --file ${ownFolder}/watch.nft
ip -batch ${ownFolder}/interfaces
`

interface Start {
  /** Below /proc/sys, by path. */
  readonly settings: Readonly<Record<string, string>>
  readonly rules: string
  readonly lines: readonly string[]
}

/** A running machine of a lab: a network and mount namespace, held by a process. */
export class Machine {
  readonly name: string
  /** The process that holds it. */
  readonly pid: number

  constructor(name: string, pid: number) {
    this.name = name
    this.pid = pid
  }

  /** The same process as programs of the lab know it, which has process numbers of its own. */
  get innerPid(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    return Number(/^NSpid:.*\s([0-9]+)$/m.exec(status)?.[1])
  }

  /** The command line that runs a command in this machine. */
  enter(command: readonly string[]): string[] {
    return ['nsenter', '--target', String(this.pid), '--net', '--mount', '--pid', ...command]
  }

  /** Runs a program in the machine and waits for it, whatever its status. */
  attempt(command: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return runProgram(this.enter(command), options)
  }

  /** Runs a program in the machine and returns its output; throws when it fails. */
  async run(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await this.attempt(command, options)
    if (status === 0) return stdout
    throw new Error(`${this.name}: ${command.join(' ')}\nended with status ${status}\n${stdout}${stderr}`)
  }

  /** Runs lines of `ip`; the first that fails throws. */
  async ip(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.run(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` })
  }

  /** Brings the machine up: kernel settings (one that the kernel does not have is passed over), rules of nft, lines of `ip`. */
  async bringUp({ settings, rules, lines }: Start): Promise<void> {
    this.writeText(`${ownFolder}/watch.nft`, rules)
    this.writeText(`${ownFolder}/interfaces`, `${lines.join('\n')}\n`)
    const pairs = Object.entries(settings).map(([path, value]) => `${path}=${value}`)
    await this.run(['sh', '-euc', bringUp, 'up', ...pairs])
  }

  /** Starts a program whose ends are this process's: it ends with the machine at the latest. */
  open(command: readonly string[]): ChildProcessWithoutNullStreams {
    return startProgram(this.enter(command))
  }

  /** Leaves a program running in the machine under a name. */
  async start(name: string, command: readonly string[]): Promise<void> {
    await this.run(['sh', '-euc', background, `${ownFolder}/${name}`, ...command])
  }

  /** Sends a signal to a program that was started under a name; reports whether it was there. */
  signal(name: string, signal: NodeJS.Signals | 0): boolean {
    const number = this.readText(`${ownFolder}/${name}.pid`)
    if (number === undefined) return false
    try {
      return process.kill(Number(number), signal)
    } catch {
      return false
    }
  }

  log(name: string): string {
    return this.readText(`${ownFolder}/${name}.log`) ?? ''
  }

  /** What the kernel counts in the machine's network: the text of /proc/net/netstat. */
  statistics(): string {
    return readFileSync(`/proc/${this.pid}/net/netstat`, 'utf8')
  }

  /** Where a file of the machine is for this process. */
  path(path: string): string {
    return join('/proc', String(this.pid), 'root', path)
  }

  has(path: string): boolean {
    return existsSync(this.path(path))
  }

  readText(path: string): string | undefined {
    try {
      return readFileSync(this.path(path), 'utf8')
    } catch {
      return undefined
    }
  }

  writeText(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), text, { mode })
  }
}
