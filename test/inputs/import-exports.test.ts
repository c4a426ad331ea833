import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan, root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const files = join(import.meta.dirname, 'import-files')

/** Texts that are given to one call, by what its result is called. */
const imports: Readonly<Record<string, readonly string[]>> = {
  'cluster.yaml': [
    'clusters/nodes-pods.json',
    'clusters/kubeadm-config.yaml',
    'clusters/ippools.json',
    'clusters/cilium.json',
    'clusters/ip-route.txt',
    'clusters/static-routes.yaml',
  ],
  'node-pools.yaml': ['cloud=clusters/nodes-pods.json', 'clusters/zones.txt', 'clusters/static-routes.yaml'],
  'nodes-alone.yaml': ['cloud=clusters/cilium.json'],
  'aws.yaml': [
    'clouds/aws-vpcs.json',
    'clouds/aws-subnets.json',
    'clouds/aws-route-tables.json',
    'clouds/aws-vpn-connections.json',
    'clouds/aws-vpn-gateways.json',
    'clouds/aws-customer-gateways.json',
  ],
  'aws-connections-alone.yaml': ['clouds/aws-vpcs.json', 'clouds/aws-vpn-connections.json'],
  'aws-reserved.yaml': ['aws=clouds/aws-vpcs.json', 'aws=clouds/aws-subnets.json', '--as', 'reserved'],
  'azure.yaml': [
    'clouds/az-vnets.json',
    'clouds/az-vnet-gateways.json',
    'clouds/az-local-gateways.json',
    'clouds/az-vpn-connections.json',
  ],
  'azure-without-connections.yaml': ['clouds/az-vnets.json', 'clouds/az-local-gateways.json'],
  'google.yaml': [
    'clouds/gcloud-subnets.json',
    'clouds/gcloud-target-vpn-gateways.json',
    'clouds/gcloud-forwarding-rules.json',
    'clouds/gcloud-vpn-tunnels.json',
  ],
  'terraform-state.yaml': ['clouds/terraform-state.json'],
  'terraform-plan.yaml': ['clouds/terraform-plan.json'],
  'terraform-state-file.yaml': ['clouds/terraform.tfstate'],
}

describe('natplan import', () => {
  it('makes of the outputs of kubectl and of clouds what was recorded, and that is a plan', () => {
    const results = Object.entries(imports).map(([name, given]) => {
      const { status, stdout, stderr } = natplan(['import', '--explain', ...given], { cwd: files })
      expect(status).toBe(0)
      expect(natplan(['plan', 'natplan.yaml'], { cwd: temporaryFolder({ 'natplan.yaml': stdout }) })).toMatchObject({
        status: 0,
      })
      // Every key in the files is called so.
      expect(stdout + stderr).not.toContain('EXAMPLEKEY')
      return [name, `${stdout}${stderr.replace(/^/gm, '# ').replace(/# $/, '')}`]
    })
    expectGolden(join(root, 'test', 'golden', 'import-exports'), Object.fromEntries(results))
  })

  it('reads every file there', () => {
    const read = new Set(
      Object.values(imports).flatMap((given) =>
        given.map((one) => one.replace(/^.*=/, '')).filter((one) => one.includes('/')),
      ),
    )
    const there = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
    expect([...read].sort()).toEqual(there.filter((name) => /^cl/.test(name)).sort())
  })
})

describe('an export of 200 MiB', () => {
  /** A shell line's outcome, with the largest memory that natplan used in MiB. */
  function piped(generator: string, args: string) {
    const folder = temporaryFolder({
      'memory.cjs':
        "process.on('exit', () => require('node:fs').writeFileSync('memory', String(process.resourceUsage().maxRSS)))",
      'generate.cjs': generator,
    })
    const command = `"${process.execPath}" generate.cjs | "${process.execPath}" --require ./memory.cjs "${commandFile}" ${args}`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    return { status, stdout, stderr, memory: Number(readFileSync(join(folder, 'memory'), 'utf8')) / 1024 }
  }

  const pods = `
const write = (text) => require('node:fs').writeSync(1, text)
const retry = (text) => { for (;;) try { return write(text) } catch (error) { if (error.code !== 'EAGAIN') throw error } }
retry('{"apiVersion":"v1","items":[')
const annotation = 'x'.repeat(4000)
for (let index = 0; index < 50_000; index++) {
  const podIP = '10.244.' + (index >> 8 & 255) + '.' + (index & 255)
  retry((index ? ',' : '') + JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod-' + index, annotations: { annotation } }, spec: { containers: [] }, status: { phase: 'Running', podIP } }, undefined, 4))
}
retry(',{"kind":"Pod","metadata":{"name":"kcm"},"spec":{"hostNetwork":true,"containers":[{"command":["x","--cluster-cidr=10.244.0.0/16"]}]}}],"kind":"List"}')
`

  it('is read in little memory', { timeout: 180_000 }, () => {
    const { status, stdout, stderr, memory } = piped(pods, 'import cloud=-')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('podSubnets: [ 10.244.0.0/16 ]')
    expect(memory).toBeLessThan(220)
  })

  it('of one object is refused in little memory', { timeout: 180_000 }, () => {
    const generator = `const x = 'x'.repeat(65536); const fs = require('node:fs')
process.stdout.on('error', () => process.exit())
process.stdout.write('{"apiVersion":"v1","kind":"List","items":[{"a":"')
let left = 3200; const more = () => { while (left-- > 0) if (!process.stdout.write(x)) return process.stdout.once('drain', more) }; more()`
    const { status, stderr, memory } = piped(generator, 'import cloud=-')
    expect(status).toBe(1)
    expect(stderr).toContain('INPUT_TOO_LARGE standard input:1: a value has more than 32 MiB')
    expect(memory).toBeLessThan(300)
  })
})

/** What a tool of this machine prints; `undefined` where it is not there. */
function outputOf(tool: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(tool, args, { encoding: 'utf8' })
  return status === 0 && stdout.length > 3 ? stdout : undefined
}

const kubectl = ['create', 'configmap', 'static-routes', '--from-literal=routes=["192.168.1.0/24"]', '--dry-run=client']
const link: [string, ...string[]] = ['unshare', '-rn', 'sh', '-c']
const addresses =
  'ip link add in0 type veth peer name in1; ip link set in1 up; ip addr add 10.1.2.10/26 dev in0; ip link set in0 up; ip route add 10.0.0.0/8 via 10.1.2.1'

/** What a command line prints, and what the plan of it says. */
const printed: readonly (readonly [string, string | undefined, string])[] = [
  ['kubectl -o json', outputOf('kubectl', ...kubectl, '-o', 'json'), 'subnets: [ 192.168.1.0/24 ]'],
  ['kubectl -o yaml', outputOf('kubectl', ...kubectl, '-o', 'yaml'), 'subnets: [ 192.168.1.0/24 ]'],
  ['ip route', outputOf(...link, `${addresses}; ip route`), 'subnets: [ 10.1.2.0/26 ]'],
  ['ip -j route', outputOf(...link, `${addresses}; ip -j route`), 'subnets: [ 10.1.2.0/26 ]'],
  ['ip of BusyBox', outputOf(...link, `${addresses}; busybox ip route`), 'subnets: [ 10.1.2.0/26 ]'],
]

describe('what real tools print', () => {
  for (const [tool, input, wanted] of printed) {
    it.skipIf(input === undefined)(`${tool} is understood${input ? '' : ' (skipped: it cannot be run here)'}`, () => {
      const { status, stdout } = natplan(['import', 'cloud=-'], { input: input ?? '' })
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(wanted) })
    })
  }
})
