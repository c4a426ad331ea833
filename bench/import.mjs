// How long `natplan import` takes, whole process: a table of 10,000 branches, 200 MB of what kubectl prints, and a plan that includes the table.
// Wall time, CPU time, peak memory and the ratio to `node -e 0` of the same run, medians of the rounds.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 3)
const branches = 10_000
const listBytes = 200 * 1024 * 1024
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))
const fileIn = (name) => join(folder, name)

function writeTable() {
  const row = (index) => {
    const [high, low] = [index >> 8, index & 255]
    return `Branch ${index};10.${high}.${low}.0/24;192.168.178.0/24;20.1.${high}.${low};VyOS 1.4.2;eth0;headquarters\n`
  }
  const rows = Array.from({ length: branches }, (_, index) => row(index))
  const head = 'Branch;LAN;Reserved;WAN IP;Platform;WAN interface;Hub\n'
  const hub = 'headquarters;172.30.0.0/24;;20.2.0.1;VyOS 1.4.2;eth0;\n'
  writeFileSync(fileIn('branches.csv'), `${head}${hub}${rows.join('')}`)
  writeFileSync(
    fileIn('natplan.yaml'),
    `version: 1
include:
  - table: branches.csv
    columns: { site: Branch, subnets: LAN, outside: WAN IP, platform: Platform, interface: WAN interface, peer: Hub }
sites: {}
defaults:
  gateway: { inside: { interface: eth1 } }
`,
  )
}

/** A pod as kubectl prints one, with what makes it long. */
function pod(index) {
  const name = `pod-${index}`
  const address = `10.244.${(index >> 8) & 255}.${index & 255}`
  const environment = Array.from({ length: 30 }, (_, at) => ({
    name: `SETTING_${at}`,
    value: `value ${at} of ${name}`,
  }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name }, uid: `0000-${index}` },
    spec: {
      nodeName: 'worker-1',
      containers: [{ name: 'main', image: 'registry.example.net/app:1', env: environment }],
    },
    status: { phase: 'Running', hostIP: '10.0.1.5', podIP: address, podIPs: [{ ip: address }] },
  }
}

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'worker-1' },
  spec: { podCIDR: '10.244.0.0/16' },
  status: { addresses: [{ type: 'InternalIP', address: '10.0.1.5' }] },
}

function writeList() {
  const file = openSync(fileIn('pods.json'), 'w')
  let size = writeSync(file, `{"apiVersion":"v1","kind":"List","items":[${JSON.stringify(node, null, 4)}`)
  for (let index = 0; size < listBytes; index++) size += writeSync(file, `,\n${JSON.stringify(pod(index), null, 4)}`)
  writeSync(file, ']}\n')
  closeSync(file)
}

const rows = {
  'node -e 0': ['-e', '0'],
  '10,000 branches': [command, 'import', 'branches.csv'],
  'with --explain': [command, 'import', 'branches.csv', '--explain'],
  '200 MB of kubectl': [command, 'import', 'cloud=pods.json'],
  'included in a plan': [command, 'plan', '--output', 'json'],
}

try {
  writeTable()
  writeList()
  const runs = Object.fromEntries(Object.keys(rows).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(rows)) runs[name].push(timed(args, { cwd: folder }))
  }
  const medianOf = (name, key) => median(runs[name].map((run) => run[key]))
  const base = medianOf('node -e 0', 'seconds')
  console.log(
    `                     seconds      CPU  peak MB   ratio   (medians of ${rounds}; must at 10,000 branches: 3 s)`,
  )
  for (const name of Object.keys(rows)) {
    const [seconds, cpu, megabytes] = ['seconds', 'cpu', 'megabytes'].map((key) => medianOf(name, key))
    const cells = [seconds.toFixed(2), cpu.toFixed(2), megabytes.toFixed(0), (seconds / base).toFixed(1)]
    console.log(`${name.padEnd(19)}${cells.map((cell) => cell.padStart(9)).join('')}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
