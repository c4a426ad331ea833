// How long the route agent takes over 2,000 routes, with BusyBox and with iproute2, in a network namespace of its own (root, veth links).
// `once` is one look: the first installs all routes, the others find nothing to do.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../packages/templates/src/kubernetes/agent/route-agent.sh', import.meta.url))
const count = Number(process.argv[2] ?? 2_000)
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))
const routes = Array.from({ length: count }, (_, i) => `172.${16 + (i >> 12)}.${(i >> 4) & 255}.${(i & 15) * 16}/28`)

const steps = `set -e
ip link add node0 type veth peer name gate0
ip address add 10.1.2.5/24 dev node0
ip link set node0 up
ip link set gate0 up
ip route add 10.0.0.0/8 via 10.1.2.1
export NATPLAN_ROUTES_FILE=${folder}/routes NATPLAN_STATE_DIR=${folder}/state NATPLAN_PRIVATE_NETWORK=10.0.0.0/8
look() { before=$(date +%s%N); PATH="$1" $2 ${script} once >/dev/null; after=$(date +%s%N); echo $(((after - before) / 1000000)); }
for round in 1 2 3 4; do look "$1" "$2"; done
`

function which(name) {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
  if (!stdout) throw new Error(`${name} is needed`)
  return stdout.trim()
}

try {
  writeFileSync(join(folder, 'routes'), JSON.stringify(routes))
  const busybox = join(folder, 'busybox')
  mkdirSync(busybox)
  for (const name of ['awk', 'ip', 'mkdir', 'mv', 'rm', 'sleep', 'tr', 'cat'])
    symlinkSync(which('busybox'), join(busybox, name))
  const toolboxes = {
    'BusyBox ash and ip': [busybox, `${which('busybox')} sh`],
    'dash and iproute2': [process.env.PATH, which('dash')],
  }
  console.log(`${count} routes, milliseconds for one look`)
  for (const [name, [path, shell]] of Object.entries(toolboxes)) {
    rmSync(join(folder, 'state'), { recursive: true, force: true })
    mkdirSync(join(folder, 'state'))
    const ran = spawnSync('unshare', ['--net', 'sh', '-c', steps, 'sh', path, shell], { encoding: 'utf8' })
    if (ran.status !== 0) throw new Error(ran.stderr + ran.stdout)
    const [install, ...rests] = ran.stdout.trim().split('\n').map(Number)
    console.log(`${name.padEnd(20)} install all ${install}, at rest ${Math.min(...rests)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
