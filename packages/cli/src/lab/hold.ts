import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Machine, ownFolder } from './machine.ts'
import { findProgram, searchPath, startProgram } from './programs.ts'

/** What the processes of a lab are known by: the last argument of its first one, with `:MACHINE` of those that hold a machine. */
export const mark = 'natplan-lab'

/**
 * Holds one machine. Its /run is its own and in memory, and so is what it changes in /etc; strongSwan's
 * configuration there is empty. The number that it prints is the one that
 * the machine underneath knows it by, for /proc is that one's.
 */
const holdMachine = `
ip link set lo up
mount -t tmpfs -o mode=755 ${mark} /run
mkdir -p ${ownFolder}/upper ${ownFolder}/work
layers=lowerdir=/etc,upperdir=${ownFolder}/upper,workdir=${ownFolder}/work
if ! mount -t overlay -o "$layers" ${mark} /etc 2>/dev/null; then
  mkdir ${ownFolder}/etc
  cp -a /etc/. ${ownFolder}/etc
  mount --bind ${ownFolder}/etc /etc
fi
rm -rf /etc/swanctl
mkdir -p /etc/swanctl/conf.d
read -r number rest </proc/self/stat
echo "ready $number $0"
exec </dev/null >/dev/null 2>&1
sleep infinity &
wait
`

/** The first process of a lab: everything of the lab is below it and ends with it. It waits for the orphans of the lab as well. */
const holdLab = `
hold=$1
shift
for machine; do
  { unshare --net --mount --propagation private sh -euc "$hold" "$0:$machine" || echo "failed $machine"; } &
done
exec >/dev/null 2>&1
wait
`

export interface Held {
  readonly pid: number
  readonly machines: ReadonlyMap<string, Machine>
}

export interface HoldOptions {
  readonly name: string
  readonly machines: readonly string[]
  /** Whether the lab outlives this process. */
  readonly outlive: boolean
}

/**
 * Makes empty machines, each with a network of its own. They live as long as the lab's first process: when it ends, the kernel ends
 * every process of the lab, and with them go namespaces, links and mounts.
 */
export async function holdMachines({ name, machines, outlive }: HoldOptions): Promise<Held> {
  const own = ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--propagation', 'private']
  const held = ['sh', '-uc', holdLab, `${mark}:${name}`, holdMachine, ...machines]
  const command = outlive ? [...own, ...held] : ['setpriv', '--pdeathsig', 'KILL', ...own, ...held]
  const [program = '', ...args] = command
  const env = { PATH: searchPath }
  const child = startProgram([findProgram(program) ?? program, ...args], { detached: outlive, env, cwd: '/' })
  const { ready, failed } = await readiness(child, machines.length)
  child.stdout.destroy()
  child.stderr.destroy()
  child.stdin.destroy()
  child.unref()
  if (ready.size !== machines.length || child.pid === undefined) {
    child.kill('SIGKILL')
    throw new Error(`${ready.size} of ${machines.length} network namespaces are ready: ${failed}`)
  }
  return { pid: child.pid, machines: ready }
}

interface Readiness {
  readonly ready: ReadonlyMap<string, Machine>
  readonly failed: string
}

/** Waits until every machine has said that it is ready, or one has said that it will not be. */
function readiness(child: ChildProcessWithoutNullStreams, wanted: number): Promise<Readiness> {
  const ready = new Map<string, Machine>()
  return new Promise((resolve) => {
    let failed = ''
    const done = () => resolve({ ready, failed: failed.trim() })
    child.stderr.on('data', (text) => {
      failed += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, number, machine] = /^ready ([0-9]+) [^:]+:[^:]+:(.+)$/.exec(line) ?? []
      if (machine !== undefined) ready.set(machine, new Machine(machine, Number(number)))
      if (ready.size === wanted || line.startsWith('failed ')) done()
    })
    child.once('error', (error) => {
      failed += error.message
      done()
    })
    child.once('exit', done)
  })
}
