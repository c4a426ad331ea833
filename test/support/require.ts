import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'vitest'
import type { NodeOfLine } from './nodes.ts'

/** The Debian package of a program that a kernel test may need. */
const packages: Readonly<Record<string, string>> = {
  bash: 'bash',
  busybox: 'busybox',
  chromium: 'chromium',
  dash: 'dash',
  dnsmasq: 'dnsmasq-base',
  etcd: 'etcd-server',
  kubectl: 'kubernetes-client',
  ip: 'iproute2',
  mount: 'mount',
  named: 'bind9',
  'named-checkconf': 'bind9-utils',
  nft: 'nftables',
  ping: 'iputils-ping',
  'qemu-system-x86_64': 'qemu-system-x86',
  nsenter: 'util-linux',
  python3: 'python3-minimal',
  setpriv: 'util-linux',
  'charon-systemd': 'charon-systemd',
  shellcheck: 'shellcheck',
  swanctl: 'strongswan-swanctl',
  tcpdump: 'tcpdump',
  unbound: 'unbound',
  'unbound-checkconf': 'unbound',
  unshare: 'util-linux',
  vtysh: 'frr',
}

/** Programs that no distribution has to have: CONTRIBUTING.md says how to build them. An environment variable may say where each is. */
const built: Readonly<Record<string, string>> = {
  coredns: 'NATPLAN_COREDNS',
  'kube-apiserver': 'NATPLAN_KUBE_APISERVER',
  'kube-controller-manager': 'NATPLAN_KUBE_CONTROLLER_MANAGER',
}

/** Returns the path of a program, looked for where root's programs are even if PATH leaves that out. */
function findProgram(name: string): string | undefined {
  const told = process.env[built[name] ?? '']
  if (told) return isExecutable(told) ? told : undefined
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Returns the path of a program that the caller's suite has required. */
export function program(name: string): string {
  const path = findProgram(name)
  if (path === undefined) throw new Error(`lacks ${describeProgram(name)}`)
  return path
}

function describeProgram(name: string): string {
  const variable = built[name]
  if (variable !== undefined) return `program ${name} (in PATH or named by ${variable}; see CONTRIBUTING.md)`
  return `program ${name} (Debian package ${packages[name] ?? name})`
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function lacksPrograms(names: readonly string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined).map(describeProgram)
}

let namespaceLacks: readonly string[] | undefined

function lacksNamespaces(): readonly string[] {
  namespaceLacks ??= findNamespaceLacks()
  return namespaceLacks
}

function findNamespaceLacks(): string[] {
  if (process.getuid?.() !== 0) return ['root']
  const programs = lacksPrograms(['ip', 'nsenter', 'setpriv', 'unshare'])
  if (programs.length > 0) return programs
  const probe = 'ip link add natplan0 type veth peer name natplan1'
  const tried = spawnSync(program('unshare'), ['--net', '--mount', 'sh', '-c', probe], { encoding: 'utf8' })
  return tried.status === 0 ? [] : [`network and mount namespaces with veth links (${tried.stderr.trim()})`]
}

type Suite = (name: string, body: () => void) => void

/**
 * Returns a `describe` for tests that need `what`. If something is lacking the suite is skipped and its name and a
 * line on standard error say what; if NATPLAN_REQUIRE names `what`, the lack is a failing test instead.
 */
function suiteFor(what: string, lacks: readonly string[]): Suite {
  if (lacks.length === 0) return (name, body) => describe(name, body)
  const reason = `lacks ${lacks.join(', ')}`
  const required = (process.env['NATPLAN_REQUIRE'] ?? '').split(',').includes(what)
  return (name, body) => {
    if (required) {
      describe(name, () => {
        it(`needs what NATPLAN_REQUIRE=${what} promises`, () => {
          throw new Error(reason)
        })
      })
      return
    }
    process.stderr.write(`natplan: skipped: ${name}: ${reason}\n`)
    describe.skip(`${name} (skipped: ${reason})`, body)
  }
}

/** A `describe` for tests in network namespaces that also need these programs. */
export function requireKernel(...programs: readonly string[]): Suite {
  return suiteFor('kernel', [...lacksNamespaces(), ...lacksPrograms(programs)])
}

/** A `describe` for tests that need programs which come with what continuous integration installs for the kernel tests. */
export function requirePrograms(...programs: readonly string[]): Suite {
  return suiteFor('kernel', lacksPrograms(programs))
}

/** What gateways of the laboratory are made of, wherever it runs. */
const gatewayPrograms = ['ip', 'mount', 'nft', 'nsenter', 'setpriv', 'unshare', 'swanctl', 'charon-systemd']

/** A `describe` for the laboratory: with ESP in the kernel it needs root; without, a virtual machine with a kernel that has it. */
export function requireLab({ hasEsp, hasKernel }: { readonly hasEsp: boolean; readonly hasKernel: boolean }): Suite {
  if (hasEsp) return requireKernel(...gatewayPrograms, 'ping')
  const kernel = hasKernel ? [] : ["a kernel with ESP, this machine's or that of Debian's linux-image-cloud-amd64"]
  return suiteFor('kernel', [...lacksPrograms([...gatewayPrograms, 'busybox', 'qemu-system-x86_64']), ...kernel])
}

/** A `describe` for tests against a real API server with its controllers; no node, no kubelet. */
export function requireCluster(): Suite {
  return suiteFor('cluster', lacksPrograms(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl']))
}

/** A `describe` for tests in a real browser. */
export function requireBrowser(): Suite {
  return suiteFor('browser', lacksPrograms(['chromium']))
}

/** A `describe` for tests with programs that nobody has to have: where one is lacking they are skipped, and say so. */
export function wherePrograms(...programs: readonly string[]): Suite {
  return suiteFor('nothing', lacksPrograms(programs))
}

/** A `describe` for tests with a Node.js of every line that natplan runs on. */
export function requireNodes(nodes: readonly NodeOfLine[]): Suite {
  return suiteFor(
    'nodes',
    nodes.flatMap(({ lacks }) => lacks ?? []),
  )
}
