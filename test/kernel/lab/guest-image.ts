import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../../support/command.ts'
import { program } from '../../support/require.ts'
import { archive, directoryMode, type Entry, fileMode, linkMode, programMode } from './archive.ts'
import { type GuestKernel, modulesInOrder } from './guest-kernel.ts'

/** What a guest takes from this machine, beside the interpreter that runs this. */
const programs = [
  ...['sh', 'busybox', 'ip', 'nft', 'nsenter', 'unshare', 'setpriv', 'mount', 'swanctl', 'charon-systemd'],
  ...[
    'awk',
    'cat',
    'cp',
    'echo',
    'env',
    'find',
    'grep',
    'id',
    'install',
    'mkdir',
    'mv',
    'rm',
    'rmdir',
    'sed',
    'sleep',
    'tr',
    'true',
  ],
]

const folders = ['/etc/strongswan.d', '/usr/lib/ipsec/plugins', '/usr/share/iproute2', '/etc/iproute2']
const files = [
  '/etc/passwd',
  '/etc/group',
  '/etc/protocols',
  '/etc/services',
  '/etc/nsswitch.conf',
  '/usr/lib/ssl/openssl.cnf',
]

/** Programs that busybox stands for. */
const applets = ['ping', 'insmod', 'reboot']

const start = (modules: readonly string[]) => `#!/bin/sh
export PATH=/usr/sbin:/usr/bin HOME=/ LANG=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
busybox ln -s /proc/self/fd /dev/fd
busybox ln -s /proc/self/fd/0 /dev/stdin
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
${modules.map((name) => `insmod /modules/${name}.ko`).join('\n')}
node /guest.cjs >/dev/ttyS1 2>/dev/console </dev/null
reboot -f
`

/** Makes the first file system of a guest out of installed packages, and returns its path; it is made anew only when they change. */
export function guestImage(kernel: GuestKernel): string {
  const entries = [...skeleton(), ...fromMachine()]
  const modules = modulesInOrder(kernel)
  const init = start(modules.map(({ name }) => name))
  const sources = entries.map(({ path, source }) => `${path} ${source === undefined ? '' : stampOf(source)}`)
  const key = createHash('sha256')
    .update(JSON.stringify([kernel, init, sources]))
    .digest('hex')
    .slice(0, 16)
  const file = join(root, 'node_modules', '.cache', 'natplan', `guest-${key}.cpio`)
  if (existsSync(file)) return file
  const data = archive([
    ...entries.map(({ source, ...entry }) => (source === undefined ? entry : { ...entry, data: readFileSync(source) })),
    { path: 'init', mode: programMode, data: Buffer.from(init) },
    { path: 'modules', mode: directoryMode, data: Buffer.alloc(0) },
    ...modules.map((one) => ({ path: `modules/${one.name}.ko`, mode: fileMode, data: one.data })),
  ])
  mkdirSync(dirname(file), { recursive: true })
  // Another run may make the same.
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, data)
  renameSync(temporary, file)
  return file
}

type Sourced = Entry & { readonly source?: string }

function stampOf(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return `${size} ${mtimeMs}`
}

const nothing = Buffer.alloc(0)

function skeleton(): Sourced[] {
  const directories = [
    'usr',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'etc',
    'proc',
    'sys',
    'dev',
    'tmp',
    'run',
    'root',
    'var',
    'mnt',
  ]
  const links = ['bin', 'sbin', 'lib', 'lib64'].map((name) => [name, `usr/${name}`] as const)
  const more = [...applets.map((name) => [`usr/bin/${name}`, 'busybox'] as const), ['var/run', '/run'] as const]
  return [
    ...directories.map((path) => ({ path, mode: directoryMode, data: nothing })),
    ...[...links, ...more].map(([path, target]) => ({ path, mode: linkMode, data: Buffer.from(target) })),
  ]
}

/** Files and the libraries that they are linked with, each below the folder where this machine has it. */
function fromMachine(): Sourced[] {
  const found = [
    ...programs.map((name) => [program(name), `/usr/bin/${name}`] as const),
    [process.execPath, '/usr/bin/node'] as const,
  ]
  const plain = [...files.filter((file) => existsSync(file)), ...folders.flatMap(filesBelow)].map(
    (file) => [file, file] as const,
  )
  const linked = [...found, ...plain.filter(([file]) => file.endsWith('.so'))].flatMap(([file]) =>
    librariesOf(realpathSync(file)),
  )
  const libraries = [...new Set(linked)].map((file) => [file, file] as const)
  const all = new Map([...found, ...plain, ...libraries].map(([source, target]) => [withoutLinks(target), source]))
  return [...parentsOf([...all.keys()]), ...[...all].map(([path, source]) => fileEntry(path, realpathSync(source)))]
}

function fileEntry(path: string, source: string): Sourced {
  return { path, mode: statSync(source).mode & 0o111 ? programMode : fileMode, data: nothing, source }
}

/** `/lib/x` → `usr/lib/x`: the guest has the folders where they are today. */
function withoutLinks(path: string): string {
  return path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/').slice(1)
}

function parentsOf(paths: readonly string[]): Sourced[] {
  const known = new Set(skeleton().map(({ path }) => path))
  const parents = new Set<string>()
  for (const path of paths)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) parents.add(folder)
  const missing = [...parents].filter((folder) => !known.has(folder)).sort()
  return missing.map((path) => ({ path, mode: directoryMode, data: nothing }))
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return entries.filter((file) => lstatSync(file).isFile())
}

function librariesOf(file: string): string[] {
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' })
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? [])
}
