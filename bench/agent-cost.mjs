// What the route agent costs its node, as a control group counts it: CPU time of a look at rest, and memory at rest and at its peak, files in
// memory included. Needs root, veth links, BusyBox, and the controllers cpuacct and memory (version 1) or cpu and memory (version 2).
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { told } from './goals.mjs'

const script = fileURLToPath(new URL('../packages/templates/src/kubernetes/agent/route-agent.sh', import.meta.url))
const looks = 30
const interval = 20

/** A control group of its own, in whichever version this machine has. */
function controlGroup(name) {
  const root = '/sys/fs/cgroup'
  const isSecond = existsSync(join(root, 'cgroup.controllers'))
  const folders = isSecond ? [join(root, name)] : [join(root, 'cpuacct', name), join(root, 'memory', name)]
  for (const folder of folders) mkdirSync(folder)
  const [cpu, memory] = [folders[0], folders.at(-1)]
  const number = (folder, file) => Number(readFileSync(join(folder, file), 'utf8'))
  return {
    join: folders.map((folder) => `echo $$ >${folder}/cgroup.procs`).join('; '),
    milliseconds: () =>
      isSecond
        ? Number(/usage_usec (\d+)/.exec(readFileSync(join(cpu, 'cpu.stat'), 'utf8'))[1]) / 1000
        : number(cpu, 'cpuacct.usage') / 1e6,
    megabytes: () => number(memory, isSecond ? 'memory.current' : 'memory.usage_in_bytes') / 1e6,
    peak: () => number(memory, isSecond ? 'memory.peak' : 'memory.max_usage_in_bytes') / 1e6,
    remove: async () => {
      const left = readFileSync(join(cpu, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
      for (const pid of left) process.kill(Number(pid), 'SIGKILL')
      await sleep(300)
      for (const folder of folders) rmdirSync(folder)
    },
  }
}

async function measure(folder, count) {
  const routes = Array.from({ length: count }, (_, i) => `172.${16 + (i >> 12)}.${(i >> 4) & 255}.${(i & 15) * 16}/28`)
  writeFileSync(join(folder, 'routes'), JSON.stringify(routes, null, 2))
  const group = controlGroup(`natplan-agent-${process.pid}`)
  const steps = `set -e
ip link add node0 type veth peer name gate0
ip address add 10.1.2.5/24 dev node0
ip link set node0 up
ip link set gate0 up
ip route add 10.0.0.0/8 via 10.1.2.1
mount -t tmpfs tmpfs ${folder}/state
export NATPLAN_ROUTES_FILE=${folder}/routes NATPLAN_STATE_DIR=${folder}/state NATPLAN_INTERVAL=3600 NATPLAN_MAX_ROUTES=16384
export PATH=${folder}/bin
${group.join}
exec sh ${script} run`
  const agent = spawn('unshare', ['--net', '--mount', 'sh', '-c', steps], { stdio: ['ignore', 'pipe', 'inherit'] })
  agent.stdout.resume()
  const state = () => {
    const file = `/proc/${agent.pid}/root${folder}/state/state`
    const [, done, verdict] = existsSync(file) ? readFileSync(file, 'utf8').trim().split(/ +/) : []
    return { done: Number(done ?? 0), verdict }
  }
  const until = async (isDone) => {
    while (!isDone(state())) await sleep(20)
  }
  await until(({ verdict }) => verdict === 'ready')
  const install = group.milliseconds()
  for (let i = 0; i < looks; i++) {
    const { done } = state()
    agent.kill('SIGHUP')
    await until((now) => now.done > done)
  }
  const look = (group.milliseconds() - install) / looks
  await sleep(200)
  const row = [look / interval, look, install, group.megabytes(), group.peak()].map((value) => value.toFixed(1))
  agent.kill('SIGTERM')
  await new Promise((resolve) => agent.once('exit', resolve))
  await group.remove()
  if (count === 2_000) told('agent', look)
  console.log([count, ...row].map((cell) => String(cell).padStart(18)).join(''))
}

const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))
try {
  for (const name of ['bin', 'state']) mkdirSync(join(folder, name))
  const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim()
  for (const name of ['sh', 'awk', 'ip', 'mkdir', 'mv', 'rm', 'sha256sum', 'sleep', 'tr'])
    symlinkSync(busybox, join(folder, 'bin', name))
  const heads = ['routes', 'millicores', 'ms a look', 'ms to install', 'MB at rest', 'MB at the peak']
  console.log(heads.map((head) => head.padStart(18)).join(''))
  for (const count of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [2, 2_000, 16_384])
    await measure(folder, count)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
