import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../../support/command.ts'

/** A kernel to start a guest with, and its modules. */
export interface GuestKernel {
  readonly image: string
  readonly modules: string
}

/** Where Debian's linux-image-cloud-amd64 is: installed, or unpacked by .ci/run. */
const places = [join(root, '.cache', 'kernel'), '/']

/** The newest of Debian's cloud kernels, or `undefined` where there is none. */
export function findGuestKernel(): GuestKernel | undefined {
  return places.flatMap(kernelsBelow)[0]
}

function kernelsBelow(place: string): GuestKernel[] {
  const folder = join(place, 'lib/modules')
  const versions = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('-cloud-amd64')) : []
  return versions
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => ({ image: join(place, 'boot', `vmlinuz-${version}`), modules: join(folder, version, 'kernel') }))
    .filter(({ image }) => existsSync(image))
}

/** What a laboratory needs of the kernel where it is not built in. */
const wanted = [
  ...['esp4', 'xfrm_user', 'gcm', 'ghash-generic', 'ctr', 'seqiv', 'authenc', 'echainiv', 'sha512_generic', 'drbg'],
  ...[
    'veth',
    'overlay',
    'nf_tables',
    'nf_conntrack',
    'nft_chain_nat',
    'nft_nat',
    'nft_ct',
    'nft_masq',
    'nft_xfrm',
    'nft_objref',
    'nft_redir',
    'nft_fib_inet',
    'nft_reject_inet',
    'xfrm_interface',
    'vrf',
  ],
]

/** The modules that are wanted and those that they need, in an order in which they load. */
export function modulesInOrder({ modules }: GuestKernel): { readonly name: string; readonly data: Buffer }[] {
  const files = new Map(
    readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ko'))
      .map((file) => [canonical(basename(file, '.ko')), join(modules, file)] as const),
  )
  const loaded = new Map<string, { readonly name: string; readonly data: Buffer }>()
  const load = (name: string) => {
    const file = files.get(name)
    if (file === undefined || loaded.has(name)) return
    const data = readFileSync(file)
    for (const needed of dependencies(data)) load(needed)
    loaded.set(name, { name, data })
  }
  for (const name of wanted) load(canonical(name))
  return [...loaded.values()]
}

function canonical(name: string): string {
  return name.replaceAll('-', '_')
}

/** A module says itself what it needs: `depends=a,b` in its section .modinfo. */
function dependencies(data: Buffer): string[] {
  const start = data.indexOf('\0depends=') + 1
  if (start === 0) return []
  const text = data.toString('latin1', start + 'depends='.length, data.indexOf(0, start))
  return text.split(',').flatMap((name) => (name === '' ? [] : canonical(name)))
}
